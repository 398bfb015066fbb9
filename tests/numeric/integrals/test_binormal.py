"""Means over correlated pairs, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actcli.numeric.arrays import Array
from actcli.numeric.integrals.binormal import mean_product
from actcli.numeric.normal import erf

CORRELATIONS = (-1, -0.999, -0.5, 0, 0.3, 0.9, 0.9999, 1 - 1e-8, 1 - 1e-12, 1)
SPREADS = (1e-6, 0.3, 1.0, 100.0)

each_case = pytest.mark.parametrize(
    ("q", "c"), [(q, c) for q in SPREADS for c in CORRELATIONS], ids=lambda v: f"{v:.13g}"
)


@each_case
def test_relu(q: float, c: float) -> None:
    exact = q * (math.sqrt(1 - c * c) + c * (math.pi - math.acos(c))) / (2 * math.pi)
    assert mean_product(lambda x: np.maximum(x, 0), q, c, [0]) == pytest.approx(
        exact, rel=1e-12, abs=1e-12 * q
    )


@each_case
def test_sin(q: float, c: float) -> None:
    exact = math.exp(-q) * math.sinh(q * c)
    assert mean_product(np.sin, q, c) == pytest.approx(exact, abs=1e-12 * min(1, q))


@each_case
def test_erf(q: float, c: float) -> None:
    exact = 2 / math.pi * math.asin(2 * q * c / (1 + 2 * q))
    assert mean_product(erf, q, c) == pytest.approx(exact, abs=1e-12 * min(1, q))


@each_case
def test_sign(q: float, c: float) -> None:
    assert mean_product(np.sign, q, c, [0]) == pytest.approx(2 / math.pi * math.asin(c), abs=1e-12)


@each_case
def test_a_step_elsewhere_and_its_mirror(q: float, c: float) -> None:
    """1(x > a) + 1(x < -a) - P is uncorrelated at c = 0 and the same at c and -c."""
    a = 0.7 * math.sqrt(q)
    share = math.erfc(0.7 / math.sqrt(2))

    def g(x: Array) -> Array:
        return np.where(np.abs(x) > a, 1 - share, -share)

    there = mean_product(g, q, c, [-a, a])
    assert there == pytest.approx(mean_product(g, q, -c, [-a, a]), abs=1e-12)
    if c == 0:
        assert there == pytest.approx(0, abs=1e-12)
