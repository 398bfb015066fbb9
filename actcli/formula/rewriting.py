"""Forms of a program that mean the same over the reals and cancel less."""

from __future__ import annotations

from functools import lru_cache

from actcli.formula.program import Program, Step


@lru_cache(maxsize=256)
def without_cancellation(program: Program) -> Program:
    """The program with log(1 + u) as log1p(u) and exp(u) - 1 as expm1(u)."""
    steps = [_rewritten(step, program.steps) for step in program.steps]
    needed = {len(steps) - 1}
    for index in range(len(steps) - 1, -1, -1):
        if index in needed:
            needed.update(steps[index].arguments)
    place = {old: new for new, old in enumerate(sorted(needed))}
    return Program(tuple(steps[old].renumbered(place) for old in place))


def _rewritten(step: Step, steps: tuple[Step, ...]) -> Step:
    inner = [steps[i] for i in step.arguments]
    if step.operation == "log" and inner[0].operation == "+":
        left, right = inner[0].arguments
        for one, other in (left, right), (right, left):
            if _is_one(steps[one]):
                return Step("log1p", (other,))
    if step.operation == "-" and inner[0].operation == "exp" and _is_one(inner[1]):
        return Step("expm1", inner[0].arguments)
    return step


def _is_one(step: Step) -> bool:
    return step.operation == "number" and step.number == 1.0
