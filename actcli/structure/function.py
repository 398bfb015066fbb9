"""An activation as its formula, walked over jets: at points, beside them, on boxes, on tails."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb

from actcli.activation import Activation
from actcli.catalogue.registry import Named
from actcli.expression import Expression
from actcli.expression.germ_ring import MORE_TERMS, GermRing
from actcli.expression.intervals import ONE, Interval
from actcli.expression.jet_algebra import JetAlgebra, program_of
from actcli.expression.jets import INTERVALS, Jet
from actcli.expression.program import Algebra, Program
from actcli.structure.shared_steps import with_shared_steps

LARGEST = math.ldexp(2 - 2**-52, 1023)
"""The largest double: a box that ends there stands for one that goes on to infinity."""

_NEAR = 2.0**-40
"""How far beside a number a germ is looked at, relative to it."""


class ProvedFunction:
    """Enclosures of f, f' and f'' of an activation, from its formula alone."""

    def __init__(self, activation: Activation) -> None:
        program, self._params = _program(activation)
        self._program = with_shared_steps(program)
        self.choices: Sequence[Any] = ()
        """The choices of the last walk at a point."""

    def over(self, algebra: Algebra, x: Any) -> Any:
        """The formula's result over any kind of number."""
        params = {name: algebra.number(value) for name, value in self._params.items()}
        return self._program.walk(algebra, x, params)

    def _walk(self, algebra: JetAlgebra, x: Jet) -> Jet:
        result: Jet = self.over(algebra, x)
        return result

    def at(self, x: Any, side: int = 0) -> Jet:
        """The jet at an exact number; with a side, as it is just beside it (ties go that way)."""
        algebra = JetAlgebra(INTERVALS, side=side)
        jet = self._walk(algebra, Jet(Interval(arb(x)), Interval(ONE)))
        self.choices = algebra.choices
        return jet

    def on(self, low: Any, high: Any, forced: Sequence[Any] | None = None) -> Jet:
        """The jet on the open box (low, high)."""
        algebra = JetAlgebra(INTERVALS, box=True, forced=forced)
        return self._walk(algebra, Jet(Interval(arb(low), arb(high)), Interval(ONE)))

    def germ(self, ring: GermRing, forced: Sequence[Any] | None = None) -> Jet:
        """The jet as germs; with more terms where what cancels leaves too few."""
        jet = self._walk(JetAlgebra(ring, forced=forced), Jet(ring.x(), ring.const(ONE)))
        derivatives = [q for q in (jet.slope, jet.curvature) if q is not None]
        if (
            not jet.has_value
            or ring.terms >= MORE_TERMS
            or not any(q.is_thin() for q in derivatives)
        ):
            return jet
        ring = ring.finer()
        finer = self._walk(JetAlgebra(ring, forced=forced), Jet(ring.x(), ring.const(ONE)))
        return finer if finer.has_value else jet

    def limits(self, x: float, side: int) -> tuple[Interval, Interval, Interval] | None:
        """The one-sided limits of f, f' and f'' at a double; None where they are not known."""
        ring = GermRing(_NEAR * (abs(x) or _NEAR), side=side, centre=x)
        jet = self.germ(ring)
        if not jet.has_value:
            return None
        value, slope, curvature = (jet.order(n) for n in range(3))
        return ring.limit(value), ring.limit(slope), ring.limit(curvature)


def _program(activation: Activation) -> tuple[Program, Mapping[str, float]]:
    if isinstance(activation, Named):
        return program_of(type(activation)), activation.params
    if isinstance(activation, Expression):
        return activation.program, {}
    from actcli.expression import expression

    return expression(activation.formula).program, {}
