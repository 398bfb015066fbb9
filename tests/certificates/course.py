"""The course of a function: its monotone pieces, and what happens where they meet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from flint import arb, ctx

from tests.certificates.doubles import high_end, low_end
from tests.certificates.function import Function, Side, UnconfirmedError
from tests.present import present

_BITS = 600

_SAME = 2.0**-100
"""How far apart, relative to them, limits at a place between doubles are two."""


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

    def is_break(self, order: int) -> bool:
        """Whether the n-th derivative is not continuous."""
        is_one = self.is_kink if order else self.is_jump
        return self.left is None or self.right is None or is_one

    @property
    def filled(self) -> Any:
        """The value, or the limit from both sides."""
        if self.value is None and not (self.left is None or self.right is None or self.is_jump):
            return self.left.v
        return self.value

    def is_passed(self, before: int | None, after: int | None) -> bool:
        """Whether f goes on rising or falling through it."""
        return bool(before and before == after and not self.is_break(0) and self.filled is not None)

    def takes(self, limit: Any) -> bool | None:
        """Whether f takes a limit that it has there."""
        if self.filled is None:
            return None if self.low != self.high else False
        return bool(self.filled.overlaps(limit))

    @property
    def is_zero(self) -> bool:
        """Whether f is 0 there, between doubles as closely as it is known."""
        if self.filled is None or self.low == self.high:
            return self.filled is not None and bool(self.filled.is_zero())
        return bool(abs(self.filled) < _SAME)

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


@lru_cache(maxsize=4096)
def break_at(f: Function, x: float) -> Break:
    """What happens at a double."""
    here = f.at(x)[0]
    value = None if here is None or not here.v.is_finite() else here.v
    return Break(x, x, x, f.beside(x, -1), f.beside(x, 1), value)


@lru_cache(maxsize=4096)
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


def breaks_beside(f: Function, x: float) -> list[Break]:
    """Those between a double and its neighbours that it is the nearest double to."""
    pairs = [(math.nextafter(x, -math.inf), x), (x, math.nextafter(x, math.inf))]
    pairs = [pair for pair in pairs if _choices(f, arb(pair[0])) != _choices(f, arb(pair[1]))]
    return [b for b in (break_between(f, *pair) for pair in pairs) if b.x == x]


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

    def values_on(self, low: float, high: float) -> list[tuple[Any, bool | None]]:
        """What f comes up to on an open interval, and whether it takes that there.

        None where that is not known. A hole is filled.
        """
        found: list[tuple[Any, bool | None]] = []
        for end, side in ((low, 1), (high, -1)):
            beside = self._f.beside(end, side)
            for b in self._between:
                if b.x == end:
                    beside = b.right if side > 0 else b.left
            found += [] if beside is None else [(beside.v, False)]
        passed = {
            b.x for before, b, after in self.junctions() if b.is_passed(before.way, after.way)
        }
        for b in self.breaks:
            if low < b.x < high and b.x not in passed:
                sides = [side.v for side in (b.left, b.right) if side is not None]
                found += [(side, b.takes(side)) for side in sides]
                found += [] if b.value is None else [(b.value, True)]
        for piece in self.pieces:
            if piece.way == 0 and max(piece.low, low) < min(piece.high, high):
                found += [(present(self._f.beside(max(piece.low, low), 1)).v, True)]
        return found


def least(values: Sequence[Any]) -> Any:
    """The smallest of some balls, as closely as it is known."""
    found = values[0]
    for value in values[1:]:
        if value < found or (value.overlaps(found) and value.rad() < found.rad()):
            found = value
    return found
