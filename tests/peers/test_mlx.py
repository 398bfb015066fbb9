"""MLX's activations against our table; in single precision, all that it has."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from tests.peers.agreement import GRID, Array, Peer, calls, check, check_call, imported, known

nn = imported("mlx.nn")
mlx = imported("mlx")
core = imported("mlx.core")

SINGLE = 3e-7


def peer(function: Any) -> Peer:
    def called(x: Array) -> tuple[Array, None]:
        return np.asarray(function(core.array(x.astype(np.float32))), np.float64), None

    return called


def named(name: str) -> Any:
    if name == "prelu":
        return lambda x: nn.prelu(x, core.array(0.25))
    return getattr(nn, name)() if name[0].isupper() else getattr(nn, name)


@pytest.mark.parametrize("name", FRAMEWORKS["mlx"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("mlx", name, peer(named(name)), within=SINGLE)


@pytest.mark.parametrize(("activation", "call"), calls("mlx"))
def test_what_is_called_is_the_function(activation: Named, call: str) -> None:
    x = core.array(GRID.astype(np.float32))
    found = eval(call, {"mlx": mlx, "x": x})
    check_call(activation, np.asarray(found if "(x" in call else found(x), np.float64), 5 * SINGLE)


def test_no_name_is_missing() -> None:
    activations = imported("mlx.nn.layers.activations")
    said = {name for name, it in vars(activations).items() if inspect.isclass(it)}
    assert said - {"Module", "Any", "partial"} <= known("mlx")
