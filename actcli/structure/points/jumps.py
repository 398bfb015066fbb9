"""Where a function jumps, between its pieces and inside the gaps between doubles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from actcli.formula.jets.jets import SWITCH
from actcli.structure.function import ProvedFunction
from actcli.structure.points.branch_point import EDGE, JUMPS, POLE
from actcli.structure.points.continuity import jumps
from actcli.structure.points.places import between
from actcli.structure.search.segments import BAND, CONSTANT, SWITCH_PLACE, Segment


def first_jump(
    function: ProvedFunction, pieces: Sequence[Segment], calm: Collection[float] = ()
) -> float | None:
    """The first place between some pieces where f is seen not to be continuous.

    It is none of those that are known to be `calm`.
    """
    for before, after in pairwise(pieces):
        if after.kind == SWITCH_PLACE and after.jumps and _kinds(function, after) & {JUMPS, POLE}:
            return after.place
        if (
            {before.kind, after.kind} <= {BAND, CONSTANT}
            and before.high == after.low
            and after.low not in calm
            and jumps(function, after.low)
        ):
            return after.low
    return None


def may_jump(function: ProvedFunction, pieces: Sequence[Segment]) -> bool:
    """Whether there is a place between adjacent doubles where it is not decided."""
    return any(
        piece.kind == SWITCH_PLACE and piece.jumps and not _kinds(function, piece)
        for piece in pieces
    )


def _kinds(function: ProvedFunction, switch: Segment) -> set[str]:
    """The kinds of branch points between two adjacent doubles; none where not decided."""
    return {point.kind for point in between(function, switch.low, switch.high) or ()}


def jumps_between(function: ProvedFunction, low: float, high: float) -> bool:
    """Whether f jumps between adjacent doubles, or may: it is not proved that it does not."""
    if not function.on(low, high).marks & ~SWITCH:
        return False
    points = between(function, low, high)
    return points is None or any(point.kind in (JUMPS, POLE, EDGE) for point in points)
