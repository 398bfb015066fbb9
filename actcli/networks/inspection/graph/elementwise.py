"""Nodes of an ONNX graph that work number by number, as formulas of what goes into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from actcli.activations.registry import lookup
from actcli.formula.primitives import FUNCTIONS
from actcli.networks.files.onnx.activation import DOMAINS, activation_of
from actcli.networks.files.onnx.formula import OPERATORS
from actcli.networks.files.onnx.place import attribute_of

if TYPE_CHECKING:
    from onnx import NodeProto

LARGEST = float(np.finfo(np.float32).max)
"""A bound as large as that is none."""

Texts = Sequence[str | None]
"""The formulas of a node's inputs; None for one that is left out."""

Writer = Callable[["NodeProto", Texts], str | None]
"""The formula of a node's first output; None where it is no function of one number."""


def formula(node: NodeProto, inputs: Texts) -> str | None:
    """The formula of a node's first output; None where it does not work number by number."""
    if node.domain not in DOMAINS:
        return None
    if node.op_type in _WRITERS:
        return _WRITERS[node.op_type](node, inputs)
    if node.op_type in _TEMPLATES:
        return _TEMPLATES[node.op_type].format(*inputs)
    name, _, parameters = (activation_of(node) or "").partition(":")
    if not lookup(name) or [text for text in inputs[1:] if text]:
        return None
    return f"{name}({', '.join(part for part in (inputs[0], parameters) if part)})"


def is_elementwise(node: NodeProto) -> bool:
    """Whether a node may work number by number."""
    return node.domain in DOMAINS and (
        node.op_type in _WRITERS
        or node.op_type in _TEMPLATES
        or lookup((activation_of(node) or "").partition(":")[0]) is not None
    )


def number(value: float) -> str:
    """A number as a formula."""
    return f"({value!r})" if value < 0 else repr(value)


def _folded(name: str) -> Writer:
    """A primitive of two numbers, applied to any number of them."""
    return lambda node, inputs: reduce(lambda a, b: f"{name}({a}, {b})", map(str, inputs))


def _clip(node: NodeProto, inputs: Texts) -> str | None:
    low, high = (
        inputs[place] if len(inputs) > place else _given(node, name)
        for place, name in ((1, "min"), (2, "max"))
    )
    text = str(inputs[0])
    if low is not None and not _is_no_bound(low):
        text = f"max({text}, {low})"
    return text if high is None or _is_no_bound(high) else f"min({text}, {high})"


def _given(node: NodeProto, name: str) -> str | None:
    value = attribute_of(node, name, None)
    return None if value is None else number(float(value))


def _is_no_bound(text: str) -> bool:
    try:
        return not abs(float(text.strip("()"))) < LARGEST
    except ValueError:
        return False


def _shrink(node: NodeProto, inputs: Texts) -> str:
    edge, bias = (
        float(attribute_of(node, name, usual)) for name, usual in (("lambd", 0.5), ("bias", 0.0))
    )
    x = inputs[0]
    return f"where({x} < {-edge!r}, {x} + {bias!r}, where({x} > {edge!r}, {x} - {bias!r}, 0))"


def _selu(node: NodeProto, inputs: Texts) -> str:
    given = [attribute_of(node, name, None) for name in ("alpha", "gamma")]
    if given == [None, None]:
        return f"selu({inputs[0]})"
    alpha, gamma = (value or usual for value, usual in zip(given, SELU, strict=True))
    return f"({gamma!r}*elu({inputs[0]}, alpha={alpha!r}))"


SELU = (1.67326319217681884765625, 1.05070102214813232421875)
"""What ONNX takes for selu's alpha and gamma."""


def _cast(node: NodeProto, inputs: Texts) -> str | None:
    from onnx import TensorProto

    floats = {TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16}
    is_kept = attribute_of(node, "to", 0) in floats or casts_to_truth(node)
    return inputs[0] if is_kept else None


def casts_to_truth(node: NodeProto) -> bool:
    """Whether what a node makes is a truth value by a cast."""
    from onnx import TensorProto

    return node.op_type == "Cast" and attribute_of(node, "to", 0) == TensorProto.BOOL


def _leaky(node: NodeProto, inputs: Texts) -> str:
    return f"prelu({inputs[0]}, weight={inputs[1]})"


_WRITERS: Mapping[str, Writer] = {
    "Cast": _cast,
    "Clip": _clip,
    "Dropout": lambda node, inputs: inputs[0],
    "Identity": lambda node, inputs: inputs[0],
    "Max": _folded("max"),
    "Min": _folded("min"),
    "PRelu": _leaky,
    "Selu": _selu,
    "Shrink": _shrink,
    "Sum": lambda node, inputs: "(" + " + ".join(map(str, inputs)) + ")",
}


def _template(name: str) -> str:
    """A primitive of the formula language, to be filled in."""
    written = {"not": "(not {0})", "negate": "(-{0})", "where": "where({0}, {1}, {2})"}
    if name in FUNCTIONS:
        return f"{name}({{0}})"
    return written.get(name, f"({{0}} {name} {{1}})")


_TEMPLATES: Mapping[str, str] = {
    **{
        operator.name: _template(name)
        for name, operator in OPERATORS.items()
        if name not in ("max", "min")
    },
    "Ceil": "(-floor(-{0}))",
    "Reciprocal": "(1/{0})",
}

LINES: frozenset[str] = frozenset({"Add", "Cast", "Dropout", "Identity", "Neg", "Sub", "Sum"})
"""Operators that make lines of lines; Mul and Div do by a constant."""

POWERS: frozenset[str] = LINES | {"Div", "Mul", "Pow", "Reciprocal", "Sqrt"}
"""Operators of which a norm is made."""

TRUTHS: frozenset[str] = frozenset(
    {"And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Not", "Or"}
)
"""Operators whose result is a truth value."""


def as_number(text: str) -> str:
    """A truth value as the number that a cast makes of it."""
    return f"where({text}, 1, 0)"
