"""Where the values come from that go into the activations of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from numpy.typing import NDArray

from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.constants import Constants
from actcli.networks.files.onnx.graph import names_of
from actcli.networks.files.onnx.place import known_values
from actcli.networks.inspection.graph.cones import Cone, Cones, Known
from actcli.networks.inspection.graph.gates import GATES, Gates, GatesUnseenError
from actcli.networks.inspection.graph.lifting import Level, lifted
from actcli.networks.inspection.graph.naming import BUDGET
from actcli.networks.inspection.graph.places import Place, Unseen, place_of, why_unseen

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto


class Source(NamedTuple):
    """An activation, and how what goes into it is had."""

    place: Place
    value: str
    """The value that it is: one of the model, or one that `gates` makes."""
    fetched: Sequence[str]
    """The values of the model that have to be known."""
    gates: Gates | None = None
    levels: Sequence[Level] = ()
    """The subgraphs that it is in, the innermost last."""

    def of(self, known: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """What goes into it; all iterations of a loop go one after the other."""
        found = known[self.value]
        loops = sum(level.repeats for level in self.levels)
        if not loops or found.ndim <= loops:
            return found
        return found.reshape(-1, *found.shape[loops + 1 :])


class Sources:
    """The activations of a model, in its order; subgraphs are entered."""

    def __init__(self, model: ModelProto, folder: Path, name: str, *, entered: bool = True) -> None:
        """Look for them; `entered` says whether subgraphs are.

        The model is changed so that it can put out what is inside of others.
        """
        self._model, self._entered = model, entered
        self._kinds = known_values(model)
        self._taken = names_of(model.graph)
        self._deadline = process_time() + BUDGET
        self.found: list[Source | Unseen] = []
        self._look(model.graph, Constants(model, folder, name), [], "")

    def _look(
        self, graph: GraphProto, constants: Known, levels: Sequence[Level], prefix: str
    ) -> None:
        cones = Cones(graph, constants)
        ends = {cone.end: cone for cone in cones}
        for node in [*graph.node]:
            label = prefix + (node.name or next(iter(node.output), node.op_type))
            for output in node.output:
                one = self._place(ends[output]) if output in ends else None
                if isinstance(one, Place):
                    self.found.append(self._source(one, levels, prefix))
                elif one is not None:
                    self.found.append(one)
            inside = [(a.name, a.g) for a in node.attribute if a.HasField("g")]
            if inside and not self._entered:
                self.found.append(
                    Unseen(label, f"onnxruntime does not show what is in {node.op_type}")
                )
                continue
            for attribute, inner in inside:
                scope = _Scope(_alone(self._model, inner), constants)
                self._look(inner, scope, [*levels, Level(node, inner)], f"{label}.{attribute}.")
            if inside:
                continue
            if node.op_type in GATES and not node.domain and not levels:
                self.found += self._of_gates(node, label)
            elif not any(output in cones.terms for output in node.output) and (
                why := why_unseen(node)
            ):
                self.found.append(Unseen(label, why))

    def _place(self, cone: Cone) -> Place | Unseen | None:
        return place_of(cone, self._kinds, self._deadline)

    def _source(self, place: Place, levels: Sequence[Level], prefix: str) -> Source:
        if not levels:
            return Source(place, place.name, [place.name])
        outside = lifted(place.name, levels, self._taken)
        if any(isinstance(one, Source) and one.place.name == place.name for one in self.found):
            place = place._replace(name=prefix + place.name)
        return Source(place, outside, [outside], levels=tuple(levels))

    def _of_gates(self, node: NodeProto, label: str) -> Iterator[Source | Unseen]:
        if not node.output[0]:
            node.output[0] = f"{label}.Y"
        try:
            gates = Gates(node)
        except GatesUnseenError as error:
            yield Unseen(label, str(error))
            return
        for name, activation in gates.places:
            yield Source(Place(name, activation, "proved"), name, gates.fetched, gates)


class _Scope:
    """The constants that a subgraph sees: its own, and those around it."""

    def __init__(self, own: Constants, around: Known) -> None:
        self._own, self._around = own, around

    def __getitem__(self, name: str) -> Weights | None:
        found = self._own[name]
        return self._around[name] if found is None else found


def _alone(model: ModelProto, graph: GraphProto) -> Constants:
    """The constants of a subgraph by itself."""
    from onnx import helper

    alone = helper.make_model(graph, opset_imports=model.opset_import)
    return Constants(alone, Path())
