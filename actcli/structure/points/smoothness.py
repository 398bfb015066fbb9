"""How many derivatives of f are continuous, from its branch points."""

from __future__ import annotations

import math
from collections.abc import Sequence

from actcli.structure.points.branch_point import EDGE, JUMPS, POLE, REMOVABLE, BranchPoint
from actcli.structure.points.branch_points import Branches
from actcli.structure.symmetries.beyond import Part, is_decided

DISCONTINUOUS = "discontinuous"


def smoothness(branches: Branches, beyond: Sequence[Part] = ()) -> str | None:
    """`discontinuous`, or C0, C1, ... Cinf: the derivatives that are continuous, holes filled.

    On the domain of f, what lies beyond included: what it does at an edge does not count. None
    where it is not decided.
    """
    orders = [_order(point) for point in branches.points]
    known = [order for order in orders if order is not None]
    lowest = min(known, default=math.inf)
    if lowest == 0:
        return DISCONTINUOUS
    if not is_decided(beyond, branches) or (lowest > 1 and len(known) < len(orders)):
        return None
    if not all(one.is_continuous if lowest == 1 else one.is_analytic for one in beyond):
        return None
    return "Cinf" if lowest == math.inf else f"C{lowest - 1:.0f}"


def _order(point: BranchPoint) -> float | None:
    """The lowest derivative that is not continuous at a branch point, holes filled."""
    one_sided = point.left is None or point.right is None
    if point.kind == EDGE or (point.kind == POLE and one_sided):
        return math.inf
    if point.kind in (JUMPS, POLE) or (point.kind == REMOVABLE and point.value is not None):
        return 0
    return point.order
