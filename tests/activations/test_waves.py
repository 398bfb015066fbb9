"""Waves far out and at the roots of their slopes, against mpmath with digits to spare."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from actcli.find import find

DIGITS = 900
"""Enough for a product of the largest doubles, and its turns."""

FAR = (1e16, -1e22, 1e100, -1e290, 1e298, 1.7e308, 123456.789)


def ulps(ours: float, exact: mpf) -> float:
    return float(abs(ours - exact) / float(np.spacing(abs(float(exact)))))


@pytest.mark.parametrize("omega", [0.3, 1.0, 30.0, 1e100, 1e-100])
def test_far_out_every_turn_is_counted(omega: float) -> None:
    x = np.array(FAR)
    with mpmath.workdps(DIGITS):
        phases = [mpf(omega) * mpf(one) for one in FAR]
        waves = [(mpmath.sin(t), mpmath.cos(t)) for t in phases]
        y, dy = find(f"sin:omega={omega!r}").value_and_derivative(x)
        for at, (sin, cos) in enumerate(waves):
            assert ulps(y[at], sin) <= 4
            assert ulps(dy[at], omega * cos) <= 8
        y, dy = find(f"cos:omega={omega!r}").value_and_derivative(x)
        for at, (sin, cos) in enumerate(waves):
            assert ulps(y[at], cos) <= 4
            assert ulps(dy[at], -omega * sin) <= 8
        dy = find(f"snake:alpha={omega!r}").derivative(x)
        for at, t in enumerate(phases):
            assert ulps(dy[at], 1 + mpmath.sin(2 * t)) <= 8


@pytest.mark.parametrize("alpha", [0.3, 1.0, 5.0])
def test_the_slope_of_snake_is_exact_at_its_roots(alpha: float) -> None:
    snake = find(f"snake:alpha={alpha!r}")
    with mpmath.workdps(80):
        for turn in range(-8, 9):
            root = float((2 * turn - mpf(1) / 2) * mpmath.pi / 2 / mpf(alpha))
            for step in (0.0, 1e-15, -1e-12, 1e-9, -1e-6, 1e-3, -0.02):
                x = root + step / alpha
                assert ulps(float(snake.derivative(x)), 1 + mpmath.sin(2 * mpf(alpha) * x)) <= 8


@pytest.mark.parametrize("alpha", [0.3, 1.0, 5.0])
def test_snake_goes_to_infinity_with_its_line(alpha: float) -> None:
    snake, ends = find(f"snake:alpha={alpha}"), np.array([-np.inf, np.inf])
    assert snake.value(ends).tolist() == ends.tolist()
    assert np.isnan(snake.derivative(ends)).all()  # its slope has no limit


def test_where_a_wave_has_no_limit_there_is_no_number() -> None:
    for name in ("sin", "cos", "gcu"):
        both = find(name).value_and_derivative(np.array([-np.inf, np.inf]))
        assert np.isnan(both).all()
