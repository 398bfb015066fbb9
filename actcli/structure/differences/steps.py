"""Steps put together from several programs, each common subexpression once."""

from __future__ import annotations

from collections.abc import Mapping

from actcli.formula.jets.jet_algebra import program_of
from actcli.formula.program import Program, Step
from actcli.structure.shared_steps import pruned

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

    def is_total(self, place: int) -> bool:
        """Whether a step has a value for every x, as far as its operations tell."""
        return self._total[place]

    def step(self, place: int) -> Step:
        """The step at a place."""
        return self._steps[place]

    def program(self, result: int) -> Program:
        """The program that ends with this step."""
        return pruned(self._steps, result)

    def _is_total(self, step: Step) -> bool:
        if not all(self._total[i] for i in step.arguments):
            return False
        if step.operation not in _PARTIAL:
            return True
        last = self.step(step.arguments[-1])
        if last.operation != "number":
            return False
        if step.operation == "**":
            return last.number >= 0 and last.number.is_integer()
        return step.operation in ("/", "%") and last.number != 0
