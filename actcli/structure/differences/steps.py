"""Steps put together from several programs, each common subexpression once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from actcli.formula.by_formula import program_of
from actcli.formula.program import Program, Step, pruned

_PARTIAL = {"sqrt", "log", "log1p", "tan", "/", "%", "**"}
"""Operations that are not defined for all arguments."""


class Steps:
    """Steps of one program in the making: adding one that is there already gives its place."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._places: dict[Step, int] = {}
        self._total: list[bool] = []

    def add(self, step: Step) -> int:
        """The place of a step."""
        if step.operation in ("+", "*"):
            step = step._replace(arguments=tuple(sorted(step.arguments)))
        if step not in self._places:
            self._total.append(self._is_total(step))
            self._places[step] = len(self._steps)
            self._steps.append(step)
        return self._places[step]

    def call(self, operation: str, *arguments: int) -> int:
        """The place of an operation on earlier steps."""
        return self.add(Step(operation, arguments))

    def number(self, value: float) -> int:
        """The place of a literal."""
        return self.add(Step("number", number=value))

    def inline(self, program: Program, x: int, params: Mapping[str, int]) -> int:
        """The place of a formula's result; functions of the catalogue go by their own formulas."""
        places: list[int] = []
        for step in program.steps:
            arguments = [places[i] for i in step.arguments]
            if step.operation == "x":
                place = x
            elif step.operation == "parameter":
                place = params[step.name]
            elif step.activation is not None:
                given = dict(zip(step.keys, arguments[1:], strict=True))
                defaults = {p.name: self.number(p.default) for p in step.activation.parameters()}
                place = self.inline(
                    program_of(step.activation), arguments[0], {**defaults, **given}
                )
            else:
                place = self.add(step._replace(arguments=tuple(arguments)))
            places.append(place)
        return places[-1]

    def difference(self, f: int, g: int) -> int:
        """The step f - g without what both add, beside which the rest might not be seen.

        A common term that is not defined everywhere stays, less itself. A common factor g is taken
        out: a gate less 1 is known better than what it lets through less all of it.
        """
        if (multiple := self._multiple_less_one(f, g)) is not None:
            return multiple
        first, second = self._terms(f), self._terms(g)
        common = [place for place in first if place in second]
        if not common:
            return self.call("-", f, g)
        first.subtract(second)
        result = self._sum(first)
        for term in common:
            if not self._total[term]:
                result = self.call("+", result, self.call("-", term, term))
        return result

    def _multiple_less_one(self, f: int, g: int) -> int | None:
        """The step g (u - 1) where f is g u, or g (-v/(1 + v)) where it is g/(1 + v); else None."""
        step, one = self._steps[f], self.number(1.0)
        if step.operation == "*" and g in step.arguments:
            u = step.arguments[step.arguments[0] == g]
            return self.call("*", g, self.difference(u, one))
        if step.operation == "/" and step.arguments[0] == g:
            u = step.arguments[1]
            if self._terms(u)[one] != 1:
                return None
            return self.call("*", g, self.call("/", self.difference(one, u), u))
        return None

    def _terms(self, place: int) -> Counter[int]:
        """The terms that a step adds up, and how often."""
        step = self._steps[place]
        if step.operation not in ("+", "-", "negate"):
            return Counter({place: 1})
        terms = [self._terms(argument) for argument in step.arguments]
        total = terms[0]
        if step.operation == "negate":
            return Counter({term: -count for term, count in total.items()})
        if step.operation == "+":
            total.update(terms[1])
        else:
            total.subtract(terms[1])
        return total

    def _sum(self, terms: Counter[int]) -> int:
        result = None
        for term, count in terms.items():
            if not count:
                continue
            if abs(count) != 1:
                term = self.call("*", self.number(abs(count)), term)
            if result is None:
                result = term if count > 0 else self.call("negate", term)
            else:
                result = self.call("+" if count > 0 else "-", result, term)
        return self.number(0.0) if result is None else result

    def program(self, result: int) -> Program:
        """The program that ends with this step."""
        return pruned(self._steps, result)

    def _is_total(self, step: Step) -> bool:
        if not all(self._total[i] for i in step.arguments):
            return False
        if step.operation not in _PARTIAL:
            return True
        last = self._steps[step.arguments[-1]]
        if last.operation != "number":
            return False
        if step.operation == "**":
            return last.number >= 0 and last.number.is_integer()
        return step.operation in ("/", "%") and last.number != 0
