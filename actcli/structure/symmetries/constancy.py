"""Whether a function is constant everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from flint import arb

from actcli.activations.base import Line
from actcli.formula.jets.intervals import ZERO, Interval
from actcli.structure.asymptotes import End, nearest
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.branch_points import Branches
from actcli.structure.search.segments import CONSTANT, SWITCH_PLACE, Segment
from actcli.structure.symmetries.repetition import Repetition

_PLACES = (0.3, -1.7)
"""Numbers at which what is not constant shows it."""


def may_be_constant(function: ProvedFunction) -> bool:
    """Whether no slope is seen at some places, nor different values."""
    jets = [jet for jet in map(function.at, _PLACES) if jet.has_value]
    if any(jet.slope is not None and jet.slope.sign() for jet in jets):
        return False
    return not any(one.value.apart(other.value) for one, other in combinations(jets, 2))


def constant_end(
    function: ProvedFunction,
    pieces: Sequence[Segment],
    branches: Branches,
    repetition: Repetition | None,
) -> End | None:
    """Either end of what is constant, but for holes; None where that is not seen.

    What is so over more than a period is so everywhere.

    Args:
        function: f.
        pieces: its monotone pieces.
        branches: the branch points between them.
        repetition: the period of f.
    """
    if not all(_is_constant(function, piece) for piece in pieces) or branches.undecided:
        return None
    low, high = pieces[0].low, pieces[-1].high
    if high - low < LARGEST and not _is_beyond_period(repetition, arb(high) - arb(low)):
        return None
    if not all(point.is_continuous for point in branches.points):
        return None
    place = next(piece.low for piece in pieces if piece.kind == CONSTANT)
    value = function.limit(place, 1)
    if value is None or not value.is_point or not value.is_finite():
        return None
    level = value.low
    return End(Line(0.0, nearest(level)), value, Interval(ZERO), (ZERO, level))


def _is_beyond_period(repetition: Repetition | None, width: arb) -> bool:
    return repetition is not None and repetition.rise.is_zero() and bool(width > repetition.period)


def _is_constant(function: ProvedFunction, piece: Segment) -> bool:
    """Whether f is constant on a piece, but for holes."""
    if piece.kind != SWITCH_PLACE:
        return piece.kind == CONSTANT
    jet = function.on(piece.low, piece.high)
    return jet.has_value and jet.slope is None
