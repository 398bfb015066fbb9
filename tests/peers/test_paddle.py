"""PaddlePaddle's activations against our table."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from tests.peers.agreement import GRID, Array, Peer, calls, check, check_call, imported, known

paddle = imported("paddle")
functional = paddle.nn.functional


SINGLE = 3e-7
"""Parameters are kept in single precision, and a few kernels compute in it."""


def peer(function: Any) -> Peer:
    def called(x: Array) -> tuple[Array, Array]:
        at = paddle.to_tensor(x, dtype="float64", stop_gradient=False)
        values = function(at)
        (slopes,) = paddle.grad(values.sum(), at)
        return np.asarray(values), np.asarray(slopes)

    return called


@pytest.fixture(autouse=True)
def double_precision() -> None:
    paddle.set_default_dtype("float64")


def named(name: str) -> Any:
    if name == "prelu":
        return lambda x: functional.prelu(x, paddle.to_tensor([0.25], "float64"))
    if name == "rrelu":
        return lambda x: functional.rrelu(x, training=False)
    return getattr(functional, name) if hasattr(functional, name) else layer(name)


def layer(name: str) -> Any:
    found = getattr(paddle.nn, name)()
    found.eval()
    return found


@pytest.mark.parametrize("name", FRAMEWORKS["paddle"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("paddle", name, peer(named(name)), within=SINGLE)


@pytest.mark.parametrize(("activation", "call"), calls("paddle"))
def test_what_is_called_is_the_function(activation: Named, call: str) -> None:
    x = paddle.to_tensor(GRID)
    found = eval(call.replace("rrelu(x", "rrelu(x, training=False"), {"paddle": paddle, "x": x})
    if "(x" not in call:
        found.eval()
        found = found(x)
    check_call(activation, found.numpy(), SINGLE)


def test_no_name_is_missing() -> None:
    layers = imported("paddle.nn.layer.activation")
    classes = {name for name, cls in vars(layers).items() if inspect.isclass(cls)}
    assert {name for name in classes if name.lower().endswith(("elu", "oid"))} <= known("paddle")
