"""An activation's formula as ONNX nodes: the walk of its program over names of values.

The operators are those of opset 17. ONNX Runtime has some of them in float32 only: in float64
stands a Cast to it and one back around these, so that their results have an error of some 1e-7.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.errors import ActcliError
from actcli.formula.parse import parse

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto


DOUBLE = np.dtype(np.float64)


class Operator(NamedTuple):
    """An ONNX operator, and whether ONNX Runtime has it in float32 only."""

    name: str
    narrow: bool = False


OPERATORS: Mapping[str, Operator] = {
    "abs": Operator("Abs"),
    "sign": Operator("Sign"),
    "floor": Operator("Floor"),
    "sqrt": Operator("Sqrt"),
    "exp": Operator("Exp"),
    "log": Operator("Log"),
    "sin": Operator("Sin"),
    "cos": Operator("Cos"),
    "tan": Operator("Tan", narrow=True),
    "sinh": Operator("Sinh", narrow=True),
    "cosh": Operator("Cosh", narrow=True),
    "tanh": Operator("Tanh"),
    "atan": Operator("Atan", narrow=True),
    "asinh": Operator("Asinh", narrow=True),
    "erf": Operator("Erf", narrow=True),
    "sigmoid": Operator("Sigmoid"),
    "softplus": Operator("Softplus", narrow=True),
    "max": Operator("Max"),
    "min": Operator("Min"),
    "where": Operator("Where"),
    "+": Operator("Add"),
    "-": Operator("Sub"),
    "*": Operator("Mul"),
    "/": Operator("Div"),
    "**": Operator("Pow"),
    "negate": Operator("Neg"),
    "<": Operator("Less"),
    "<=": Operator("LessOrEqual"),
    ">": Operator("Greater"),
    ">=": Operator("GreaterOrEqual"),
    "==": Operator("Equal"),
    "and": Operator("And"),
    "or": Operator("Or"),
    "not": Operator("Not"),
}
"""The primitives of the formula language that are one operator."""

COMPOSED: Mapping[str, str] = {
    "expm1": "exp(x) - 1",
    "log1p": "log(1 + x)",
    "erfc": "1 - erf(x)",
    "norm_cdf": "0.5*(1 + erf(x/sqrt(2)))",
}
"""The primitives that are a formula of others."""


class Nodes:
    """The algebra whose numbers are names of values in a graph."""

    def __init__(self, prefix: str, kind: np.dtype[Any] = DOUBLE) -> None:
        """Begin an empty piece of a graph whose names have a prefix, and its numbers a type."""
        self.prefix = prefix
        self.kind = kind
        self.made: list[NodeProto] = []
        self.initializers: list[TensorProto] = []

    def number(self, value: float) -> str:
        """The number that a literal stands for."""
        from onnx import numpy_helper

        name = f"{self.prefix}.constant{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.array(value, self.kind), name))
        return name

    def constant(self, name: str) -> str:
        """`pi` or `e`."""
        return self.number(math.pi if name == "pi" else math.e)

    def call(self, operation: str, arguments: Sequence[str]) -> str:
        """One primitive, as an operator or as a formula of others.

        Raises:
            ActcliError: it is neither.
        """
        if operation in COMPOSED:
            result: str = parse(COMPOSED[operation]).walk(self, arguments[0])
            return result
        if operation not in OPERATORS:
            raise ActcliError(f"{operation} is no ONNX operator")
        operator = OPERATORS[operation]
        if not operator.narrow or self.kind != DOUBLE:
            return self.node(operator.name, *arguments)
        return self._cast(self.node(operator.name, self._cast(arguments[0], "FLOAT")), "DOUBLE")

    def activation(self, cls: type[Named], x: str, params: Mapping[str, str]) -> str:
        """A function of the catalogue, by its own formula."""
        defaults = {p.name: p.default for p in cls.parameters() if p.name not in params}
        given = {name: self.number(value) for name, value in defaults.items()} | dict(params)
        result: str = parse(cls().formula, tuple(given)).walk(self, x, given)
        return result

    def node(self, operator: str, *arguments: str, **attributes: Any) -> str:
        """A node, by the name of its output."""
        from onnx.helper import make_node

        name = f"{self.prefix}.{len(self.made)}"
        self.made.append(make_node(operator, list(arguments), [name], **attributes))
        return name

    def _cast(self, value: str, kind: str) -> str:
        from onnx import TensorProto

        return self.node("Cast", value, to=getattr(TensorProto, kind))


def emit(
    activation: Activation, x: str, prefix: str, kind: np.dtype[Any] = DOUBLE
) -> tuple[str, Nodes]:
    """The nodes that compute the activation of the value x, and the name of the result.

    Raises:
        ActcliError: ONNX has no operator for a part of it.
    """
    nodes = Nodes(prefix, kind)
    params = {name: nodes.number(value) for name, value in activation.params.items()}
    try:
        result: str = parse(activation.formula, tuple(params)).walk(nodes, x, params)
    except ActcliError as error:
        raise ActcliError(f"{activation} cannot be saved as ONNX: {error}") from None
    return result, nodes
