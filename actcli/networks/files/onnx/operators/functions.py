"""ONNX's activation functions: which of the catalogue each is, read and written by one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named, lookup
from actcli.errors import UsageError
from actcli.networks.files.onnx.operators.operator import Operator
from actcli.networks.files.onnx.operators.spreads import Met, UnboundedError
from actcli.networks.files.onnx.place import attribute_of
from actcli.networks.layers import Activated
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from onnx import NodeProto


class Function(NamedTuple):
    """An operator that is a function of the catalogue."""

    operator: str
    name: str
    """In the catalogue."""
    parameters: Mapping[str, tuple[str, float]] = {}
    """An attribute -> the parameter that it sets, and what it is where it is not given."""
    given: Mapping[str, str] = {}
    """An attribute that makes the operator this function -> its text; the first is the default."""
    since: int = 7
    """The first version of the operators that has it."""
    is_wide: bool = False
    """Whether ONNX Runtime computes it in float64 too."""

    def activation(self, node: NodeProto) -> Activation | None:
        """What a node computes; None where its attributes make it another function.

        Raises:
            UsageError: the catalogue's function does not take its parameters.
        """
        if any(attribute_of(node, name, "none") != text for name, text in self.given.items()):
            return None
        cls = lookup(self.name)
        assert cls is not None
        pairs = self.parameters.items()
        return cls(
            **{here: float(attribute_of(node, there, usual)) for there, (here, usual) in pairs}
        )

    def attributes(self, activation: Activation) -> dict[str, Any] | None:
        """The attributes with which the operator is the activation; None where it never is."""
        if not isinstance(activation, Named) or activation.name != self.name:
            return None
        params = dict(activation.params)
        attributes: dict[str, Any] = {
            there: params.pop(here) for there, (here, _) in self.parameters.items()
        }
        usual = {parameter.name: parameter.default for parameter in activation.parameters()}
        is_whole = all(value == usual[name] for name, value in params.items())
        return attributes | dict(self.given) if is_whole else None


FUNCTIONS = (
    Function("Abs", "abs", is_wide=True),
    Function("Asinh", "asinh", since=9),
    Function("Atan", "atan"),
    Function("Celu", "celu", {"alpha": ("alpha", 1.0)}, since=12),
    Function("Cos", "cos", is_wide=True),
    Function("Elu", "elu", {"alpha": ("alpha", 1.0)}),
    Function("Erf", "erf", since=9),
    Function("Exp", "exponential", is_wide=True),
    Function("Gelu", "gelu", given={"approximate": "none"}, since=20),
    Function("Gelu", "gelu_tanh", given={"approximate": "tanh"}, since=20),
    Function("HardSigmoid", "hardsigmoid", {"alpha": ("slope", 0.2)}),
    Function("HardSwish", "hardswish", since=14),
    Function("LeakyRelu", "leaky_relu", {"alpha": ("negative_slope", 0.01)}),
    Function("Mish", "mish", since=18, is_wide=True),
    Function("Relu", "relu", is_wide=True),
    Function("Selu", "selu"),
    Function("Sigmoid", "sigmoid", is_wide=True),
    Function("Sign", "sign", since=9, is_wide=True),
    Function("Sin", "sin", is_wide=True),
    Function("Softplus", "softplus"),
    Function("Softsign", "softsign"),
    Function("Swish", "silu", since=24, is_wide=True),
    Function("Tanh", "tanh", is_wide=True),
    Function("ThresholdedRelu", "thresholded_relu", {"alpha": ("theta", 1.0)}, since=10),
)


NEWEST = 21
"""The last version of the operators that the oldest onnx supported has: no later one is written."""


def written(activation: Activation) -> tuple[Function, dict[str, Any]] | None:
    """The operator that an activation is, with its attributes; None where there is none."""
    for function in FUNCTIONS:
        attributes = function.attributes(activation)
        if attributes is not None and function.since <= NEWEST:
            return function, attributes
    return None


def _spread(met: Met) -> Array:
    """The function's own Lipschitz constant times the distance."""
    for function in FUNCTIONS:
        if function.operator != met.node.op_type:
            continue
        try:
            activation = function.activation(met.node)
        except UsageError:
            continue
        if activation is not None and np.isfinite(steepest := _steepest(activation)):
            return steepest * met.farthest
    raise UnboundedError(met.name)


@cache
def _steepest(activation: Activation) -> float:
    layer = Activated((1,), activation)
    moved = layer.spread(np.zeros((1, 1)), np.ones((1, 1)))
    return float(moved[0, 0])


def rows() -> Iterator[tuple[str, Operator]]:
    """A row of the table for each."""
    for function in FUNCTIONS:
        yield function.operator, Operator(spread=_spread, is_linear=False)
