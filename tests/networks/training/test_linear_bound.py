"""The exact bound against brute force, ties and all."""

from __future__ import annotations

from itertools import product
from math import pi, sqrt

import numpy as np
import pytest
from scipy.optimize import linprog

from actcli.networks.training.data import circle_limit, generated
from actcli.networks.training.linear_bound import MOST_POINTS, linear_bound


def separable(x: np.ndarray, side: np.ndarray) -> bool:
    """Whether a line has exactly these points on its left: a linear program."""
    signs = np.where(side, 1.0, -1.0)
    rows = -signs[:, None] * np.column_stack([x, np.ones(len(x))])
    found = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(x)), bounds=[(None, None)] * 3)
    return bool(found.status == 0)


def brute_force(x: np.ndarray, labels: np.ndarray) -> int:
    """The most right points over all divisions that a linear program finds possible."""
    n = len(x)
    sides = sorted(
        (np.array(s, bool) for s in product((0, 1), repeat=n)),
        key=lambda side: -int((side == labels).sum()),
    )
    return next(int((side == labels).sum()) for side in sides if separable(x, side))


@pytest.mark.parametrize("seed", range(50))
def test_it_is_what_brute_force_finds(seed: int) -> None:
    """Half of the sets lie on a small grid: collinear points, and points of both classes at one."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    x = rng.uniform(-1, 1, (n, 2)) if seed % 2 else rng.integers(0, 3, (n, 2)).astype(float)
    labels = rng.integers(0, 2, n)
    bound = linear_bound(x, labels)
    assert bound is not None
    assert (bound.right, bound.points) == (brute_force(x, labels), n)
    assert bound.accuracy == bound.right / n


@pytest.mark.parametrize("scale", [1.0, 2.0**-900, 2.0**900])
@pytest.mark.parametrize(("third", "right"), [(0.3, 3), (np.nextafter(0.3, 1), 4)])
def test_a_unit_in_the_last_place_decides(scale: float, third: float, right: int) -> None:
    """Four points on a line in turns of two classes cannot be parted; one a hair above it can."""
    x = np.array([[0.1, 0.1], [0.2, 0.2], [0.3, third], [0.4, 0.4]])
    bound = linear_bound(x * scale, np.array([0, 1, 0, 1]))
    assert bound is not None
    assert bound.right == right


def test_one_feature_is_a_threshold() -> None:
    bound = linear_bound(np.arange(6.0)[:, None], np.array([0, 0, 1, 0, 1, 1]))
    assert bound is not None
    assert bound.right == 5


def test_above_the_limit_it_is_not_computed() -> None:
    many = MOST_POINTS + 1
    assert linear_bound(np.zeros((many, 2)), np.zeros(many, np.int64)) is None


def test_the_limit_for_the_circle() -> None:
    """The bound's limit by quadrature over all lines, and the bound of many points beside it."""
    side = (np.arange(800) + 0.5) / 400 - 1
    x, y = np.meshgrid(side, side)
    inside = np.hypot(x, y) < sqrt(2 / pi)
    best = max(
        float(((np.cos(a) * x + np.sin(a) * y < d) == inside).mean())
        for a in np.linspace(0, pi / 4, 10)
        for d in np.linspace(0.5, 0.8, 61)
    )
    assert circle_limit() == pytest.approx(best, abs=2e-4)
    data = generated("circle", 2000)
    bound = linear_bound(data.x, data.labels)
    assert bound is not None
    assert circle_limit() < bound.accuracy < circle_limit() + 0.05
    assert data.linear_limit == circle_limit()
    assert generated("circle", noise=0.1).linear_limit is None
