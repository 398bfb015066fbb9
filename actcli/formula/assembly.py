"""A program that is being put together, step by step."""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, NoReturn

from actcli.formula.primitives import CONDITIONS, CONSTANTS, PRIMITIVES
from actcli.formula.program import Program, Step, perform, pruned
from actcli.formula.scan import not_finite, refuse
from actcli.numeric.late import np

_SCALARS: Any = SimpleNamespace(
    **vars(math), power=math.pow, absolute=math.fabs, maximum=max, minimum=min
)
"""What is there of an arithmetic without arrays."""


class Assembly:
    """The steps of a formula, each distinct one once."""

    def __init__(self, text: str, parameters: Collection[str]) -> None:
        self.text = text
        self.parameters = parameters
        self.steps: dict[Step, int] = {}
        self.constants: dict[int, Any] = {}
        """The values of the steps that depend neither on x nor on a parameter."""
        self.truths: set[int] = set()
        """The steps whose result is a truth value."""
        self.bound: Mapping[str, int] = {}
        """The steps that names stand for in a formula that is written out."""
        self.depth = 0

    def program(self, result: int) -> Program:
        """The steps that the result needs, in order."""
        return pruned(list(self.steps), result)

    def add(self, node: ast.expr, operation: str, *arguments: int, **fields: Any) -> int:
        """The index of the step, old or new; a new constant one has to be finite."""
        step = Step(operation, arguments, **fields)
        if step in self.steps:
            return self.steps[step]
        index = self.steps[step] = len(self.steps)
        if operation in CONDITIONS:
            self.truths.add(index)
        if operation not in ("x", "parameter") and self.constants.keys() >= set(arguments):
            value = self._value(step)
            if not math.isfinite(value):
                refuse_at(node, not_finite(self.text[node.col_offset : node.end_col_offset]))
            self.constants[index] = float(value) if isinstance(value, float) else value
        return index

    def _value(self, step: Step) -> Any:
        """The value of a constant step."""
        if step.operation in ("number", "constant"):
            return CONSTANTS.get(step.name, step.number)
        arguments = [self.constants[i] for i in step.arguments]
        if step.operation in PRIMITIVES:
            with suppress(ArithmeticError, AttributeError, TypeError, ValueError):
                value = PRIMITIVES[step.operation].value(_SCALARS, *arguments)
                if isinstance(value, float):
                    return value
        from actcli.formula.values import arrays

        numbers = [arrays.number(a) if isinstance(a, float) else a for a in arguments]
        with np.errstate(all="ignore"):
            return perform(step, arrays.DoubleValues(arrays), numbers)


def refuse_at(node: ast.expr | ast.keyword, problem: str) -> NoReturn:
    """Reject the formula for what stands at a node.

    Raises:
        UsageError: always.
    """
    refuse(node.col_offset + 1, problem)
