"""The difference of two functions as one function, in which equal parts cancel exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flint import ctx

from actcli.activations.base import Activation
from actcli.formula.identities.identities import is_identically_zero
from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import INTERVALS, Jet
from actcli.structure.differences.steps import Steps
from actcli.structure.function import ProvedFunction, program_and_params

_BITS = 200


class Difference(ProvedFunction):
    """The function f - g, wherever both are defined."""

    def __init__(self, f: Activation, g: Activation) -> None:
        steps = Steps()
        x = steps.call("x")
        places = []
        for activation in (f, g):
            program, values = program_and_params(activation)
            params = {name: steps.number(value) for name, value in values.items()}
            places.append(steps.inline(program, x, params))
        result = _without_common_terms(steps, *places)
        super().__init__(steps.program(result), {})
        self._known: dict[Any, bool] = {}
        """For branches that were met, whether f and g are one function on them."""

    def _walk(self, algebra: JetAlgebra, x: Jet) -> Jet:
        jet = super()._walk(algebra, x)
        if jet.has_value and self._vanishes(algebra.choices, jet, x.value):
            return Jet(algebra.ring.zero(), None, None, jet.marks)
        return jet

    def _vanishes(self, choices: Mapping[int, Any], jet: Jet, x: Any) -> bool:
        """Whether f and g are one function where these branches hold: proved once for them."""
        if None in choices.values():
            return False
        key = tuple((call, str(choice)) for call, choice in choices.items())
        if key not in self._known:
            if jet.value.sign():
                return False
            self._known[key] = not self._is_refuted(choices, x) and is_identically_zero(
                self.program, choices
            )
        return self._known[key]

    def _is_refuted(self, choices: Mapping[int, Any], x: Any) -> bool:
        """Whether it is not 0 by these branches at some number."""
        low, high = (end if end.is_finite() else ZERO for end in (x.low, x.high))
        middle = ((low + high) / 2).mid()
        with ctx.workprec(_BITS):
            algebra = JetAlgebra(INTERVALS, forced=choices)
            jet = super()._walk(algebra, Jet(Interval(middle), Interval(ONE)))
        return jet.has_value and bool(jet.value.sign())


def less_multiple(function: ProvedFunction, slope: float) -> ProvedFunction:
    """The function f(x) - slope x, in which what f adds of that cancels exactly."""
    steps = Steps()
    x = steps.call("x")
    program, values = function.written
    place = steps.inline(program, x, {name: steps.number(a) for name, a in values.items()})
    multiple = x if slope == 1 else steps.call("*", steps.number(slope), x)
    return ProvedFunction(steps.program(_without_common_terms(steps, place, multiple)), {})


def _without_common_terms(steps: Steps, f: int, g: int) -> int:
    """The step f - g without what both add, beside which the rest might be too small to be seen.

    A common term that is not defined everywhere stays, less itself.
    """
    first, second = _terms(steps, f), _terms(steps, g)
    common = [place for place in first if place in second]
    if not common:
        return steps.call("-", f, g)
    first.subtract(second)
    result = _sum(steps, first)
    for term in common:
        if not steps.is_total(term):
            result = steps.call("+", result, steps.call("-", term, term))
    return result


def _terms(steps: Steps, place: int) -> Counter[int]:
    """The terms that a step adds up, and how often."""
    step = steps.step(place)
    if step.operation not in ("+", "-", "negate"):
        return Counter({place: 1})
    terms = [_terms(steps, argument) for argument in step.arguments]
    total = terms[0]
    if step.operation == "negate":
        return Counter({term: -count for term, count in total.items()})
    if step.operation == "+":
        total.update(terms[1])
    else:
        total.subtract(terms[1])
    return total


def _sum(steps: Steps, terms: Counter[int]) -> int:
    result = None
    for term, count in terms.items():
        if not count:
            continue
        if abs(count) != 1:
            term = steps.call("*", steps.number(abs(count)), term)
        if result is None:
            result = term if count > 0 else steps.call("negate", term)
        else:
            result = steps.call("+" if count > 0 else "-", result, term)
    return steps.number(0.0) if result is None else result
