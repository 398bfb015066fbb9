"""How high a picture is: what of a steep derivative and of a pole is shown."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.functions.plotting.frame import MARGIN, HeightScale, frame
from actcli.numeric.arrays import Array

X = np.linspace(0.0, 1.0, 1001)


@pytest.mark.parametrize(
    ("peak", "top"),
    [(0.5, 1.0), (3.9, 3.9), (4.1, 2.0), (40.0, 2.0)],
)
def test_a_derivative_may_be_four_times_as_high_as_the_function(peak: float, top: float) -> None:
    """Beyond that it gets as much room again as the function has."""

    def rows(x: Array) -> Array:
        return np.stack([x, peak * np.sin(np.pi * x) ** 2])

    low, high = frame(rows, X, rows(X), HeightScale())
    assert (low, high) == pytest.approx((-MARGIN * top, top + MARGIN * top))


@pytest.mark.parametrize(("height", "top"), [(3.5, 3.5), (3.8, 0.96), (100.0, 0.96)])
def test_a_pole_is_what_stands_alone_above_four_times_the_rest(height: float, top: float) -> None:
    """The rest is all but a twenty-fifth at each end."""

    def rows(x: Array) -> Array:
        return np.where(x == 0.5, height, x)[np.newaxis]

    low, high = frame(rows, X, rows(X), HeightScale())
    assert (low, high) == pytest.approx((-MARGIN * top, top + MARGIN * top), abs=2e-3)


@pytest.mark.parametrize(("height", "reach"), [(3.0, 3.0), (-0.5, 0.5), (0.0, 1.0)])
def test_a_constant_is_in_the_middle_of_as_much_again(height: float, reach: float) -> None:
    def rows(x: Array) -> Array:
        return np.full((1, x.size), height)

    room = reach * (1 + 2 * MARGIN)
    assert frame(rows, X, rows(X), HeightScale()) == pytest.approx((height - room, height + room))


@pytest.mark.parametrize("place", [0.5, 0.501])
@pytest.mark.parametrize("slant", [-1, 1])
def test_a_peak_between_two_points_is_no_pole_seen_closely(place: float, slant: int) -> None:
    """It falls at once on one side, and slowly on the other."""

    def rows(x: Array) -> Array:
        off = slant * (x - place) * 1000
        return np.where(off < 0, x, x + 40 * np.clip(1 - off / 0.9, 0, 1))[np.newaxis]

    high = frame(rows, X, rows(X), HeightScale())[1]
    assert high == pytest.approx((40 + place) * (1 + MARGIN), rel=1e-2)
