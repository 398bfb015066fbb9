"""A program in which what the language writes in many ways is one operation.

Balls know that log(1 + u) is log1p(u), that log1p(exp(u)) is softplus(u) and that
exp(u)/(1 + exp(u)) is sigmoid(u) only where they are told; then nothing overflows and nothing
cancels on the way.
"""

from __future__ import annotations

from collections.abc import Sequence

from actcli.expression.program import Program, Step


def with_shared_steps(program: Program) -> Program:
    """The same function by fewer and sharper operations."""
    steps: list[Step] = []
    place: list[int] = []
    for step in program.steps:
        step = _sharpened(step.renumbered(dict(enumerate(place))), steps)
        if step not in steps:
            steps.append(step)
        place.append(steps.index(step))
    return pruned(steps, place[-1])


def _sharpened(step: Step, steps: list[Step]) -> Step:
    if step.operation == "log" and (inner := _after_one(steps, step.arguments[0])) is not None:
        step = Step("log1p", (inner,))
    if step.operation == "log1p" and steps[step.arguments[0]].operation == "exp":
        return Step("softplus", steps[step.arguments[0]].arguments)
    if step.operation == "/":
        u, w = step.arguments
        if steps[u].operation == "exp" and _after_one(steps, w) == u:
            return Step("sigmoid", steps[u].arguments)
    return step


def _after_one(steps: list[Step], i: int) -> int | None:
    """The u of a step that is 1 + u."""
    if steps[i].operation == "+":
        for one, other in (steps[i].arguments, steps[i].arguments[::-1]):
            if steps[one].operation == "number" and steps[one].number == 1:
                return other
    return None


def pruned(steps: Sequence[Step], result: int) -> Program:
    """The steps that a result needs, in their order."""
    used = {result}
    for i in range(result, -1, -1):
        if i in used:
            used.update(steps[i].arguments)
    place = {old: new for new, old in enumerate(sorted(used))}
    return Program(tuple(steps[old].renumbered(place) for old in sorted(used)))
