"""An activation as its formula, walked over jets: at points, beside them, on boxes, on tails."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from flint import arb

from actcli.activation import Activation
from actcli.catalogue.registry import Named
from actcli.expression import Expression
from actcli.expression.germ_ring import MORE_TERMS, GermRing
from actcli.expression.intervals import ONE, ZERO, Interval
from actcli.expression.jet_algebra import JetAlgebra, program_of
from actcli.expression.jets import INTERVALS, Jet
from actcli.expression.program import Program
from actcli.structure.divergence import limit_of
from actcli.structure.shared_steps import with_shared_steps

LARGEST = math.ldexp(2 - 2**-52, 1023)
"""The largest double: a box that ends there stands for one that goes on to infinity."""

_NEAR = 2.0**-40
"""How far beside a number a germ is looked at, relative to it."""


class Switch(NamedTuple):
    """About where a branch changes in a box: where a secant of what decides it is 0."""

    place: Any
    is_only: bool
    """Whether each choice that is not one on the whole box changes there once."""


class ProvedFunction:
    """Enclosures of f, f' and f'' of an activation, from its formula alone."""

    def __init__(self, activation: Activation) -> None:
        program, self._params = program_and_params(activation)
        self._program = with_shared_steps(program)
        self.choices: Mapping[int, Any] = {}
        """The choices of the last walk at a point."""

    def _walk(self, algebra: JetAlgebra, x: Jet) -> Jet:
        params = {k: Jet(algebra.ring.const(arb(v))) for k, v in self._params.items()}
        result: Jet = self._program.walk(algebra, x, params)
        return result

    def at(self, x: Any, side: int = 0) -> Jet:
        """The jet at an exact number; with a side, as it is just beside it (ties go that way)."""
        algebra = JetAlgebra(INTERVALS, side=side)
        jet = self._walk(algebra, Jet(Interval(arb(x)), Interval(ONE)))
        self.choices = algebra.choices
        return jet

    def on(self, low: Any, high: Any, forced: Mapping[int, Any] | None = None) -> Jet:
        """The jet on the open box (low, high)."""
        algebra = JetAlgebra(INTERVALS, box=True, forced=forced)
        return self._walk(algebra, Jet(Interval(arb(low), arb(high)), Interval(ONE)))

    def switch(self, low: float, high: float) -> Switch | None:
        """Where a branch changes inside a box; None where none is seen to."""
        box = JetAlgebra(INTERVALS, box=True)
        self._walk(box, Jet(Interval(arb(low), arb(high)), Interval(ONE)))
        ends = [JetAlgebra(INTERVALS, side=side) for side in (1, -1)]
        for algebra, x in zip(ends, (low, high), strict=True):
            self._walk(algebra, Jet(Interval(arb(x)), Interval(ONE)))
        places, is_only = [], True
        for call in (call for call, choice in box.choices.items() if choice is None):
            before, after = (algebra.choices.get(call) for algebra in ends)
            slope = box.deciding[call].slope
            if before is None or after is None or before == after:
                is_only = False
                continue
            level = ZERO if isinstance(before, int) else before.max(after)
            u, w = (algebra.deciding[call].value.ball - level for algebra in ends)
            places.append((arb(low) * w - arb(high) * u) / (w - u))
            is_only &= slope is not None and bool(slope.sign())
        return Switch(places[0], is_only) if places and places[0].is_finite() else None

    def expansion(self, ring: GermRing, forced: Mapping[int, Any] | None = None) -> Jet:
        """The jet as germs."""
        return self._walk(JetAlgebra(ring, forced=forced), Jet(ring.x(), ring.const(ONE)))

    def germ(self, ring: GermRing, forced: Mapping[int, Any] | None = None) -> Jet:
        """The jet as germs; with more terms where what cancels leaves too few."""
        jet = self.expansion(ring, forced)
        derivatives = [q for q in (jet.slope, jet.curvature) if q is not None]
        if (
            not jet.has_value
            or ring.terms >= MORE_TERMS
            or not any(q.is_thin() for q in derivatives)
        ):
            return jet
        ring = ring.finer()
        finer = self.expansion(ring, forced)
        return finer if finer.has_value else jet

    def limits(self, x: float, side: int) -> tuple[Interval, Interval, Interval] | None:
        """The one-sided limits of f, f' and f'' at a double; None where they are not known."""
        ring = GermRing(_NEAR * (abs(x) or _NEAR), side=side, centre=x)
        jet = self.germ(ring)
        if not jet.has_value:
            return None
        return limit_of(jet), limit_of(jet, 1), ring.limit(jet.curvature)


def program_and_params(activation: Activation) -> tuple[Program, Mapping[str, float]]:
    """The formula of an activation, and the numbers that its parameters stand for."""
    if isinstance(activation, Named):
        return program_of(type(activation)), activation.params
    if isinstance(activation, Expression):
        return activation.program, {}
    from actcli.expression import expression

    return expression(activation.formula).program, {}
