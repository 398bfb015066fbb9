"""Evenly spaced points against rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from actcli.functions.sample import evenly_spaced

LARGEST = float(np.finfo(np.float64).max)


@pytest.mark.parametrize(
    ("low", "high"),
    [(-LARGEST, LARGEST), (-LARGEST, LARGEST / 2), (-1.5e308, 1e308), (-6.0, 6.0), (0.1, 0.7)],
)
@pytest.mark.parametrize("count", [2, 3, 5, 11])
def test_points_are_evenly_spaced_whatever_their_ends(low: float, high: float, count: int) -> None:
    points = np.asarray(evenly_spaced(low, high, count)).tolist()
    assert (points[0], points[-1]) == (low, high)
    step = (Fraction(high) - Fraction(low)) / (count - 1)
    room = Fraction(max(abs(low), abs(high))) / 2**51
    assert all(abs(Fraction(x) - Fraction(low) - i * step) <= room for i, x in enumerate(points))
