"""Value and derivative of well-known functions on a million doubles against torch, one thread.

torch computes the value, and the derivative in closed form through its backward kernel; the ones
that it starts from are made beforehand. Here it is `value_and_derivative`, which `table` asks. Both
make what they return anew in every call, a million doubles of value and of derivative, in memory
that earlier calls have left behind: what the first touch of a page costs is in neither, for the
allocator keeps it or gives it back by whoever ran before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import exp, log
from typing import Any

import numpy as np

from actcli.find import find
from tests.benchmarks.pairs import Row, in_turns, own_time

POINTS = 1_000_000
SETTLED = 10
"""Calls after which the allocator asks for no more memory."""


def rows() -> Iterator[Row]:
    import torch

    torch.set_num_threads(1)
    functional = torch.nn.functional
    known = {
        "relu": functional.relu,
        "relu6": functional.relu6,
        "leaky_relu": functional.leaky_relu,
        "elu": functional.elu,
        "selu": functional.selu,
        "celu": functional.celu,
        "softplus": functional.softplus,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "hardtanh": functional.hardtanh,
        "hardsigmoid": functional.hardsigmoid,
        "hardswish": functional.hardswish,
        "silu": functional.silu,
        "gelu": functional.gelu,
        "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
        "mish": functional.mish,
        "softsign": functional.softsign,
        "logsigmoid": functional.logsigmoid,
        "hardshrink": functional.hardshrink,
        "tanhshrink": functional.tanhshrink,
    }
    x = np.random.default_rng(0).normal(0, 3, POINTS)
    tensor = torch.from_numpy(x)
    ones = torch.ones_like(tensor)
    logs = []

    def theirs(function: Callable[[Any], Any]) -> None:
        function(tensor.detach().requires_grad_()).backward(ones)

    for _ in range(SETTLED):
        find("relu").value_and_derivative(x)
        theirs(functional.relu)
    for name, function in known.items():
        activation = find(name)
        row = in_turns(
            f"{name}, value and derivative",
            own_time(partial(activation.value_and_derivative, x)),
            own_time(partial(theirs, function)),
            1.5,
        )
        logs.append(log(row.ours / row.theirs))
        yield row
    yield Row("geometric mean of the ratios", exp(sum(logs) / len(logs)), 1.0, 0.9)
