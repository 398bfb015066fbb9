"""Sampling that follows the curve: straight between its points, open at its jumps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from actcli.activations.base import Activation
from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.functions.plotting.curve import Trace, between, trace
from actcli.functions.plotting.plot_range import window


def followed(text: str, low: float, high: float, **options: Any) -> Trace:
    return trace(find(text), low, high, **options)


@pytest.mark.parametrize("cls", catalogue().values(), ids=str)
def test_the_chords_are_as_good_as_the_curve(cls: type[Activation]) -> None:
    """Nowhere is the polyline a fiftieth of the height, half a line of 24, off the function."""
    act = cls()
    low, high = window([act])
    path = trace(act, low, high)
    x = np.setdiff1d(np.linspace(low, high, 20_001), path.x)
    for drawn, exact in ((path.value, act.value(x)), (path.derivative, act.derivative(x))):
        bottom, top = path.frame
        off = np.abs(
            np.clip(np.interp(x, path.x, drawn), bottom, top) - np.clip(exact, bottom, top)
        )
        assert off.max() <= (top - bottom) / 50


def test_the_points_are_true() -> None:
    act = find("gelu")
    path = trace(act, -6, 6)
    assert np.all(np.diff(path.x) > 0)
    assert np.array_equal(path.value, act.value(path.x))
    assert np.array_equal(path.derivative, act.derivative(path.x))


def test_a_jump_is_torn_between_neighbouring_doubles() -> None:
    path = followed("relu", -6, 6)
    assert not path.torn[0].any()
    [tear] = np.flatnonzero(path.torn[1])
    assert (path.x[tear], path.x[tear + 1]) == (0.0, 5e-324)
    x, y = path.derivative_with_gaps
    assert np.isnan(y).sum() == 1
    assert np.all(np.diff(x) >= 0)


def test_a_jump_that_nobody_declared_is_found() -> None:
    path = followed("floor(x + 0.3)", -2, 2)
    tears = path.x[:-1][path.torn[0]]
    assert np.allclose(tears, [-1.3, -0.3, 0.7, 1.7], atol=1e-8)


def test_poles_are_torn_and_framed() -> None:
    path = followed("tan(x)", -6, 6)
    tears = path.x[:-1][path.torn[0]]
    assert np.allclose(tears, np.array([-3, -1, 1, 3]) * math.pi / 2, atol=1e-8)
    assert -40 < path.frame[0] < -4
    assert 4 < path.frame[1] < 40


def test_a_steep_function_is_not_torn() -> None:
    path = followed("sigmoid(1e6*x)", -6, 6, derivative=False)
    assert not path.torn[0].any()
    assert np.ptp(path.value[np.abs(path.x) < 1e-5]) > 0.99


def test_a_narrow_peak_is_in_the_frame() -> None:
    path = followed("exp(-1000*x**2)", -6, 6, derivative=False)
    assert path.frame[1] == pytest.approx(1, abs=0.1)


def test_a_steep_derivative_does_not_dwarf_the_function() -> None:
    low, high = followed("sigmoid(50*x)", -0.4, 0.4).frame
    assert high - low < 3


def test_a_derivative_is_always_in_sight() -> None:
    low, high = followed("x - 100", -6, 6).frame
    assert low < -106
    assert high > 1


def test_a_logarithm_follows_what_is_positive() -> None:
    path = followed("exp(x)", -50, 50, derivative=False, log=True)
    assert path.frame[0] < math.exp(-50)
    assert path.frame[1] > math.exp(50)


@pytest.mark.parametrize(
    ("low", "high"), [(-1.7e308, 1.7e308), (0.0, 5e-324), (1.0, math.nextafter(1, 2))]
)
def test_any_two_doubles_have_points_between_them(low: float, high: float) -> None:
    x = between(low, high, 320)
    assert (x[0], x[-1]) == (low, high)
    assert np.all(np.diff(x / 4) >= 0)
    assert followed("x", low, high).x[-1] == high


@pytest.mark.parametrize("text", ["3", "sqrt(-1-x**2)", "1e300*x", "exp(exp(x))", "sin(1e6*x)"])
def test_a_frame_is_a_range_of_finite_numbers(text: str) -> None:
    path = followed(text, -6, 6)
    assert -math.inf < path.frame[0] < path.frame[1] < math.inf
    assert path.x.size <= 6000
