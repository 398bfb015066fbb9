"""The root mean square of a difference, against closed forms and quadrature in mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from flint import arb
from mpmath import mp, mpf

from actcli.find import find
from actcli.structure.differences.apart import Apart

Function = Callable[[Any], Any]
WIDEST = (-1.7e308, 1.7e308)


def found(f: str, g: str, low: float = -10.0, high: float = 10.0, seconds: float = 2.0) -> Any:
    return Apart(find(f), find(g)).root_mean_square(low, high, seconds)


def holds(ball: arb, true: Any, precision: float = 1e-13) -> bool:
    """Whether a ball holds a number, which is known to 25 digits, and is narrow beside it."""
    middle, radius = (mpf(part.str(40, radius=False)) for part in (ball.mid(), ball.rad()))
    return bool(abs(middle - true) <= radius + true * mpf(10) ** -22 and radius <= precision * true)


def gelu(x: Any) -> Any:
    return x * mp.ncdf(x)


def softplus(x: Any) -> Any:
    return mp.log1p(mp.exp(x))


def silu(x: Any) -> Any:
    return x / (1 + mp.exp(-x))


def gelu_tanh(x: Any) -> Any:
    return x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mpf(0.044715) * x**3)))


def squared(f: Function) -> Function:
    return lambda x: f(mpf(x)) ** 2


@pytest.mark.parametrize(
    ("f", "g", "difference", "low", "high"),
    [
        ("silu", "0", silu, -10.0, 10.0),
        ("gelu", "silu", lambda x: gelu(x) - silu(x), -3.5, 8.0),
        ("tanh", "sigmoid", lambda x: mp.tanh(x) - 1 / (1 + mp.exp(-x)), -10.0, 10.0),
        ("softplus", "relu", lambda x: softplus(-abs(x)), -10.0, 10.0),
        ("gelu", "gelu_tanh", lambda x: gelu(x) - gelu_tanh(x), -10.0, 10.0),
        ("sin(exp(x))", "0", lambda x: mp.sin(mp.exp(x)), -2.0, 3.0),
        ("sqrt(abs(x))", "x", lambda x: mp.sqrt(abs(x)) - x, -10.0, 10.0),
        ("log(abs(x))", "0", lambda x: mp.log(abs(x)), -1.0, 1.0),
    ],
)
def test_quadrature_agrees(f: str, g: str, difference: Function, low: float, high: float) -> None:
    with mp.workdps(30):
        edges = sorted({low, *(n for n in range(-10, 11) if low < n < high), high})
        true = mp.sqrt(mp.quad(squared(difference), edges) / (mpf(high) - mpf(low)))
        assert holds(found(f, g, low, high), true)


@pytest.mark.parametrize(("low", "high"), [WIDEST, (-1e300, 1e10), (-2e3, 3e5)])
def test_what_is_far_out_counts(low: float, high: float) -> None:
    with mp.workdps(30):
        width = mpf(high) - mpf(low)
        near = mp.quad(squared(lambda x: gelu(-abs(x))), [-40, -3, 0, 3, 40])
        assert holds(found("relu", "gelu", low, high), mp.sqrt(near / width))
        left = mp.sqrt(-(mpf(low) ** 3) / 3 / width)
        assert holds(found("relu", "x", low, high), left)
        squares = 2 * (2 * mp.log(2) - 1)  # (1 - tanh)**2 from 0 to infinity, twice
        assert holds(found("tanh", "sign", low, high), mp.sqrt(squares / width))


@pytest.mark.parametrize(
    ("f", "period", "mean"),
    [
        ("floor(x*256)/256 - x", 1 / 256, lambda: mpf(1) / (3 * 256**2)),
        ("round(x*127)/127 - x", 1 / 127, lambda: mpf(1) / (12 * 127**2)),
        ("sin(100*x)", mp.pi / 50, lambda: mpf(0.5)),
        ("x - floor(x)", 1.0, lambda: mpf(1) / 3),
    ],
)
def test_periods_are_counted(f: str, period: float, mean: Callable[[], Any]) -> None:
    with mp.workdps(30):
        for low, high in ((-1e300, 1e300), WIDEST):
            assert holds(found(f, "0", low, high), mp.sqrt(mean()))
        low, high = -10.0, 3.0 + float(period) / 3
        near = found(f, "0", low, high)
        edge = float(mp.sqrt(mean())) * (1 + float(period) / (high - low))
        assert abs(float(near.mid()) - float(mp.sqrt(mean()))) < edge
        assert near.rel_accuracy_bits() > 40


def test_what_is_left_of_the_last_period_counts() -> None:
    with mp.workdps(30):
        low, high = mpf(-10), mpf(21.3)  # the double
        true = (high - low) / 2 - (mp.sin(200 * high) - mp.sin(200 * low)) / 400
        ball = found("sin(100*x)", "0", -10.0, 21.3)
        assert holds(ball, mp.sqrt(true / (high - low)))
        whole = 31 * mpf(1) / 3 + (high - 21) ** 3 / 3
        assert holds(found("x - floor(x)", "0", -10.0, 21.3), mp.sqrt(whole / (high - low)))


@pytest.mark.parametrize("f", ["1/x", "tan(x)", "abs(x)**-0.5", "1/(x - 1/3)"])
def test_around_a_pole_it_is_infinite(f: str) -> None:
    assert found(f, "x") == arb.pos_inf()


def test_a_pole_that_can_be_integrated() -> None:
    with mp.workdps(30):
        assert holds(found("abs(x)**-0.25", "0"), mp.sqrt(2 / mp.sqrt(10)))


@pytest.mark.parametrize("f", ["sqrt(x)", "log(x)", "sign(x > 1)/sign(x > 1)", "sqrt(1 - x*x)"])
def test_there_is_none_where_a_part_has_no_value(f: str) -> None:
    assert found(f, "0") is None


def test_what_takes_too_long_is_not_known() -> None:
    ball = found("sin(1e5*x)*cos(x*x)", "x*0.1", -1e4, 1e4, seconds=0.1)
    assert math.isnan(float(ball)) or ball.rel_accuracy_bits() < 40
