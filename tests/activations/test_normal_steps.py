"""The normal distribution and gelu's slope from tables, against mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from actcli.activations.gated.normal_steps import END, START, norm_cdf_and_gelu_slope
from actcli.numeric.arrays import Array
from tests.oracle import ulps

NODES = np.arange(START * 512, END * 512, 51) / 512
BETWEEN = np.random.default_rng(0).uniform(START, END, 300)
HALFWAY = np.nextafter(NODES + 0.5 / 512, 0)
CANCELS = 0.01
"""How close to its root the slope is left to a series."""


def from_tables(x: Array) -> tuple[Array, Array]:
    cdf, slope = np.empty_like(x), np.empty_like(x)
    norm_cdf_and_gelu_slope(x, cdf, slope)
    return cdf, slope


@pytest.mark.parametrize(
    ("points", "most"),
    [(NODES, 0.7), (BETWEEN, 2.0), (HALFWAY, 2.0)],
    ids=["nodes", "between", "halfway"],
)
def test_gate_and_slope(points: Array, most: float) -> None:
    with mp.workdps(40):
        for x, cdf, slope in zip(points.tolist(), *from_tables(points), strict=True):
            exact = mp.mpf(x)
            gate = mp.erfc(-exact / mp.sqrt(2)) / 2
            assert ulps(float(cdf), gate) <= most, x
            bell = mp.exp(-exact * exact / 2) / mp.sqrt(2 * mp.pi)
            if abs(x + 0.7518) > CANCELS:
                assert ulps(float(slope), gate + exact * bell) <= most, x


def test_beyond_the_tables_both_are_1() -> None:
    assert all((column == 1).all() for column in from_tables(np.array([9.0, 40.0, np.inf])))


def test_nan_stays_nan() -> None:
    assert all(np.isnan(column).all() for column in from_tables(np.array([np.nan, -np.nan])))
