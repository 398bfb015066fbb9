"""From the text of a formula to its program.

Python's grammar reads the text; only the nodes below are understood. A formula is data: no name in
it reaches Python, and whatever is not on these lists is refused with its column.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Collection
from contextlib import suppress
from typing import Any, NoReturn

from actcli.errors import UsageError
from actcli.formula.algebras import Values, instance
from actcli.formula.primitives import CONDITIONS, CONSTANTS, FUNCTIONS
from actcli.formula.program import Program, Step, perform
from actcli.formula.scan import normalised, not_finite, refuse
from actcli.formula.vocabulary import about_function, about_name, named_activation
from actcli.numeric.late import np

MAX_DEPTH = 200
"""Operators within operators: `x + x + ... + x` has one level a term."""

TOO_DEEP = f"more than {MAX_DEPTH} operations within one another"

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def parse(text: str, parameters: Collection[str] = ()) -> Program:
    """The program of a formula in x and, for the catalogue's own, named parameters.

    Raises:
        UsageError: the text is not a formula; the message gives the column and the mending.
    """
    text = normalised(text)
    builder = _Builder(text, parameters)
    return builder.program(builder.number(_tree(text)))


def _tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        column = error.offset or len(text) + 1
        rest = text[column - 1 :].lstrip()
        if rest.startswith("="):
            refuse(column, "'=' only sets a parameter inside a call; equality is written ==")
        if not rest:
            refuse(len(text) + 1, "the formula ends where a number, x or a function should follow")
        refuse(column, "cannot be read from here; write numbers, x and functions, with operators")
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise UsageError(
            f"the formula has {TOO_DEEP}; write it more simply"
        ) from None  # how deep Python itself parses differs from version to version


class _Builder:
    """Turns syntax into steps, each distinct one once."""

    def __init__(self, text: str, parameters: Collection[str]) -> None:
        self.text = text
        self.parameters = parameters
        self.steps: dict[Step, int] = {}
        self.constants: dict[int, Any] = {}
        """The values of the steps that depend neither on x nor on a parameter."""
        self.truths: set[int] = set()
        """The steps whose result is a truth value."""
        self.depth = 0

    def program(self, result: int) -> Program:
        """The steps that the result needs, in order."""
        steps = list(self.steps)
        needed = {result}
        for index in range(result, -1, -1):
            if index in needed:
                needed.update(steps[index].arguments)
        place = {old: new for new, old in enumerate(sorted(needed))}
        return Program(tuple(steps[old].renumbered(place) for old in place))

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
                _refuse(node, not_finite(self.text[node.col_offset : node.end_col_offset]))
            self.constants[index] = float(value) if isinstance(value, float) else value
        return index

    def _value(self, step: Step) -> Any:
        """The value of a constant step."""
        if step.operation in ("number", "constant"):
            return CONSTANTS.get(step.name, step.number)
        arguments = [self.constants[i] for i in step.arguments]
        with suppress(ArithmeticError, AttributeError, TypeError, ValueError):
            value = perform(step, Values(math), arguments)
            if isinstance(value, float):
                return value
        from actcli.formula.values import arrays

        numbers = [arrays.number(a) if isinstance(a, float) else a for a in arguments]
        with np.errstate(all="ignore"):
            return perform(step, Values(arrays), numbers)

    def number(self, node: ast.expr) -> int:
        """The step of a numeric expression; a condition counts as 1 or 0."""
        index = self.visit(node)
        if index not in self.truths:
            return index
        one, zero = (self.add(node, "number", number=value) for value in (1.0, 0.0))
        return self.add(node, "where", index, one, zero)

    def condition(self, node: ast.expr) -> int:
        """The step of a condition."""
        index = self.visit(node)
        if index not in self.truths:
            _refuse(node, "a condition is expected here, such as x > 0")
        return index

    def visit(self, node: ast.expr) -> int:
        """The step of any expression."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            _refuse(node, TOO_DEEP)
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                index = self._literal(node, value)
            case ast.Name(id=name):
                index = self._name(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                index = self.add(node, "negate", self.number(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                index = self.number(operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                index = self.add(node, "not", self.condition(operand))
            case ast.BinOp(op=operator) if type(operator) in _BINARY:
                index = self._binary(node, _BINARY[type(operator)])
            case ast.Compare():
                index = self._comparison(node)
            case ast.BoolOp(op=operator, values=values):
                operation = "and" if isinstance(operator, ast.And) else "or"
                conditions = [self.condition(value) for value in values]
                index = self._fold(node, operation, conditions)
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                index = self._where(node, [test, body, otherwise])
            case ast.Call():
                index = self._call(node)
            case _:
                _refuse(node, "only numbers, x, operators and function calls are allowed")
        self.depth -= 1
        return index

    def _literal(self, node: ast.expr, value: float) -> int:
        if isinstance(value, bool):
            _refuse(node, "write a condition such as x > 0, or a number")
        return self.add(node, "number", number=float(value))

    def _name(self, node: ast.expr, name: str) -> int:
        if name == "x":
            return self.add(node, "x")
        if name in self.parameters:
            return self.add(node, "parameter", name=name)
        if name not in CONSTANTS:
            _refuse(node, about_name(name))
        return self.add(node, "constant", name=name)

    def _binary(self, node: ast.BinOp, operation: str) -> int:
        left, right = self.number(node.left), self.number(node.right)
        if operation == "**" and isinstance(node.left, ast.Name) and node.left.id == "e":
            return self.add(node, "exp", right)
        return self.add(node, operation, left, right)

    def _comparison(self, node: ast.Compare) -> int:
        sides = [self.number(side) for side in (node.left, *node.comparators)]
        links = []
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operator) not in _COMPARISONS:
                _refuse(node, "compare with < <= > >= == or !=")
            links.append(self.add(node, _COMPARISONS[type(operator)], left, right))
        return self._fold(node, "and", links)

    def _fold(self, node: ast.expr, operation: str, indices: list[int]) -> int:
        first, *others = indices
        for other in others:
            first = self.add(node, operation, first, other)
        return first

    def _where(self, node: ast.expr, parts: list[ast.expr]) -> int:
        condition, yes, no = parts
        return self.add(node, "where", self.condition(condition), self.number(yes), self.number(no))

    def _call(self, node: ast.Call) -> int:
        if not isinstance(node.func, ast.Name):
            _refuse(node, "only a function can be called; a product is written with *")
        name, arguments = node.func.id, node.args
        if name in ("x", "pi", "e") or name in self.parameters:
            _refuse(node, f"{name} is not a function; a product is written {name}*(...)")
        for argument in arguments:
            if isinstance(argument, ast.Starred):
                _refuse(argument, "'*' cannot stand in front of an argument")
        if name in FUNCTIONS and not node.keywords:
            self._expect(node, name, 1)
            return self.add(node, name, self.number(arguments[0]))
        if name == "where" and not node.keywords:
            self._expect(node, "where", 3)
            return self._where(node, arguments)
        if name in ("min", "max") and not node.keywords:
            if len(arguments) < 2:
                _refuse(node, f"{name} takes two arguments or more, not {len(arguments)}")
            return self._fold(node, name, [self.number(argument) for argument in arguments])
        return self._activation(node, name)

    def _expect(self, node: ast.Call, name: str, count: int) -> None:
        given = len(node.args)
        if given != count:
            plural = "argument" if count == 1 else "arguments"
            _refuse(node, f"{name} takes {count} {plural}, not {given}")

    def _activation(self, node: ast.Call, name: str) -> int:
        cls = named_activation(name)
        if cls is None:
            _refuse(node, about_function(name))
        known = [parameter.name for parameter in cls.parameters()]
        allowed = f"its parameters are {', '.join(known)}" if known else "it has no parameters"
        if len(node.args) != 1:
            _refuse(node, f"{name} takes one argument and parameters by name; {allowed}")
        keys = [keyword.arg or "**" for keyword in node.keywords]
        for keyword, key in zip(node.keywords, keys, strict=True):
            if key not in known:
                _refuse(keyword, f"{name} has no parameter {key}; {allowed}")
        x = self.number(node.args[0])
        values = [self.number(keyword.value) for keyword in node.keywords]
        varying = Program(tuple(self.steps)).varying
        for keyword, key, value in zip(node.keywords, keys, values, strict=True):
            if varying[value]:
                _refuse(keyword, f"the parameter {key} cannot depend on x")
        if self.constants.keys() >= set(values):
            try:
                instance(cls, {k: self.constants[v] for k, v in zip(keys, values, strict=True)})
            except UsageError as error:
                _refuse(node, str(error))
        return self.add(node, "activation", x, *values, activation=cls, keys=tuple(keys))


def _refuse(node: ast.expr | ast.keyword, problem: str) -> NoReturn:
    refuse(node.col_offset + 1, problem)
