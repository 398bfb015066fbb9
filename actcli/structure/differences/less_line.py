"""A function less a line: what is left of it where the line is its asymptote, or what it adds."""

from __future__ import annotations

from typing import Any

from flint import arb

from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.identities.arms import Arms
from actcli.formula.jets.intervals import ZERO
from actcli.formula.jets.jets import ANYTHING, Jet, UndecidedError, none_if_zero
from actcli.formula.program import Program, Step
from actcli.structure.differences.steps import Steps
from actcli.structure.function import HIGHEST, ProvedFunction


def less_multiple(function: ProvedFunction, slope: float) -> ProvedFunction:
    """The function f(x) - slope x, in which what f adds of that cancels exactly."""
    return ProvedFunction(_less(function, slope), {}, deadline=function.deadline)


def _less(function: ProvedFunction, slope: float | None, *, has_intercept: bool = False) -> Program:
    """The program of f less a line; a slope of None, and the intercept, are parameters."""
    steps = Steps()
    x = steps.call("x")
    program, values = function.written
    place = steps.inline(program, x, {name: steps.number(a) for name, a in values.items()})
    if slope != 0:
        parameter = Step("parameter", name="slope")
        factor = steps.add(parameter) if slope is None else steps.number(slope)
        place = steps.difference(place, x if slope == 1 else steps.call("*", factor, x))
    if has_intercept:
        place = steps.call("-", place, steps.add(Step("parameter", name="intercept")))
    return steps.program(place)


class LessLine(ProvedFunction):
    """The function f(x) - (m x + c) for the line that f approaches at one end.

    m and c are balls: at that end, where they are the leading coefficients of f by definition,
    they cancel exactly all the same.
    """

    def __init__(self, function: ProvedFunction, side: int, slope: arb, intercept: arb) -> None:
        self._side = side
        written = float(slope) if slope.is_exact() else None
        program = _less(function, written, has_intercept=True)
        balls: dict[str, Any] = {"slope": slope, "intercept": intercept}
        super().__init__(program, balls, deadline=function.deadline)

    def _arm(self, algebra: Arms) -> int:
        parameters = {name: self.terms.term("parameter", name) for name in self._params}
        result: int = self._program.walk(algebra, self.terms.term("x"), parameters)
        return result

    def germ(self, ring: GermRing, order: int = HIGHEST, **given: Any) -> Jet:
        """The jet as germs."""
        jet = super().germ(ring, order, **given)
        if not (jet.has_value and ring.at_infinity and ring.side == self._side):
            return jet
        slope = jet.slope
        if slope is not None and slope is not ANYTHING:
            slope = none_if_zero(_without(slope, 0))
        return Jet(_without(jet.value, -1), slope, jet.curvature, jet.marks)


def _without(germ: Germ, least: int) -> Germ:
    """A germ that goes to 0, as its line is taken away, without the powers from `least` to 0."""
    lead = germ.leading()
    if lead.U is not None or lead.p > 0 or germ.is_zero():
        return germ
    if not isinstance(lead.p, int) or lead.p < least or len(lead.c) < 1 - lead.p:
        raise UndecidedError
    count = 1 - lead.p
    rest = Germ(germ.ring, lead.p, None, [ZERO] * count + lead.c[count:], lead.R)
    return rest if germ.smaller is None else rest + germ.smaller
