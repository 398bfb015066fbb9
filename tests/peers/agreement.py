"""What is asked of every framework: does each of its names mean what our table says?"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from actcli.activations.frameworks import FRAMEWORKS, spellings
from actcli.activations.registry import Named
from actcli.find import find
from tests.activations.known import kinks
from tests.activations.test_accuracy import variants

Array = NDArray[np.float64]
Peer = Callable[[Array], tuple[Array, Array | None]]
"""The framework's function: its values and, where it differentiates, its derivatives."""

GRID = np.linspace(-8, 8, 513)
"""Exact in single precision too."""


def imported(name: str) -> ModuleType:
    """The framework, or the test is skipped; what it warns of on import is its own affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module: ModuleType = pytest.importorskip(name, exc_type=ImportError)
    return module


def check(key: str, name: str, peer: Peer, within: float = 1e-14, params: str = "") -> None:
    """Values on a grid, and the derivative at every kink: theirs against ours and our table."""
    ours = find(f"{key}.{name}{params}")
    values, _ = peer(GRID)
    expected = ours.value(GRID)
    finite = np.isfinite(expected)
    assert_allclose(values[~finite], expected[~finite], err_msg=name)
    error = within * np.maximum(1 + np.abs(GRID), np.abs(expected))[finite]
    assert np.all(np.abs(values[finite] - expected[finite]) <= error), name
    there: Any = FRAMEWORKS[key].slopes.get(getattr(ours, "name", ""), {}) if not params else {}
    places = np.array(sorted({*kinks(ours), *there}))
    if places.size:
        _, slopes = peer(places)
        expected = np.array([there.get(x, float(ours.derivative(x))) for x in places.tolist()])
        if slopes is not None:
            assert_allclose(slopes, expected, rtol=0, atol=within, err_msg=f"{name} at {places}")


def known(key: str) -> set[str]:
    """All names that our table has."""
    framework = FRAMEWORKS[key]
    vectors = {name for row in framework.not_elementwise.values() for name in row.split()}
    return vectors | {one.name for one in framework.signatures}


def calls(key: str) -> list[Any]:
    """What `info` says is called there, with the activation that it should be."""
    return [
        pytest.param(activation, call, id=f"{activation} {call}")
        for activation in variants()
        for spelling in spellings(activation)
        if spelling.framework == key
        for call in spelling.calls
    ]


def check_call(activation: Named, values: Any, within: float = 1e-14) -> None:
    """Whether the values of what is called there on the grid are the activation's."""
    expected = activation.value(GRID)
    error = within * np.maximum(1 + np.abs(GRID), np.abs(expected))
    assert np.all(np.abs(np.asarray(values) - expected) <= error)
