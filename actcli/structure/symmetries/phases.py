"""What a function does along places of equal phase, out to infinity: sin(x) at x0, x0 + 2 pi, ...

There a wave stands still, and what is left of the formula has a germ: x*sin(x) is s*x where sin(x)
is s. Its limit is one that f comes near to, time and again: so a value, or a slope, is proved to
have no bound, or to come as near to one as one likes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.identities.arms import LEAVES
from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import INTERVALS, JUMP, Jet, UndecidedError
from actcli.structure.divergence import limit_of
from actcli.structure.function import ProvedFunction
from actcli.structure.symmetries.identities import is_constant_function

_WAVES = {"sin": 2, "cos": 2, "tan": 2, "floor": 1, "%": 1}
"""What repeats, each time its argument goes on by so many pi, or by 1."""

_STEPS = (0, 0.37)
"""Phases are these and whole numbers more, in sixteenths: some at a crest, some nowhere special."""

_PARTS = 16
_MOST_TURNS = 12
"""How often the slowest of several waves of one phase may be outrun by the others."""

_REACHES = (16.0, 2.0**20, 2.0**100)


class Phase(NamedTuple):
    """What f and f' tend to along the places of one phase; None where that is not known."""

    value: arb | None
    slope: arb | None
    is_near: bool
    """Whether some place of any other phase is never further than a fixed distance away."""


def phases(function: ProvedFunction, side: int) -> list[Phase]:
    """The limits at an end along places of equal phase; the one limit where no wave goes on.

    There are none where what turns has no common phase, or no limit is seen.
    """
    for reach in _REACHES:
        for mild in (False, True):
            ring = GermRing(reach, side=side, at_infinity=True, mild=mild)
            try:
                found = [*_phases(function, ring)]
            except (UndecidedError, ZeroDivisionError):
                continue
            if any(one.value is not None for one in found):
                return found
    return []


def _phases(function: ProvedFunction, ring: GermRing) -> Iterator[Phase]:
    first = _Standing(function, ring, arb(_STEPS[-1]))
    first.result()
    if first.base is None:
        yield _along(function, ring, arb(0))
        return
    for step in range(_PARTS * first.turns):
        for more in _STEPS:
            with suppress(UndecidedError):
                yield _along(function, ring, (arb(more) + step) / _PARTS)


def _along(function: ProvedFunction, ring: GermRing, phase: arb) -> Phase:
    standing = _Standing(function, ring, phase)
    jet = standing.result()
    if not jet.has_value or jet.marks & JUMP:
        return Phase(None, None, False)
    value, slope = ring.limit(jet.value), ring.limit(jet.slope)
    if not value.is_point:
        frozen = _Standing(function, ring, phase, frozen=True).result()
        value = limit_of(lambda _: frozen)
    is_smooth = not jet.marks and 0 not in standing.algebra.choices.values()
    return Phase(
        value.low if value.is_point else None,
        slope.low if slope.is_point and is_smooth else None,
        standing.is_near,
    )


class _Standing:
    """A formula at places where what its waves turn by has one phase.

    Those exist as far out as one likes, for the argument of the first of them, the base, goes
    to infinity.
    """

    def __init__(
        self, function: ProvedFunction, ring: GermRing, phase: arb, *, frozen: bool = False
    ) -> None:
        """Prepare to walk it; the phase is in turns of the base.

        Frozen, the waves have no slope: what is left is differentiated from place to place.
        """
        self._function, self._ring, self._phase = function, ring, phase
        self._frozen = frozen
        self._terms, self._root = function.terms, function.arm({})
        self.algebra = JetAlgebra(ring)
        self.algebra.deadline = function.deadline
        self.base: int | None = None
        """The argument that the others are measured by."""
        self.turns = 1
        """After how many turns of the base all is as before."""
        self._unit = 0
        self._jets: dict[int, Any] = {}

    def result(self) -> Jet:
        """The jet of f at such places.

        Raises:
            UndecidedError: the waves have no common phase.
        """
        needed = {self._root}
        for i in range(self._root, -1, -1):
            if i in needed and self._terms.terms[i][0] not in LEAVES:
                needed.update(self._terms.terms[i][1:])
        for i in sorted(needed):
            self._jets[i] = self._jet(*self._terms.terms[i])
        jet: Jet = self._jets[self._root]
        return jet

    @property
    def is_near(self) -> bool:
        """Whether the base turns no slower from somewhere on than at some rate."""
        if self.base is None:
            return False
        rate = self._ring.limit(self._jets[self.base].slope)
        return rate.is_point and not rate.low.contains(ZERO)

    def _jet(self, operation: str, *rest: Any) -> Any:
        match operation:
            case "x":
                return Jet(self._ring.x(), self._ring.const(ONE))
            case "number":
                return self.algebra.number(rest[0])
            case "constant":
                return self.algebra.constant(rest[0])
            case "parameter" | "truth":
                raise UndecidedError
        arguments = [self._jets[i] for i in rest]
        if operation in _WAVES and (turning := self._turning(operation, rest)) is not None:
            return self._wave(operation, turning, arguments)
        return self.algebra.call(operation, arguments)

    def _turning(self, operation: str, of: Sequence[int]) -> int | None:
        """What a wave turns by, where that goes to infinity."""
        turning = self._terms.term("/", *of) if operation == "%" else of[0]
        if turning not in self._jets:
            self._jets[turning] = self.algebra.call("/", [self._jets[i] for i in of])
        jet = self._jets[turning]
        if not jet.has_value or jet.marks:
            raise UndecidedError
        return turning if self._ring.way(jet.value) else None

    def _wave(self, operation: str, turning: int, arguments: Sequence[Jet]) -> Any:
        u, parts = self._jets[turning], self._place(operation, turning)
        slope, curvature = (None, None) if self._frozen else (u.slope, u.curvature)
        if _WAVES[operation] == 2:
            return self.algebra.call(operation, [Jet(parts, slope, curvature)])
        if parts.p or not parts.c or not parts.R.is_zero():
            raise UndecidedError
        part, whole = parts.c[0], parts.c[0].floor()
        if not whole.is_exact() or part.contains(whole):  # it jumps there
            raise UndecidedError
        share = Jet(parts - self._ring.const(whole), slope, curvature)
        if operation == "%":
            return self.algebra.call("*", [share, arguments[1]])
        return self.algebra.call("-", [u, share])

    def _place(self, operation: str, turning: int) -> Any:
        """What it turns by, less whole turns."""
        unit = _WAVES[operation]
        turn = unit * arb.pi() if unit == 2 else ONE
        if self.base is None:
            self.base, self._unit = turning, unit
        if unit != self._unit:
            raise UndecidedError
        if turning == self.base:
            return self._ring.const(self._phase * turn)
        share, rest = self._compared(turning)
        self.turns = math.lcm(self.turns, share.denominator)
        if self.turns > _MOST_TURNS:
            raise UndecidedError
        return rest + self._ring.const(self._phase * turn * share.numerator / share.denominator)

    def _compared(self, turning: int) -> tuple[Fraction, Any]:
        """How often something turns for each turn of the base, and what is left of it."""
        assert self.base is not None
        u, base = (self._jets[i].value.leading() for i in (turning, self.base))
        if not (u.c and base.c) or u.p != base.p or (u.U is None) != (base.U is None):
            raise UndecidedError
        share = Fraction(float((u.c[0] / base.c[0]).mid())).limit_denominator(_MOST_TURNS)
        number = self._terms.term("/", *map(self._number, (share.numerator, share.denominator)))
        gap = self._terms.term("-", turning, self._terms.term("*", number, self.base))
        if is_constant_function(self._terms, gap):
            return share, self._ring.const(self._at_one(gap))
        rest = self._jets[turning].value - self._jets[self.base].value.scale(
            arb(share.numerator) / share.denominator
        )
        if not self._ring.bounded(rest):
            raise UndecidedError
        return share, rest

    def _number(self, value: int) -> int:
        return self._terms.term("number", float(value))

    def _at_one(self, place: int) -> arb:
        """The number that a constant formula is."""
        algebra = JetAlgebra(INTERVALS)
        jet = _walked(self._function, algebra, place)
        if not jet.has_value or not jet.value.is_point:
            raise UndecidedError
        number: arb = jet.value.ball
        return number


def _walked(function: ProvedFunction, algebra: JetAlgebra, place: int) -> Jet:
    """A term's jet at 1."""
    operation, *rest = function.terms.terms[place]
    match operation:
        case "x":
            return Jet(Interval(ONE), Interval(ONE))
        case "number":
            return algebra.number(rest[0])
        case "constant":
            return algebra.constant(rest[0])
        case "parameter" | "truth":
            raise UndecidedError
    jet: Jet = algebra.call(operation, [_walked(function, algebra, i) for i in rest])
    return jet
