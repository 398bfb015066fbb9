"""The tables of the normal tail and density, and what is made of them, against mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from actcli.activations.gated.normal_steps import END, norm_tail_and_pdf
from tests.oracle import ulps

NODES = np.arange(0, int(END * 512), 61) / 512
BETWEEN = np.random.default_rng(0).uniform(0, END, 300)
HALFWAY = np.nextafter(NODES + 0.5 / 512, 0)


@pytest.mark.parametrize(
    ("points", "most"),
    [(NODES, 0.7), (BETWEEN, 2.0), (HALFWAY, 2.0)],
    ids=["nodes", "between", "halfway"],
)
def test_tail_and_density(points: np.ndarray, most: float) -> None:
    with mp.workdps(40):
        tails, densities = norm_tail_and_pdf(points)
        for x, tail, density in zip(points.tolist(), tails, densities, strict=True):
            exact = mp.mpf(x)
            assert ulps(float(tail), mp.erfc(exact / mp.sqrt(2)) / 2) <= most, x
            bell = mp.exp(-exact * exact / 2) / mp.sqrt(2 * mp.pi)
            assert ulps(float(density), bell) <= most, x


def test_nan_stays_nan() -> None:
    tail, density = norm_tail_and_pdf(np.array([np.nan, -np.nan]))
    assert np.isnan(tail).all()
    assert np.isnan(density).all()
