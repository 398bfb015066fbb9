"""What a node of an ONNX graph is called in the catalogue of activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.activations.frameworks.onnx import ONNX
from actcli.activations.registry import lookup
from actcli.errors import UsageError

if TYPE_CHECKING:
    from onnx import NodeProto

DOMAINS = ("", "ai.onnx", "com.microsoft")
"""Whose operators are known."""


def activation_of(node: NodeProto) -> str | None:
    """The name with its parameters, as `leaky_relu:negative_slope=0.2`; None for what is none.

    Of what is no function of one number, such as a softmax, it is the name alone.
    """
    meanings = ONNX.meanings(node.op_type) if node.domain in DOMAINS else {}
    if node.op_type not in meanings:
        return None
    said = {part.name: part.s.decode() or str(np.float32(part.f)) for part in node.attribute}
    rows = [one for one in ONNX.signatures if one.name == node.op_type]
    row = next(
        (
            one
            for one in rows
            if all(said.get(key, value) == value for key, value in one.options.items())
        ),
        None,
    )
    if row is None:
        return meanings[node.op_type]
    name, _, own = row.meaning.partition(":")
    found = lookup(name)
    if found is None:
        return name
    given = dict(pair.split("=") for pair in own.split(",") if pair)
    given |= {row.takes[key]: value for key, value in said.items() if key in row.takes}
    try:
        return str(found(**{key: float(value) for key, value in given.items()}))
    except UsageError:  # a parameter out of bounds
        return name
