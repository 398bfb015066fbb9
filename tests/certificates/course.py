"""The course of a function: its monotone pieces, and what happens where they meet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, ctx

from tests.certificates.proof import Function, Side, UnconfirmedError

_BITS = 600

_SAME = 2.0**-100
"""How far apart, relative to them, limits at a place between doubles are two."""


def low_end(x: float | None) -> float:
    return -math.inf if x is None else x


def high_end(x: float | None) -> float:
    return math.inf if x is None else x


class Piece(NamedTuple):
    """A box of which the claim is confirmed."""

    low: float
    high: float
    claim: str
    below: float | None
    above: float | None

    @staticmethod
    def of(box: Mapping[str, Any]) -> Piece:
        bounds = box["enclosure"] or (None, None)
        return Piece(low_end(box["low"]), high_end(box["high"]), box["claim"], *bounds)

    @property
    def way(self) -> int | None:
        """The sign of f', of a box that tells it."""
        if self.claim == "zero":
            return 0
        return (1 if self.below == 0 else -1) if self.claim == "between" else None


@dataclass(frozen=True)
class Break:
    """A place, at a double or between two adjacent ones, and f on both sides of it."""

    x: float
    low: float
    high: float
    left: Side | None
    right: Side | None
    value: Any
    """f there, if it has a value and that is known."""

    @cached_property
    def is_jump(self) -> bool:
        if self.left is None or self.right is None:
            return False
        if not (self.left.v.is_finite() and self.right.v.is_finite()):
            return True
        values = [v for v in (self.left.v, self.right.v, self.value) if v is not None]
        return any(not a.overlaps(b) for a in values for b in values)

    @property
    def is_kink(self) -> bool:
        if self.left is None or self.right is None:
            return False
        slopes = self.left.d, self.right.d
        return self.is_jump or not slopes[0].overlaps(slopes[1]) or not slopes[0].is_finite()

    @property
    def filled(self) -> Any:
        """The value, or the limit from both sides."""
        if self.value is None and not (self.left is None or self.right is None or self.is_jump):
            return self.left.v
        return self.value

    @property
    def is_zero(self) -> bool:
        return self.filled is not None and bool(self.filled.is_zero())

    @property
    def may_turn_at_0(self) -> bool:
        """Whether f may turn within half an ulp of x, at 0."""
        return self.left is not None and bool(
            abs(self.left.v) <= abs(self.left.d) * math.ulp(self.x) * 2
        )

    def stands_out(self, before: int, after: int) -> int:
        """1 for a maximum, -1 for a minimum, between pieces that go these ways."""
        value = self.filled
        if self.left is None or self.right is None or value is None or not value.is_finite():
            return 0
        left = _compared(value, self.left.v) or before
        right = _compared(value, self.right.v) or -after
        return left if left == right else 0

    @property
    def ways(self) -> set[int]:
        """How f goes across a jump."""
        if self.left is None or self.right is None or not self.is_jump:
            return set()
        value = self.left.v if self.value is None else self.value
        steps = (self.left.v, value), (value, self.right.v), (self.left.v, self.right.v)
        return {_compared(b, a) for a, b in steps} - {0}


def _compared(a: Any, b: Any) -> int:
    return 1 if a > b else -1 if a < b else 0


def break_at(f: Function, x: float) -> Break:
    """What happens at a double."""
    here = f.at(x)[0]
    value = None if here is None or not here.v.is_finite() else here.v
    return Break(x, x, x, f.beside(x, -1), f.beside(x, 1), value)


def break_between(f: Function, low: float, high: float) -> Break:
    """What happens between adjacent doubles, where what decides the branch changes, once."""
    with ctx.workprec(_BITS):
        left, right = arb(low), arb(high)
        ends = _choices(f, left), _choices(f, right)
        if ends[0] == ends[1]:
            raise UnconfirmedError(f"what happens between {low} and {high}")
        for _ in range(_BITS // 2):
            middle = ((left + right) / 2).mid()
            if _choices(f, middle) == ends[0]:
                left = middle
            else:
                right = middle
        if _choices(f, right) != ends[1]:
            raise UnconfirmedError(f"more than one break between {low} and {high}")
        before, after = (_side(f, x, (right - left).upper()) for x in (left, right))
        return Break(float(left), low, high, before, after, None)


def _choices(f: Function, x: Any) -> Any:
    found, walk = f.at(x, _BITS)
    return found is None, walk.choices


def _side(f: Function, x: Any, away: Any) -> Side | None:
    found = f.at(x, _BITS)[0]
    if found is None:
        return None
    blur = arb(0, 1) * _SAME
    v = found.v + blur * abs(found.v) + arb(0, 2) * abs(found.d) * away
    return Side(v, found.d + blur * abs(found.d))


class Course:
    """The monotone pieces, and what happens between them."""

    def __init__(self, f: Function, pieces: Sequence[Piece]) -> None:
        self._f, self.pieces = f, pieces
        self.at = {after.low: break_at(f, after.low) for _, after in pairwise(pieces)}
        self._between = [break_between(f, p.low, p.high) for p in pieces if p.claim == "break"]

    @cached_property
    def breaks(self) -> list[Break]:
        return sorted([*self.at.values(), *self._between], key=lambda b: b.x)

    def junctions(self) -> Iterator[tuple[Piece, Break, Piece]]:
        """Pieces that follow on each other, and what is between."""
        for before, after in pairwise(p for p in self.pieces if p.claim not in ("break", "tiny")):
            inside = [b for b in self._between if before.high <= b.low < after.low]
            yield before, inside[0] if inside else self.at[after.low], after

    def values_on(self, low: float, high: float) -> list[Any]:
        """What f comes up to on an open interval, at the ends of its monotone parts."""
        sides = [self._f.beside(low, 1), self._f.beside(high, -1)]
        values = []
        for b in self.breaks:
            if low < b.x < high:
                sides += [b.left, b.right]
                values += [] if b.value is None else [b.value]
        return values + [side.v for side in sides if side is not None]
