"""The bands between levels, and which level a slope at a point is on."""

from __future__ import annotations

import pytest
from flint import arb, ctx

from actcli.formula.jets.intervals import INFINITY, Interval
from actcli.structure.search.bands import Bands

LEVELS = (-0.25, 0.0, 3.0)
ROUNDING = -300
"""The power of 2 that a slope may be off by, relative to its level, or to 1."""


@pytest.mark.parametrize("share", [-2, -1, -0.5, 0, 0.5, 1, 2])
@pytest.mark.parametrize(("level", "unit"), [(0, 0.25), (1, 1.0), (2, 3.0)])
def test_a_slope_is_on_a_level_that_it_is_off_by_less_than_rounding(
    level: int, unit: float, share: float
) -> None:
    with ctx.workprec(1000):
        slope = arb(LEVELS[level]) + arb(share) * unit * arb(2) ** ROUNDING
        on = Bands(LEVELS).level_at(Interval(slope))
    assert on == (level if abs(share) < 1 else None)


@pytest.mark.parametrize("slope", [-3.0, -1.0, 0.25, 1.0, INFINITY, -INFINITY, arb.nan()], ids=str)
def test_other_slopes_are_on_none(slope: arb | float) -> None:
    assert Bands(LEVELS).level_at(Interval(arb(slope))) is None
