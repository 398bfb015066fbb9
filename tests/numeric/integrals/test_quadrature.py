"""Adaptive integration, on integrals with a known value."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from actcli.numeric.arrays import Array
from actcli.numeric.integrals.quadrature import integrate


def integral(g: Callable[[Array], Array], edges: list[float], tolerance: float = 1e-15) -> float:
    with np.errstate(all="ignore"):
        found = integrate(
            lambda x: (g(x)[np.newaxis], np.abs(g(x))[np.newaxis]), np.array(edges), tolerance
        )
    return float(found.values[0])


def test_a_polynomial_of_degree_31_needs_no_halving() -> None:
    found = integrate(lambda x: (x[np.newaxis] ** 31,) * 2, np.array([0.0, 1.0]), 1e-15)
    assert found.values[0] == pytest.approx(1 / 32, rel=1e-15)
    assert found.edges.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("g", "edges", "exact"),
    [
        (np.exp, [0, 1], math.e - 1),
        (lambda x: np.abs(x - 1 / 3), [0, 1], 5 / 18),
        (lambda x: 1.0 * (x > 0.3), [0, 1], 0.7),
        (np.sqrt, [0, 1], 2 / 3),
        (lambda x: x**-0.25, [0, 1], 4 / 3),
        (lambda x: np.exp(-(((x - 0.3) / 1e-3) ** 2)), [0, 1], 1e-3 * math.sqrt(math.pi)),
        (lambda x: np.sin(1000 * x) ** 2, [0, 1], 0.5 - math.sin(2000) / 4000),
    ],
    ids=["smooth", "kink", "jump", "vertical", "singular", "narrow", "waves"],
)
def test_integrals(g: Callable[[Array], Array], edges: list[float], exact: float) -> None:
    assert integral(g, edges) == pytest.approx(exact, rel=4e-15)


@pytest.mark.parametrize("g", [lambda x: 1 / x, lambda x: x**-2.0, lambda x: 1 / x**1.01])
def test_a_pole_is_infinite(g: Callable[[Array], Array]) -> None:
    assert integral(g, [0, 1]) == math.inf


def test_noise_ends() -> None:
    random = np.random.default_rng(0)
    noisy = integral(lambda x: 1 + 1e-9 * random.standard_normal(x.size), [0, 1])
    assert noisy == pytest.approx(1, abs=1e-9)
