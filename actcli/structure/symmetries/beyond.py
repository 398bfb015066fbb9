"""What a function does where it is not cut into monotone pieces.

That is on pieces that stay open, and outside the window in which one that turns for ever is looked
at. There it is enclosed, and along places of equal phase it comes near to limits: what it may do,
and what it does. A fact about the whole line follows from the pieces and from both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property

from flint import arb, ctx

from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import INFINITY, ZERO, Interval
from actcli.formula.jets.jets import (
    ANYTHING,
    JUMP,
    NO_VALUE,
    PARTIAL,
    Jet,
    OutOfTimeError,
    UndecidedError,
)
from actcli.structure.boxes import Window, germs_on, is_tail, merged, outwards
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.branch_points import Branches
from actcli.structure.search.segments import OPEN, Segment
from actcli.structure.search.supremum import Supremum, is_tight
from actcli.structure.symmetries.phases import Phase, phases
from actcli.structure.symmetries.repetition import Repetition

_BITS = 200

_SMALLEST = 5e-324

_MOST = 64
"""Open pieces that are looked at one by one; more are taken together."""


class Part:
    """A stretch of the line on which f is enclosed, its ends included but for those at infinity."""

    def __init__(
        self, function: ProvedFunction, low: float, high: float, *, is_outside: bool = False
    ) -> None:
        """Enclose f and f' on it."""
        self.low, self.high, self.is_outside = low, high, is_outside
        self._function, self._way = function, 0
        self.is_never_zero = False
        """Whether f is seen not to take the value 0 on it, however near it comes."""
        jets: list[Jet] = []
        with ctx.workprec(_BITS), suppress(OutOfTimeError):
            jets.append(function.on(low, high))
            jets += self._germs()
        self.is_undefined = any(jet.is_nowhere_defined for jet in jets)
        """Whether f has no value on it."""
        self.marks = NO_VALUE | PARTIAL | JUMP
        """What is not decided on it: as far as one of its jets leaves it open."""
        self.values, self.slopes = ANYTHING, ANYTHING
        """What f and f' lie in."""
        for jet in jets:
            self._take(jet)

    def _germs(self) -> Iterator[Jet]:
        """The jets of germs at infinity, or at 0, their parts being ranges."""
        low, high = (math.copysign(min(abs(x), LARGEST), x) for x in (self.low, self.high))
        if not is_tail(low, high):
            return
        for ring in (germs_on(low, high), germs_on(low, high).milder()):
            jet = self._function.germ(ring, 1)
            if not jet.has_value:
                yield jet
                continue
            self.is_never_zero = self.is_never_zero or bool(jet.value.sign())
            if not jet.marks and isinstance(jet.slope, Germ):
                self._way = self._way or jet.slope.sign()
            yield Jet(_range(ring, jet.value), _range(ring, jet.slope), marks=jet.marks)

    def _take(self, jet: Jet) -> None:
        if not jet.has_value:
            return
        self.marks &= jet.marks
        self.values = _both(self.values, jet.value)
        if not jet.marks & JUMP:
            self.slopes = _both(self.slopes, Interval(ZERO) if jet.slope is None else jet.slope)

    @property
    def end(self) -> float:
        """The infinity that it goes on to, if it does."""
        return self.high if self.high == math.inf else self.low

    @property
    def is_analytic(self) -> bool:
        """Whether f is analytic on it."""
        return self.is_undefined or not self.marks

    @property
    def is_continuous(self) -> bool:
        """Whether f is continuous on it."""
        return self.is_undefined or not self.marks & (JUMP | PARTIAL | NO_VALUE)

    @cached_property
    def phases(self) -> Sequence[Phase]:
        """What f and f' come near to on it, of a part that goes on to infinity."""
        side = 1 if self.high == math.inf else -1 if self.low == -math.inf else 0
        if not side or self.is_undefined:
            return ()
        with ctx.workprec(_BITS):
            return phases(self._function, side)

    @property
    def ways(self) -> set[int] | None:
        """The ways that f goes on it, as far as they are seen; None where there may be more."""
        if self.is_undefined:
            return set()
        if not self.is_continuous:
            return None
        if way := self._way or self.slopes.sign():
            return {way}
        if self.slopes.is_zero():
            return {0}
        signs = {_sign(one.slope) for one in self.phases if one.slope is not None} - {0}
        return signs if len(signs) == 2 else None

    @property
    def limits(self) -> Iterator[arb]:
        """Numbers, or infinities, that f comes near to."""
        return (one.value for one in self.phases if one.value is not None)

    @property
    def steepness(self) -> arb:
        """What |f'| is proved to come near to."""
        return largest(self.phases, 1)


def largest(found: Sequence[Phase], order: int) -> arb:
    """What the size of f, or of f', is proved to come near to along places of equal phase."""
    values = [one.value for one in found if one.value is not None]
    if not order:
        return max((abs(value).lower() for value in values), default=ZERO)
    near = {float(one.value) for one in found if one.value is not None and one.is_near}
    if {-math.inf, math.inf} <= near:
        return INFINITY  # from one to the other, again and again within a fixed distance
    slopes = [abs(one.slope).lower() for one in found if one.slope is not None]
    return max(slopes, default=ZERO)


def _range(ring: GermRing, q: object) -> Interval | None:
    if q is None or isinstance(q, Interval):
        return q
    try:
        found: Interval = ring.range(q)  # type: ignore[arg-type]
    except UndecidedError:
        return ANYTHING
    return found


def _both(one: Interval, other: Interval) -> Interval:
    """What is in two enclosures."""
    low, high = (one.low, one.high)
    if other.low > low:
        low = other.low
    if other.high < high:
        high = other.high
    return Interval(low, high)


def _sign(number: arb) -> int:
    return int(number > 0) - int(number < 0)


def parts(
    function: ProvedFunction, pieces: Sequence[Segment], outside: Sequence[Window]
) -> tuple[Part, ...]:
    """The parts of the line that are open among the pieces, and those outside."""
    ends = [(_untiny(piece.low), _untiny(piece.high)) for piece in pieces if piece.kind == OPEN]
    stretches = merged(ends)
    stretches = [part for one in stretches for part in _without_zero(*one)]
    if len(stretches) > _MOST:
        stretches = [*_without_zero(stretches[0][0], stretches[-1][1])]
    inside = [Part(function, *map(outwards, stretch)) for stretch in stretches]
    return (*inside, *(Part(function, *tail, is_outside=True) for tail in outside))


def _untiny(x: float) -> float:
    """A double, 0 in place of the smallest: what is between them belongs to an open piece too."""
    return 0.0 if abs(x) <= _SMALLEST else x


def _without_zero(low: float, high: float) -> Iterator[Window]:
    """A stretch, cut at 0."""
    yield from ((low, 0.0), (0.0, high)) if low < 0 < high else ((low, high),)


def is_decided(beyond: Sequence[Part], branches: Branches) -> bool:
    """Whether all places where f is not analytic are known, but for those on these parts."""
    return branches.is_decided_but_on([(part.low, part.high) for part in beyond])


def is_analytic(beyond: Sequence[Part], branches: Branches) -> bool:
    """Whether f is analytic on all parts, and all else is decided."""
    return all(part.is_analytic for part in beyond) and is_decided(beyond, branches)


def tails(window: Window, repetition: Repetition | None) -> list[Window]:
    """What is outside a window, and a little more; nothing where it shows a whole period."""
    low, high = window
    if repetition is not None and repetition.period <= high - low:
        return []
    left = [(-math.inf, math.nextafter(low, math.inf))] if low > -math.inf else []
    right = [(math.nextafter(high, -math.inf), math.inf)] if high < math.inf else []
    return left + right


def without_bound(function: ProvedFunction, order: int) -> list[float]:
    """The ends towards which the size of f, or of f', is proved to have no bound."""
    with ctx.workprec(_BITS):
        return [
            s * math.inf for s in (-1, 1) if not largest(phases(function, s), order).is_finite()
        ]


def steepest_of(found: Supremum, branches: Branches, beyond: Sequence[Part]) -> Supremum:
    """The supremum of |f'| inside a window, at the branch points there, and outside of it."""
    most = branches.steepest
    found = found._replace(value=max(found.value, most), bound=max(found.bound, most))
    outer = [part for part in beyond if part.is_outside and not part.is_undefined]
    outer = [part for part in outer if not part.slopes.magnitude <= found.value]
    if not outer or math.isinf(found.value):
        return found
    steepest = max(outer, key=lambda part: float(part.steepness))
    value = max(found.value, float(steepest.steepness.mid()))
    bound = max([found.bound, *(_upwards(part.slopes.magnitude) for part in outer)])
    places = found.places if is_tight(found.value, value) else (steepest.end,)
    return found._replace(value=value, bound=bound, places=places)


def _upwards(bound: arb) -> float:
    high = bound.upper()
    return math.nextafter(float(high), math.inf) if high.is_finite() else math.inf
