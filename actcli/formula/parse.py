"""From the text of a formula to its program.

Python's grammar reads the text; only the nodes below are understood. A formula is data: no name in
it reaches Python, and whatever is not on these lists is refused with its column.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from actcli.activations.registry import Named
from actcli.errors import UsageError, quoted
from actcli.formula.algebras import instance
from actcli.formula.assembly import Assembly, refuse_at
from actcli.formula.definitions import definition, forms
from actcli.formula.primitives import CHOICES, CONSTANTS, FUNCTIONS
from actcli.formula.program import Program
from actcli.formula.scan import normalised
from actcli.formula.syntax import (
    BINARY,
    COMPARISONS,
    MAX_DEPTH,
    TOO_DEEP,
    mentions_x,
    option_of,
    path_of,
    tree_of,
)
from actcli.formula.vocabulary import (
    about_function,
    about_member,
    about_name,
    in_framework,
    named_activation,
    primitive,
)


def parse(text: str, parameters: Collection[str] = ()) -> Program:
    """The program of a formula in x and, for the catalogue's own, named parameters.

    Raises:
        UsageError: the text is not a formula; the message gives the column and the mending.
    """
    text = normalised(text)
    builder = _Builder(text, parameters)
    return builder.program(builder.number(tree_of(text)))


class _Builder(Assembly):
    """Turns syntax into steps."""

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
            refuse_at(node, "a condition is expected here, such as x > 0")
        return index

    def visit(self, node: ast.expr) -> int:
        """The step of any expression."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            refuse_at(node, TOO_DEEP)
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                index = self._literal(node, value)
            case ast.Name(id=name):
                index = self._name(node, name)
            case ast.Attribute(attr="pi" | "e" as name):
                index = self._name(node, name)
            case ast.Attribute(attr=name):
                refuse_at(node, about_name(name))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                index = self.add(node, "negate", self.number(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                index = self.number(operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                index = self.add(node, "not", self.condition(operand))
            case ast.BinOp(op=operator) if type(operator) in BINARY:
                index = self._binary(node, BINARY[type(operator)])
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
                refuse_at(node, "only numbers, x, operators and function calls are allowed")
        self.depth -= 1
        return index

    def _literal(self, node: ast.expr, value: float) -> int:
        if isinstance(value, bool):
            refuse_at(node, "write a condition such as x > 0, or a number")
        return self.add(node, "number", number=float(value))

    def _name(self, node: ast.expr, name: str) -> int:
        if name in self.bound:
            return self.bound[name]
        if name == "x":
            return self.add(node, "x")
        if name in self.parameters:
            return self.add(node, "parameter", name=name)
        if name not in CONSTANTS:
            refuse_at(node, about_name(name))
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
            if type(operator) not in COMPARISONS:
                refuse_at(node, "compare with < <= > >= == or !=")
            links.append(self.add(node, COMPARISONS[type(operator)], left, right))
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
        if isinstance(node.func, ast.Call) and len(node.args) == 1 and not node.keywords:
            return self._layer(node.func, node.args[0])
        path = path_of(node.func)
        if path is None:
            refuse_at(node, "only a function can be called; a product is written with *")
        if path in ("x", "pi", "e") or path in self.parameters:
            refuse_at(node, f"{path} is not a function; a product is written {path}*(...)")
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                refuse_at(argument, "'*' cannot stand in front of an argument")
        *rooms, name = path.split(".")
        with self._refusing(node):
            meant = in_framework(rooms, name)
        if meant is not None:
            return self._of_framework(node, *meant)
        known = self._known(node, primitive(rooms, name))
        if known is not None:
            return known
        if rooms:
            refuse_at(node, about_member(path))
        return self._activation(node, name)

    def _known(self, node: ast.Call, name: str) -> int | None:
        """A call of a primitive, or of what is written out in primitives."""
        arguments, keywords = node.args, [keyword.arg or "**" for keyword in node.keywords]
        if name in FUNCTIONS and not keywords:
            self._expect(node, name, 1)
            return self.add(node, name, self.number(arguments[0]))
        if name == "where" and not keywords:
            self._expect(node, "where", 3)
            return self._where(node, arguments)
        if name in ("min", "max") and not keywords:
            if len(arguments) < 2:
                refuse_at(node, f"{name} takes two arguments or more, not {len(arguments)}")
            return self._fold(node, name, [self.number(argument) for argument in arguments])
        one = definition(name, len(arguments), keywords)
        if one is None and forms(name):
            refuse_at(node, f"write {' or '.join(forms(name)[:3])}")
        if name in (*FUNCTIONS, *CHOICES) and named_activation(name) is None:
            refuse_at(node, f"{name} takes its arguments by position")
        if one is None:
            return None
        values = [*arguments, *(keyword.value for keyword in node.keywords)]
        names = [*one.arguments[: len(arguments)], *keywords]
        indices = [self.number(value) for value in values]
        return self._written_out(node, one.formula, dict(zip(names, indices, strict=True)))

    def _expect(self, node: ast.Call, name: str, count: int) -> None:
        given = len(node.args)
        if given != count:
            plural = "argument" if count == 1 else "arguments"
            refuse_at(node, f"{name} takes {count} {plural}, not {given}")

    def _written_out(self, node: ast.expr, formula: str, names: dict[str, int]) -> int:
        """The steps of a formula that stands for a call, by what its names are there."""
        tree = tree_of(formula)
        for part in ast.walk(tree):
            ast.copy_location(part, node)
        outside, self.bound = self.bound, names
        index = self.number(tree)
        self.bound = outside
        return index

    def _layer(self, layer: ast.Call, x: ast.expr) -> int:
        """A layer at a number: `nn.LeakyReLU(0.2)(2*x)`."""
        name = (path_of(layer.func) or "").rpartition(".")[2]
        if not name[:1].isupper() or mentions_x(layer):
            refuse_at(layer, "only a function can be called; a product is written with *")
        outside, self.bound = self.bound, {**self.bound, "x": self.number(x)}
        index = self._call(layer)
        self.bound = outside
        return index

    def _of_framework(self, node: ast.Call, key: str, name: str) -> int:
        """A call of what a framework means by a name."""
        from actcli.activations.frameworks import FRAMEWORKS

        is_layer = name[0].isupper() and not (node.args and mentions_x(node.args[0]))
        if not (node.args or is_layer):
            refuse_at(node, f"{key}.{name} is a function of x; write {key}.{name}(x)")
        ordered = node.args if is_layer else node.args[1:]
        given = {keyword.arg or "**": option_of(keyword.value) for keyword in node.keywords}
        with self._refusing(node, f"{key}."):
            one, values = FRAMEWORKS[key].resolved(name, given, [*map(option_of, ordered)])
        at = self._name(node, "x") if is_layer else self.number(node.args[0])
        indices = {here: self._parameter(node, here, value) for here, value in values.items()}
        if one.is_formula:
            own = {here: self._literal(node, float(text)) for here, text in one.defaults.items()}
            return self._written_out(node, one.meaning, {"x": at, **own, **indices})
        here, _, tail = one.meaning.partition(":")
        cls = named_activation(here)
        assert cls is not None
        pairs = (pair.split("=") for pair in tail.split(",") if pair)
        own = {parameter: self._literal(node, float(number)) for parameter, number in pairs}
        return self._applied(node, cls, at, {**own, **indices})

    def _activation(self, node: ast.Call, name: str) -> int:
        """A call of a function of the catalogue."""
        cls = named_activation(name)
        if cls is None:
            refuse_at(node, about_function(name))
        known = [parameter.name for parameter in cls.parameters()]
        allowed = f"its parameters are {', '.join(known)}" if known else "it has no parameters"
        if not 1 <= len(node.args) <= 1 + len(known):
            refuse_at(node, f"{name} takes one argument and parameters; {allowed}")
        x, *ordered = node.args
        given = dict(zip(known, ordered, strict=False))
        for keyword in node.keywords:
            key = keyword.arg or "**"
            if key not in known:
                refuse_at(keyword, f"{name} has no parameter {key}; {allowed}")
            if key in given:
                refuse_at(keyword, f"the parameter {key} is given twice")
            given[key] = keyword.value
        at = self.number(x)
        values = {key: self._parameter(value, key, value) for key, value in given.items()}
        return self._applied(node, cls, at, values)

    def _parameter(self, node: ast.expr, key: str, value: ast.expr | str) -> int:
        """The step of a parameter's value, a constant."""
        if isinstance(value, str):
            refuse_at(node, f"the parameter {key} is a number, not {quoted(value)}")
        index = self.number(value)
        if Program(tuple(self.steps)).varying[index]:
            refuse_at(value, f"the parameter {key} cannot depend on x")
        return index

    def _applied(self, node: ast.expr, cls: type[Named], x: int, values: Mapping[str, int]) -> int:
        """The step of a function of the catalogue at the result of a step."""
        if self.constants.keys() >= {*values.values()}:
            with self._refusing(node):
                instance(cls, {key: self.constants[value] for key, value in values.items()})
        keys = tuple(values)
        return self.add(node, "activation", x, *values.values(), activation=cls, keys=keys)

    @contextmanager
    def _refusing(self, node: ast.expr, prefix: str = "") -> Iterator[None]:
        """Say of what is refused in which column it stands."""
        try:
            yield
        except UsageError as error:
            refuse_at(node, f"{prefix}{error}")
