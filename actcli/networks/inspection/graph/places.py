"""The activations of a model: where each stands and what it is, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.formula.expression import expression
from actcli.networks.files.onnx.activation import DOMAINS
from actcli.networks.files.onnx.place import FLOATS, Value
from actcli.networks.inspection.graph.cones import LINE, Cone
from actcli.networks.inspection.graph.gates import GATES
from actcli.networks.inspection.graph.naming import first_named

if TYPE_CHECKING:
    from onnx import NodeProto


class Place(NamedTuple):
    """An activation of a model."""

    name: str
    """The value that goes into it."""
    activation: Activation
    named: str | None = None
    """How it is known that the graph applies that: `proved`, by `values`, or None: it is told so,
    or it is a formula of the graph's own."""


class Unseen(NamedTuple):
    """What is applied to a value and cannot be looked at."""

    name: str
    why: str


def place_of(cone: Cone, kinds: Mapping[str, Value], deadline: float) -> Place | Unseen | None:
    """The activation that a cone is; None where its values are known to be no floats.

    After the deadline, in seconds of CPU, its values alone give it a name.
    """
    try:
        place = _named(cone, deadline)
    except ActcliError as error:
        return Unseen(cone.end, f"its formula is not understood: {error}")
    kind = kinds[place.name].kind if place.name in kinds else None
    return place if kind is None or kind.name in FLOATS else None


def _named(cone: Cone, deadline: float) -> Place:
    """What goes into a cone, and the function that it is.

    Raises:
        ActcliError: its formula has no meaning here.
    """
    terms = [pair for layer in cone.layers for pair in layer.items() if pair[1].kind > LINE]
    found = first_named(tuple(term.text for _, term in terms), deadline)
    if found is not None:
        return Place(terms[found.place][0], found.activation, found.named)
    root, term = terms[-1]
    return Place(root, expression(term.text))


_VECTORS = frozenset({"Hardmax", "LogSoftmax", "Softmax"})


def why_unseen(node: NodeProto) -> str | None:
    """Why what a node does is not looked at; None where there is no activation in it."""
    if node.domain not in DOMAINS:
        return f"{node.domain}'s {node.op_type} is not known here"
    if node.op_type in _VECTORS:
        return f"{node.op_type} is no function of one number"
    if node.domain == "com.microsoft":
        return f"what com.microsoft's {node.op_type} does inside is not looked at"
    if node.op_type in GATES:
        return f"the gates of {node.op_type} are unrolled in the main graph only"
    if node.op_type == "PRelu":
        return "PRelu has a slope for each channel: it is not one function of a number"
    return None
