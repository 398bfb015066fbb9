import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.numeric.floats import (
    LARGEST,
    binade_grid,
    bisect,
    flips,
    from_ordinal,
    ordinal,
    step,
    ulp,
    ulps_apart,
)

doubles = st.floats(allow_nan=False)
finite = st.floats(allow_nan=False, allow_infinity=False)


@given(doubles, doubles)
def test_ordinal_keeps_the_order(a: float, b: float) -> None:
    assert (ordinal(a) < ordinal(b)) == (a < b)
    assert (ordinal(a) == ordinal(b)) == (a == b)


@given(doubles)
def test_from_ordinal_is_the_inverse(x: float) -> None:
    assert from_ordinal(ordinal(x)) == x


def test_ordinal_of_landmarks() -> None:
    assert [ordinal(x) for x in (0.0, -0.0, 5e-324, -5e-324)] == [0, 0, 1, -1]
    assert ordinal(math.inf) == ordinal(LARGEST) + 1 == 0x7FF0 << 48


def test_arrays_in_arrays_out() -> None:
    x = np.array([[-1.0, 0.0], [2.0, math.inf]])
    places = ordinal(x)
    assert places.dtype == np.int64
    assert places.tolist() == [[ordinal(v) for v in row] for row in x.tolist()]
    assert np.array_equal(from_ordinal(places), x)
    assert step(x, -2).tolist() == [[step(v, -2) for v in row] for row in x.tolist()]


@given(finite)
def test_step_and_ulp_agree_with_math(x: float) -> None:
    assert step(x) == math.nextafter(x, math.inf)
    assert step(x, -1) == math.nextafter(x, -math.inf)
    assert step(x, 2) == math.nextafter(math.nextafter(x, math.inf), math.inf)
    assert ulp(x) == math.ulp(x)


def test_ends_of_the_line() -> None:
    assert step(LARGEST, 5) == math.inf
    assert step(-math.inf, -1) == -math.inf
    assert ulp(LARGEST) == math.ulp(LARGEST)
    assert ulp(math.inf) == math.inf
    assert math.isnan(ulp(math.nan))
    assert ulp(np.array([1.0, 0.0])).tolist() == [2.0**-52, 5e-324]


def test_ulps_apart() -> None:
    assert ulps_apart(1.0, 1 + 2**-52) == 1
    assert ulps_apart(-5e-324, 5e-324) == 2
    assert ulps_apart(-math.inf, math.inf) == 2 * (0x7FF0 << 48)
    assert ulps_apart(math.nan, 1e308) >= 2**51
    assert ulps_apart(math.nan, math.inf) >= 2**51
    assert np.asarray(ulps_apart(np.array([1.0, 2.0]), 1.0)).tolist() == [0, 1 << 52]


@given(doubles, doubles, doubles)
def test_bisect_finds_any_threshold_exactly(a: float, b: float, threshold: float) -> None:
    low, high = min(a, b), max(a, b)
    if not low < threshold <= high:
        return
    asked = []

    def reached(x: float) -> bool:
        asked.append(x)
        return x >= threshold

    assert bisect(reached, low, high) == threshold
    assert len(asked) <= 65
    assert bisect(reached, high, low) == step(threshold, -1)


@given(st.lists(st.tuples(finite, finite, st.floats(0, 1)), min_size=1, max_size=5))
def test_flips_is_bisect_for_many(brackets: list[tuple[float, float, float]]) -> None:
    low = np.array([min(a, b) for a, b, _ in brackets])
    high = np.array([max(a, b) for a, b, _ in brackets])
    threshold = low + np.array([t for *_, t in brackets]) * (high / 2 - low / 2)
    wanted = np.clip(threshold, step(low), np.maximum(high, step(low)))
    high = np.maximum(high, wanted)
    assert np.array_equal(flips(lambda x: x >= wanted, low, high), wanted)
    assert np.array_equal(flips(lambda x: x >= wanted, high, low), step(wanted, -1))


def test_flips_needs_few_calls() -> None:
    calls = 0

    def above_one(x: np.ndarray) -> np.ndarray:
        nonlocal calls
        calls += 1
        return x > 1

    found = flips(above_one, np.array([-LARGEST, -math.inf]), np.array([LARGEST, math.inf]))
    assert found.tolist() == [step(1.0), step(1.0)]
    assert calls <= 14


@pytest.mark.parametrize("per_binade", [1, 4, 7])
def test_binade_grid_is_in_every_binade(per_binade: int) -> None:
    grid = binade_grid(per_binade)
    assert np.all(np.diff(grid) > 0)
    assert np.array_equal(grid, -grid[::-1])
    assert {0.0, LARGEST, 5e-324, 1.0, 2.0**-1022} <= set(grid.tolist())
    _, exponents = np.frexp(grid[grid > 0])
    assert set(exponents.tolist()) == set(range(-1073, 1025))
    counts = np.bincount(exponents[exponents > -1021] + 1021)
    assert np.all(counts[1:-1] == per_binade)
