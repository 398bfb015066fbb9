"""The difference of two functions as one function, in which equal parts cancel exactly."""

from __future__ import annotations

from collections import Counter

from actcli.activation import Activation
from actcli.structure.function import ProvedFunction, program_and_params
from actcli.structure.shared_steps import with_shared_steps
from actcli.structure.steps import Steps


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
        self.program = self._program = with_shared_steps(steps.program(result))
        self._params, self.choices = {}, {}


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
