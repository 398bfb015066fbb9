"""The facts of every activation against its values."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.numeric.arrays import Array
from actcli.numeric.floats import binade_grid, from_ordinal, ordinal, ulp, ulps_apart
from tests.activations.known import is_endless
from tests.activations.known import kinks as known_kinks
from tests.functions.facts.known_facts import known
from tests.present import present


def everywhere(activation: Activation) -> Array:
    """Doubles of every size, those beside the kinks among them; within reach of an endless one."""
    random = np.random.default_rng(7)
    exponents = random.integers(-1074, 1024, 4000)
    kinks = np.array(known_kinks(activation), np.float64)
    points = [
        np.ldexp(random.uniform(1, 2, 4000), exponents) * random.choice([-1, 1], 4000),
        random.uniform(-12, 12, 4000),
        binade_grid(1),
        from_ordinal(ordinal(kinks)[:, None] + np.arange(-3, 4)).ravel(),
    ]
    return np.unique(np.concatenate(points))


def test_values_are_within_the_range(activation: Named) -> None:
    x, reach = everywhere(activation), known(activation).range
    y = activation.value(x)
    assert np.all(y >= reach.low - 4 * ulp(reach.low)), x[np.argmin(y)]
    assert np.all(y <= reach.high + 4 * ulp(reach.high)), x[np.argmax(y)]


def test_slopes_are_within_the_lipschitz_constant(activation: Named) -> None:
    x, bound = everywhere(activation), known(activation).lipschitz
    assert np.all(np.abs(activation.derivative(x)) <= bound + 8 * ulp(bound))


def test_monotone_is_what_the_values_do(activation: Named) -> None:
    x, claim = everywhere(activation), known(activation).monotone
    y = activation.value(x)
    with np.errstate(invalid="ignore"):
        moves = np.diff(y)
        roundoff = 8 * ulp(y)[1:]
    rises, falls = bool(np.any(moves > roundoff)), bool(np.any(moves < -roundoff))
    assert (rises, falls) == {
        "strictly increasing": (True, False),
        "nondecreasing": (True, False),
        "constant": (False, False),
        "nonincreasing": (False, True),
        "strictly decreasing": (False, True),
        "no": (True, True),
    }[present(claim)]


def test_symmetry_is_what_the_values_show(activation: Named) -> None:
    x = everywhere(activation)
    here, there = activation.value(x), activation.value(-x)
    mirrored = {
        "even": bool(np.all(ulps_apart(here, there) <= 16)),
        "odd": bool(np.all(ulps_apart(here, -there) <= 16)),
    }
    claim = known(activation).symmetry
    assert claim == next((name for name, holds in mirrored.items() if holds), "none")


def test_roots_and_fixed_points_are_such(activation: Named) -> None:
    found = known(activation)
    for level, places, intervals in (
        (0.0, found.roots, found.zero_on),
        (1.0, found.fixed_points, found.fixed_on),
    ):
        for x in places:
            around = np.array([x - 4 * ulp(x), x, x + 4 * ulp(x)])
            rise = np.abs(activation.derivative(around) - level).max() * 8 * ulp(x)
            gap = np.abs(activation.value(around) - level * around).min()
            assert gap <= rise + 4 * ulp(level * x), x
        for one in intervals:
            inside = np.linspace(max(one.low, -1e9), min(one.high, 1e9), 101)[1:-1]
            assert np.all(activation.value(inside) == level * inside)


def test_no_sign_change_is_missed(activation: Named) -> None:
    """Where a dense grid shows f or f - x change sign, a root, a kink or an interval is."""
    found = known(activation)
    low, high = found.window or (-20.0, 20.0)
    x = np.linspace(low, high, 20_001) + 1e-5
    kinks = [kink.x for kink in found.kinks]
    for level, places, intervals in (
        (0.0, found.roots, found.zero_on),
        (1.0, found.fixed_points, found.fixed_on),
    ):
        gap = activation.value(x) - level * x
        clear = np.flatnonzero(np.abs(gap) > 8 * ulp(x) * level)
        known_places = np.array([*places, *kinks, *(e for i in intervals for e in (i.low, i.high))])
        for before, after in pairwise(clear[gap[clear] != 0]):
            a, b = x[before], x[after]
            if np.sign(gap[before]) == np.sign(gap[after]):
                continue
            assert np.any((known_places >= a) & (known_places <= b)), (level, a, b)


def test_extrema_stand_out(activation: Named) -> None:
    for extremum in known(activation).extrema:
        beside = extremum.x + 1e-3 * max(abs(extremum.x), 1e-4) * np.array([-1, 1])
        rise = activation.value(beside) - extremum.value
        assert np.all(rise > 0 if extremum.kind == "minimum" else rise < 0)


def test_kinks_are_the_known_ones(activation: Named) -> None:
    found = known(activation)
    if not is_endless(activation):
        assert tuple(kink.x for kink in found.kinks) == known_kinks(activation)
