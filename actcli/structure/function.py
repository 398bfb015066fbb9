"""An activation as its formula, walked over jets: at points, beside them, on boxes, on tails."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from flint import arb, ctx

from actcli.activations.base import Activation
from actcli.formula.germs.derived_zeros import with_derived_zeros
from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import MORE_TERMS, GermRing
from actcli.formula.identities.arms import Arms, Terms, chosen
from actcli.formula.jets.intervals import INFINITY, ONE, ZERO, Interval, Real
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jet_signs import Choice, shared_choice
from actcli.formula.jets.jets import ANYTHING, INFINITE, INTERVALS, Jet, OutOfTimeError
from actcli.formula.program import Algebra, Program, T
from actcli.structure.divergence import limit_of
from actcli.structure.shared_steps import with_shared_steps, without_factors
from actcli.structure.symmetries.identities import is_constant_function
from actcli.structure.written import program_and_params

LARGEST = math.ldexp(2 - 2**-52, 1023)
"""The largest double: a box that ends there stands for one that goes on to infinity."""

_KEPT = 1 << 15
"""Jets that are remembered."""

HIGHEST = 2
"""The highest derivative of a jet."""

_NEAR = 2.0**-40
"""How far beside a number a germ is looked at, relative to it."""

_Noted = tuple[Jet, Mapping[int, Choice], Mapping[int, Jet], bool]
"""A jet, the choices on the way to it, what decided them, and whether one did so by equality."""


class ProvedFunction:
    """Enclosures of f, f' and f'' of an activation, from its formula alone."""

    def __init__(
        self,
        program: Program,
        params: Mapping[str, float],
        *,
        sharpened: bool = True,
        deadline: float = math.inf,
    ) -> None:
        self._written, self._params = program, params
        self._program = with_shared_steps(program, params) if sharpened else program
        self._found: dict[tuple[Any, ...], Any] = {}
        self.deadline = deadline
        """In seconds of CPU of the process: nothing is found out after it."""
        self.terms = Terms()
        """The formulas of its arms."""
        self.choices: Mapping[int, Choice] = {}
        """The choices of the last walk at a point or on a box."""
        self.deciding: Mapping[int, Jet] = {}
        """What decided them by its sign: on a box, what may be 0 there."""

    def __getstate__(self) -> dict[str, Any]:
        """What it is, for a copy or a pickle: what was found out, in balls, is found again."""
        left = self.deadline - time.process_time()
        found = {"_found": {}, "terms": Terms(), "choices": {}, "deciding": {}}
        return {**vars(self), **found, "deadline": left}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.deadline += time.process_time()

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that are written in the formula, and the parameters."""
        steps = self._program.steps
        written = [step.number for step in steps if step.operation == "number"]
        return (*written, *self._params.values())

    @classmethod
    def of(cls, activation: Activation) -> ProvedFunction:
        """The function that an activation's formula defines."""
        return ProvedFunction(*program_and_params(activation))

    @property
    def written(self) -> tuple[Program, Mapping[str, float]]:
        """The formula as it was given, and its parameters."""
        return self._written, self._params

    @property
    def program(self) -> Program:
        """The formula."""
        return self._program

    def expansion(self, ring: GermRing, order: int = HIGHEST, **given: Any) -> Jet:
        """The jet as germs, of as many terms as the ring has; to that derivative, if not all."""
        x = Jet(ring.x(), ring.const(ONE) if order else ANYTHING, None if order > 1 else ANYTHING)
        algebra = JetAlgebra(ring, **given)
        return self._levelled(with_derived_zeros(self._walk(algebra, x)), algebra.choices, ring.end)

    def _levelled(self, jet: Jet, choices: Mapping[int, Choice], *places: Real) -> Jet:
        """The jet, its slope identically 0 where what is chosen is a constant: x/abs(x).

        It is none if it is seen to have a slope at one of the places.
        """
        slope, bend = jet.slope, jet.curvature
        if jet.marks or slope is None or slope is ANYTHING or slope.sign():
            return jet
        if bend is not None and bend is not ANYTHING and bend.sign():
            return jet
        known = self.once(
            ("constant", *((place, chosen(choices[place])) for place in sorted(choices))),
            lambda: (
                not any(self._varies(x, choices) for x in places)
                and is_constant_function(self.terms, self.arm(choices))
            ),
        )
        return Jet(jet.value) if known else jet

    def _varies(self, x: Real, choices: Mapping[int, Choice]) -> bool:
        """Whether what is chosen is seen to have a slope at a number."""
        algebra = JetAlgebra(INTERVALS, forced=choices)
        jet = self._walk(algebra, Jet(Interval(arb(x)), Interval(ONE)))
        return not jet.marks and jet.slope is not None and bool(jet.slope.sign())

    @property
    def bare(self) -> ProvedFunction:
        """The function without the constant factors around it: it has the same zeros."""
        return self.another(without_factors(self._written), sharpened=False)

    def over(self, algebra: Algebra[T], x: T) -> T:
        """The formula's result over any kind of number."""
        params = {name: algebra.number(value) for name, value in self._params.items()}
        return self._program.walk(algebra, x, params)

    def another(self, program: Program, *, sharpened: bool = True) -> ProvedFunction:
        """Another function of the same parameters, to be found out about by the same time."""
        return ProvedFunction(program, self._params, sharpened=sharpened, deadline=self.deadline)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Find out about it for so many seconds of CPU at most."""
        before, now = self.deadline, time.process_time()
        self.deadline = min(before, now + seconds)
        try:
            yield
        finally:
            self.deadline = before

    def _walk(self, algebra: JetAlgebra, x: Jet) -> Jet:
        """The jet.

        Raises:
            OutOfTimeError: there is no time left for it.
        """
        if time.process_time() > self.deadline:
            raise OutOfTimeError
        algebra.deadline = self.deadline
        result: Jet = self.over(algebra, x)
        return result

    def at(
        self,
        x: Real,
        side: int = 0,
        forced: Mapping[int, Choice] | None = None,
        pinned: Collection[int] = (),
    ) -> Jet:
        """The jet at an exact number; with a side, its limit there (ties go that way).

        Or at the one number in a ball at which what decides the pinned choices is 0.
        """

        def find(side: int = side) -> _Noted:
            algebra = JetAlgebra(INTERVALS, side=side, forced=forced, pinned=pinned)
            return self._walked(algebra, Interval(arb(x)))

        if not isinstance(x, float) or forced is not None or pinned:
            return self._take(find())
        noted = self.once((x, 0), lambda: find(0))
        return self._take(self.once((x, side), find) if side and noted[-1] else noted)

    def at_infinity(self, side: int) -> Interval | None:
        """The limit of f at an end, where infinity can be put in for x; else None."""
        x = Jet(Interval(INFINITY * side), Interval(ONE), None, INFINITE)
        jet = self._walk(JetAlgebra(INTERVALS, side=-side), x)
        return jet.value if jet.marks == INFINITE and jet.value.is_one_number() else None

    def on(self, low: Real, high: Real, forced: Mapping[int, Choice] | None = None) -> Jet:
        """The jet on the open box (low, high).

        What decides a branch is seen at the ends too, where it is monotone on the box.
        """
        if forced is not None:
            return self._take(self._walked_on(low, high, forced=forced))
        return self._take(self.once(("on", low, high), lambda: self._seen_on(low, high)))

    def _walked_on(self, low: Real, high: Real, **given: Any) -> _Noted:
        algebra = JetAlgebra(INTERVALS, box=True, **given)
        return self._walked(algebra, Interval(arb(low), arb(high)))

    def _seen_on(self, low: Real, high: Real) -> _Noted:
        seen = self._walked_on(low, high)
        jet, _, deciding, _ = seen
        settled = self._settled(low, high, deciding) if jet.marks and deciding else None
        if settled:
            seen = self._walked_on(low, high, settled=settled)
        return (self._levelled(seen[0], seen[1], low, high), *seen[1:])

    def _settled(
        self, low: Real, high: Real, deciding: Mapping[int, Jet]
    ) -> Mapping[int, Choice] | None:
        """The choices on a box, where what decides them is monotone and alike at both ends."""
        if not all(u.slope is not None and u.slope.sign() for u in deciding.values()):
            return None
        ends = []
        for x, side in ((low, 1), (high, -1)):
            self.at(x, side)
            ends.append((self.choices, self.deciding))
        settled = {key: shared_choice(key, *ends) for key in deciding}
        return None if None in settled.values() else settled

    def _walked(self, algebra: JetAlgebra, x: Interval) -> _Noted:
        jet = self._walk(algebra, Jet(x, Interval(ONE)))
        return jet, algebra.choices, algebra.deciding, algebra.is_tied

    def _take(self, noted: _Noted) -> Jet:
        jet, self.choices, self.deciding, _ = noted
        return jet

    def germ(self, ring: GermRing, order: int = HIGHEST, **given: Any) -> Jet:
        """The jet as germs, to that derivative; with more terms where what cancels leaves too few.

        What lies beyond the order may be `ANYTHING`. Choices may be `forced` or `pinned`.
        """
        if given.get("forced") is not None or given.get("pinned"):
            return self._germ(ring, order, **given)
        keys = [("germ", *ring.key, each) for each in range(order, HIGHEST + 1)]
        known = next((key for key in keys if (*key, ctx.prec) in self._found), keys[0])
        jet: Jet = self.once(known, lambda: self._germ(ring, order))
        return jet

    def _germ(self, ring: GermRing, order: int, **given: Any) -> Jet:
        jet = self.expansion(ring, order, **given)
        derivatives = [q for q in (jet.slope, jet.curvature) if isinstance(q, Germ)]
        if (
            not jet.has_value
            or ring.terms >= MORE_TERMS
            or not any(q.is_thin() for q in derivatives)
        ):
            return jet
        finer = self.expansion(ring.finer(), order, **given)
        return finer if finer.has_value else jet

    def once(self, key: tuple[Any, ...], find: Callable[[], Any]) -> Any:
        """What was found before: the searches cut the line in the same places."""
        key = (*key, ctx.prec)
        if key not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[key] = find()
        return self._found[key]

    def arm(self, choices: Mapping[int, Choice]) -> int:
        """The formula that is left of f once these choices are made, among the `terms`."""
        return self._arm(Arms(self.terms, choices))

    def _arm(self, algebra: Arms) -> int:
        parameters = {name: algebra.number(value) for name, value in self._params.items()}
        result: int = self._program.walk(algebra, self.terms.term("x"), parameters)
        return result

    def compared(self, choices: Mapping[int, Choice]) -> Mapping[int, tuple[int, int]]:
        """The two formulas that each comparison is of, once these choices are made."""
        algebra = Arms(self.terms, choices)
        self._arm(algebra)
        return algebra.compared

    def limit(self, x: float, side: int, order: int = 0) -> Interval | None:
        """The one-sided limit of f, or of f', at a double; None where it is not known."""
        jet = self.at(x, side)
        q: Interval | None = jet.order(order)
        if not jet.marks and (q is None or q.is_finite()):
            return Interval(ZERO) if q is None else q
        if abs(x) == LARGEST:
            return None
        found: Interval | None = None
        plain = GermRing(_NEAR * (abs(x) or _NEAR), side=side, centre=x)
        for ring in (plain, plain.milder()):
            if self.germ(ring).has_value:
                limit = limit_of(partial(self.germ, ring), order)
                found = limit if found is None or limit.is_point else found
            if found is None or found.is_point:
                break
        return found
