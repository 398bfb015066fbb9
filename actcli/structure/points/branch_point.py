"""What a branch point is."""

from __future__ import annotations

from typing import NamedTuple

from actcli.formula.jets.intervals import Interval

JUMPS, KINK, POLE, REMOVABLE, EDGE, VERTICAL, SMOOTH = (
    "jump",
    "kink",
    "pole",
    "removable",
    "edge",
    "vertical",
    "smooth",
)


class BranchPoint(NamedTuple):
    """A place where a formula changes its branch, has a hole, or begins or ends.

    What is not known, or does not exist, is None; balls enclose the numbers as closely as doubles.
    """

    x: float
    """The double nearest to the place."""
    after: float
    """The largest double that is not above it."""
    value: Interval | None
    """f there; None where it is not defined."""
    left: Interval | None
    """The limit of f from below, which may be infinite."""
    right: Interval | None
    slope_left: Interval | None
    """The limit of f' from below, which may be infinite."""
    slope_right: Interval | None
    kind: str
    """`jump`; `kink`; `pole` (a limit is infinite); `removable` (one limit of f from both sides,
    which f does not have there); `edge` (f is defined on one side only); `vertical` (f' goes to one
    infinity from both sides); `smooth` (f and f' are continuous)."""
    order: float | None
    """The lowest derivative that is not continuous, a hole being filled: 0 for a jump, 1 for a
    kink; infinite where all of them are continuous. None where it is not known, and at an edge."""
    is_exact: bool
    """Whether the place is that double."""
    has_value: bool | None
    """Whether f has a value there; None where that is not known."""

    @property
    def numbers(self) -> tuple[Interval | None, ...]:
        """The value, the limits and the slopes."""
        return self[2:7]

    @property
    def is_jump(self) -> bool:
        """Whether f is on both sides of it and not continuous there, holes filled."""
        if self.kind == POLE:
            return self.left is not None and self.right is not None
        return self.kind == JUMPS or (self.kind == REMOVABLE and self.value is not None)

    @property
    def is_continuous(self) -> bool:
        """Whether f has one limit there, from both sides, and no other value; a hole is filled."""
        return self.kind in (KINK, VERTICAL, SMOOTH) or (
            self.kind == REMOVABLE and self.value is None
        )
