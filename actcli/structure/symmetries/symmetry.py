"""Even and odd functions, and those that turn about a point: proved as identities, or refuted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.identities.form_rules import form
from actcli.formula.identities.normal_form import Form, Forms, NoFormError
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jets import NO_VALUE, UNKNOWN, Jet
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.points.branch_point import JUMPS, POLE, REMOVABLE
from actcli.structure.points.branch_points import Branches
from actcli.structure.search.segments import Segment

EVEN, ODD, POINT, NO_SYMMETRY = "even", "odd", "point", "none"

_BITS = 200
_PLACES = (0.37, 1.9, 5.3, 0.011, 23.17)
_MOST_PLACES = 60
_SIMPLE = 1000
"""The largest denominator of what f(x) + f(-x) is guessed to be."""


_FINE_BITS = 1200
"""Bits with which numbers as far apart as doubles can be are added without rounding."""


class Symmetry(NamedTuple):
    """How f(-x) follows from f(x), all over a window that is symmetric itself."""

    kind: str
    """`even`: f(-x) = f(x); `odd`: f(-x) = -f(x); `point`: f(-x) = 2 level - f(x);
    `none`: neither even nor odd, nor proved to turn about a point."""
    level: float = 0.0


def symmetry(
    function: ProvedFunction,
    pieces: Sequence[Segment],
    branches: Branches,
    window: tuple[float, float],
    is_analytic_beyond: bool,
) -> Symmetry | None:
    """The symmetry about 0; None where it is neither proved nor refuted.

    Where f does not choose between branches it is analytic, so that an identity between formulas
    holds from one branch point to the next.

    Args:
        function: f.
        pieces: its monotone pieces, at whose ends a difference may be seen.
        branches: its branch points in the window.
        window: where.
        is_analytic_beyond: whether f is analytic on what is open or outside of the window.
    """
    reach = min(-window[0], window[1])
    if window[0] != -window[1]:
        return Symmetry(NO_SYMMETRY)
    turns = [piece.low for piece in pieces if piece.follows_crossing]
    others = [piece.low for piece in pieces if not piece.follows_crossing]
    written = [x for number in function.numbers for x in (number, 2 * number)]
    places = [abs(x) for x in (*_PLACES, *written, *turns, *others)]
    places = [x for x in dict.fromkeys(places) if 0 < x < reach and x < LARGEST]
    with ctx.workprec(_BITS):
        mirror = _Mirror(function, branches, reach)
        mirror.is_analytic_beyond = is_analytic_beyond
        kinds = mirror.possible(places[:_MOST_PLACES])
        if not kinds:
            return Symmetry(NO_SYMMETRY)
        try:
            found = mirror.proved(kinds)
        except (NoFormError, ZeroDivisionError):
            found = None
    if found is None:
        with ctx.workprec(_FINE_BITS):
            if set(_Mirror(function, branches, reach).possible(_PLACES)) <= {POINT}:
                return Symmetry(NO_SYMMETRY)
    return found


class _Mirror:
    def __init__(self, function: ProvedFunction, branches: Branches, reach: float) -> None:
        self._function, self._branches, self._reach = function, branches, reach
        self.is_analytic_beyond = True

    def possible(self, places: Sequence[float]) -> list[str]:
        """Of even, odd and point, those that are not refuted at doubles."""
        kinds, total = [EVEN, ODD, POINT], None
        for x in places:
            here, there = self._function.at(x), self._function.at(-x)
            if (
                here.is_nowhere_defined != there.is_nowhere_defined
                and not (here.marks | there.marks) & UNKNOWN
            ):
                return []
            if (here.marks | there.marks) & NO_VALUE or not _is_finite(here, there):
                continue
            a, b = here.value, there.value
            total = a + b if total is None else total
            refuted = {
                EVEN: a.apart(b),
                ODD: a.apart(-b),
                POINT: (a + b).apart(total),
            }
            kinds = [kind for kind in kinds if not refuted[kind]]
            if not kinds:
                break
        return kinds

    def proved(self, kinds: Sequence[str]) -> Symmetry | None:
        """The first of the kinds that is an identity on all parts of the window."""
        if self._branches.undecided and not self.is_analytic_beyond:
            return None
        if (whole := self._as_written(kinds)) is not None:
            return whole
        if not (self.is_analytic_beyond and self._is_mirrored()):
            return None
        x = Forms().atom("x")
        pairs = []
        for r in self._insides():
            here, there = (self._arm(r), self._arm(-r))
            if here is None or there is None:
                return None
            if here < 0 or there < 0:  # not defined there
                if here != there:
                    return Symmetry(NO_SYMMETRY)
                continue
            terms = self._function.terms
            pairs.append((form(terms, here, x), form(terms, there, -x)))
        for kind in kinds:
            if self._holds(kind, pairs):
                return self._at_points(kind)
        return None

    def _as_written(self, kinds: Sequence[str]) -> Symmetry | None:
        """The symmetry of the formula before anything is chosen, as that of a staircase is seen."""
        places = [x for r in self._insides() for x in (r, -r)]
        if not all(self._function.at(x).has_value for x in places):
            return None
        terms, x = self._function.terms, Forms().atom("x")
        whole = self._function.arm({})
        try:
            pair = form(terms, whole, x), form(terms, whole, -x)
        except (NoFormError, ZeroDivisionError):
            return None
        return next((Symmetry(k) for k in kinds if k != POINT and self._holds(k, [pair])), None)

    def _holds(self, kind: str, pairs: Sequence[tuple[Form, Form]]) -> bool:
        if kind == EVEN:
            return all((a - b).is_zero for a, b in pairs)
        sums = [a + b for a, b in pairs]
        if kind == ODD:
            return all(total.is_zero for total in sums)
        if not sums:
            return False
        first = sums[0]
        if first.depends_on_x:
            level = self._level()
            if level is None:
                return False
            twice = Fraction(float(level.ball.mid()) * 2)
            first = first.ring.rational(twice.limit_denominator(_SIMPLE))
        return all((total - first).is_zero for total in sums)

    def _is_mirrored(self) -> bool:
        """Whether jumps are at doubles: where else they are is not known well enough."""
        loose = (JUMPS, POLE, REMOVABLE)
        return all(point.is_exact or point.kind not in loose for point in self._branches.points)

    def _insides(self) -> Iterator[float]:
        """A double inside each part of the positive half of the window."""
        cuts = sorted({abs(point.x) for point in self._branches.points} | {0.0, self._reach})
        for low, high in pairwise(cuts):
            if high >= LARGEST:
                yield 2 * low + 1.37
            else:
                yield low + (high - low) * 0.37

    def _arm(self, x: float) -> int | None:
        """The formula around a double; -1 where f is not defined, None where it is not known."""
        jet = self._function.at(x)
        if jet.is_nowhere_defined:
            return -1
        return None if jet.marks else self._function.arm(self._function.choices)

    def _at_points(self, kind: str) -> Symmetry | None:
        """The symmetry, if single values keep it too."""
        level = self._level() if kind == POINT else Interval(arb(0))
        if level is None:
            return None
        for point in self._branches.points:
            if point.kind not in (JUMPS, REMOVABLE) or point.value is None:
                continue
            here, other = self._value(point.x), self._value(-point.x)
            if here is None or other is None:
                return None
            image = here if kind == EVEN else level + level - here
            if image.apart(other):
                return Symmetry(NO_SYMMETRY)
            if not (image.ball.is_exact() and other.ball.is_exact()):
                return None
        middle = level.ball.mid()
        return Symmetry(kind, float(middle) + 0.0)

    def _value(self, x: float) -> Interval | None:
        jet = self._function.at(x)
        return jet.value if jet.has_value else None

    def _level(self) -> Interval | None:
        for r in self._insides():
            here, there = self._function.at(r), self._function.at(-r)
            if here.has_value and there.has_value:
                total: Interval = here.value + there.value
                return total.scale(arb(0.5))
        return None


def _is_finite(*jets: Jet) -> bool:
    return all(jet.value.is_point and jet.value.is_finite() for jet in jets)
