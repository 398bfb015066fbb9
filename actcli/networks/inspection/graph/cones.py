"""The activations of an ONNX graph: cones of nodes that make one number of one number.

Every value is written as a formula of each value that it is a function of alone: of its `roots`.
Where a value can be written of no other one, or as a line of another one, it is a root itself, so
that a bias in front of an activation belongs to it only where nothing else explains it. A cone ends
where no later value is a function of the same root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.constants import inputs_of
from actcli.networks.inspection.graph.elementwise import (
    LINES,
    POWERS,
    TRUTHS,
    as_number,
    casts_to_truth,
    formula,
    is_elementwise,
    number,
)

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

LONGEST = 2000
"""Characters of a formula."""

_ROOTS = 4
"""How many roots of a value are kept."""

LINE, POWER, OTHER, TRUTH = range(4)
"""Kinds of formulas: a line; made by what norms are made of; any other; a truth value."""


class Known(Protocol):
    """The constants of a graph, by name."""

    def __getitem__(self, name: str) -> Weights | None:
        """The value; None where it is not constant."""


class Term(NamedTuple):
    """A value as a formula of another one, called x."""

    text: str
    kind: int


Terms = Mapping[str, Term]
"""The formulas of a value by their roots, the farthest first."""


class Cone(NamedTuple):
    """A function of one number that the graph applies to a value."""

    end: str
    """The value that it makes."""
    layers: Sequence[Terms]
    """Its formulas, then those of what it is a scale or shift of, and so on inwards."""


class Cones:
    """The cones of one graph."""

    def __init__(self, graph: GraphProto, constants: Known) -> None:
        """Follow the nodes, which are in topological order."""
        self._graph, self._constants = graph, constants
        self.terms: dict[str, Terms] = {}
        """The formulas of every value that is a function of another one."""
        self._inner: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self.makers: dict[str, NodeProto] = {}
        self._users: dict[str, list[NodeProto]] = {}
        for node in graph.node:
            self._follow(node)

    def __iter__(self) -> Iterator[Cone]:
        """The cones, in the order of the graph."""
        outputs = {value.name for value in self._graph.output}
        for name, terms in self.terms.items():
            kinds = {term.kind for term in terms.values()}
            if not kinds & {POWER, OTHER} or self._is_continued(name, outputs):
                continue
            if kinds == {POWER} and self._is_in_norm(name):
                continue
            layers, inner = [terms], name
            while inner in self._inner:
                inner = self._inner[inner]
                layers.append(self.terms[inner])
            yield Cone(name, layers)

    def of(self, name: str) -> Terms:
        """The formulas of a value."""
        return self.terms.get(name) or {name: Term("x", LINE)}

    def _follow(self, node: NodeProto) -> None:
        for name in inputs_of(node):
            self._users.setdefault(name, []).append(node)
        if not node.output:
            return
        target = node.output[0]
        self.makers |= dict.fromkeys(node.output, node)
        if not is_elementwise(node) or self._constants[target] is not None:
            return
        given = [self._input(name) for name in node.input]
        if any(part is None and name for part, name in zip(given, node.input, strict=True)):
            return
        varying = [part for part in given if isinstance(part, dict)]
        if not varying:
            text = formula(node, given)
            if text is not None and node.op_type not in TRUTHS | {"Where", "Cast"}:
                self._numbers[target] = text
            return
        shared = [root for root in varying[0] if all(root in part for part in varying)]
        found = {root: term for root in shared if (term := self._term(node, given, root))}
        if not found:
            return
        if all(term.kind == LINE for term in found.values()):
            found[target] = Term("x", LINE)
        kept = [*found.items()]
        self.terms[target] = dict(kept if len(kept) <= _ROOTS else [kept[0], *kept[1 - _ROOTS :]])
        is_line = _is_line(node, [LINE for _ in varying], given)
        if is_line and len(varying) == 1 and OTHER in {term.kind for term in varying[0].values()}:
            self._inner[target] = next(n for n in node.input if isinstance(self._input(n), dict))

    def _input(self, name: str) -> Any:
        """The formulas of an input, the text of a constant, or None where it is neither."""
        if not name:
            return None
        if name in self._numbers:
            return self._numbers[name]
        value = self._constants[name]
        if value is None:
            return dict(self.of(name))
        if value.size and value.dtype.kind in "fiuV" and (value == value.flat[0]).all():
            return number(float(value.flat[0]))
        return None

    def _term(self, node: NodeProto, given: Sequence[Any], root: str) -> Term | None:
        """The formula of what a node makes, of one root."""
        parts = [part[root] if isinstance(part, dict) else part for part in given]
        takes_truths = node.op_type in ("And", "Or", "Not") or casts_to_truth(node)
        texts: list[str | None] = []
        for place, part in enumerate(parts):
            is_truth = isinstance(part, Term) and part.kind == TRUTH
            if is_truth != (takes_truths or (node.op_type == "Where" and place == 0)):
                if node.op_type != "Cast":
                    return None
                part = Term(as_number(part.text), OTHER)
            texts.append(part.text if isinstance(part, Term) else part)
        text = formula(node, texts)
        if text is None or len(text) > LONGEST or "inf" in text:
            return None
        kinds = [part.kind for part in parts if isinstance(part, Term)]
        if node.op_type in TRUTHS or casts_to_truth(node):
            return Term(text, TRUTH)
        if _is_line(node, kinds, given):
            return Term(text, max(kinds) if TRUTH not in kinds else OTHER)
        is_power = node.op_type in POWERS and max(kinds) <= POWER
        if node.op_type == "Pow":
            is_power = is_power and isinstance(parts[1], str)
        return Term(text, POWER if is_power else OTHER)

    def _is_continued(self, name: str, outputs: set[str]) -> bool:
        """Whether all that uses a value is a function of one of its roots."""
        users = self._users.get(name, ())
        if name in outputs or not users:
            return False
        roots = self.terms[name].keys()
        return all(
            node.output and roots & self.terms.get(node.output[0], {}).keys() for node in users
        )

    def _is_in_norm(self, name: str) -> bool:
        """Whether powers of a value go into a mean, or come out of one."""
        makers = [self.makers.get(root) for root in self.terms[name]]
        users = self._users.get(name, ())
        return any(node is not None and _reduces(node) for node in makers) or bool(
            users and all(map(_reduces, users))
        )


def _reduces(node: NodeProto) -> bool:
    return node.op_type.startswith(("Reduce", "Global"))


def _is_line(node: NodeProto, kinds: Sequence[int], given: Sequence[Any]) -> bool:
    """Whether a node makes lines of lines."""
    if node.op_type in LINES:
        return True
    if node.op_type == "Mul":
        return len(kinds) == 1
    return node.op_type == "Div" and len(kinds) == 1 and isinstance(given[0], dict)
