"""ONNX models: checked, read into linear runs, and written with the folds in them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from actcli.atomic_file import is_same, replacing
from actcli.budgets import bytes_text
from actcli.errors import ActcliError, MissingExtraError, UsageError
from actcli.networks.budgets import LARGEST_MODEL
from actcli.networks.files.hints import Hints
from actcli.networks.files.interface import Model, check_finite
from actcli.networks.files.tensor_files import write_tensors
from actcli.networks.folding.plan import Replacement
from actcli.networks.folding.proof.deviation import Agreement
from actcli.networks.layers import AnySize, Layer
from actcli.networks.layers.any_size import STAND_IN
from actcli.networks.network import Network, Run

if TYPE_CHECKING:
    from onnx import ModelProto

    from actcli.networks.files.onnx.steps import LinearStep

EXTERNAL_FROM = 1024
"""Bytes from which on a tensor goes to the file beside the model, where there is one."""

ALIGNED = 4096
"""Where tensors may begin in it, so that they can be mapped."""


def read_onnx(path: Path, hints: Hints) -> Model:
    """The linear runs of an ONNX model.

    Raises:
        UsageError: something is said of the file that its graph says by itself.
        ActcliError: it cannot be loaded (see `load`).
        MissingExtraError: onnx is not installed.
    """
    if not hints.is_silent:
        raise UsageError(
            f"{path} says by its graph what --activation, --layout, --pair, --order and --bias-in "
            "would"
        )
    return OnnxModel(path, load(path))


def load(path: Path) -> ModelProto:
    """An ONNX model, its nodes in order; what it keeps in other files stays there.

    Raises:
        ActcliError: the file is damaged, fails ONNX's own checker, or has data outside its folder.
        MissingExtraError: onnx is not installed.
    """
    try:
        import onnx
    except ImportError:
        raise MissingExtraError("reading an ONNX model", "models") from None
    from google.protobuf.message import DecodeError

    from actcli.networks.files.onnx.constants import check_external_data
    from actcli.networks.files.onnx.ordering import sort_nodes

    try:
        model = onnx.load(path, load_external_data=False)
    except DecodeError:
        raise ActcliError(f"{path} is no ONNX model, or is cut short") from None
    check_external_data(model, path.parent, str(path))
    was_mended = sort_nodes(model.graph, str(path))
    try:
        onnx.checker.check_model(whole(model, path.parent) if was_mended else str(path))
    except Exception as error:  # the checker's own, and text in no alphabet
        raise ActcliError(f"{path} fails ONNX's checker: {_first_line(error)}") from None
    return model


class OnnxModel(Model):
    """A model whose graph says what follows what."""

    def __init__(self, path: Path, model: ModelProto) -> None:
        """Read the graph.

        Raises:
            ActcliError: a weight is NaN or infinite.
        """
        from actcli.networks.files.onnx.constants import Constants, external_tensors
        from actcli.networks.files.onnx.graph import Graph

        self._folder = path.parent
        outer = external_tensors(model.graph)
        kept = [entry for t in outer for entry in t.external_data]
        outside = dict.fromkeys(entry.value for entry in kept if entry.key == "location")
        self.files = (path, *(path.parent / location for location in outside))
        self.graph = Graph(model, Constants(model, path.parent, str(path)))
        layers: list[Layer] = []
        runs = []
        for run in self.graph.runs:
            members = tuple(step.layer for step in run.steps)
            for layer in members:
                for weights in layer.kept:
                    check_finite(f"{path}: a weight of {layer.label}", weights)
            first = len(layers) + 1
            layers += members
            runs.append(Run(members, tuple(range(first, len(layers) + 1))))
        is_open = any(isinstance(layer, AnySize) for layer in layers)
        note = f"images of open size are counted as {STAND_IN} pixels along each open axis"
        self.network = Network(
            source=str(path),
            layers=tuple(layers),
            runs=tuple(runs),
            is_path=False,
            barriers=tuple(self.graph.barriers),
            notes=(note,) if is_open else (),
        )

    def agreement(self, replacements: Sequence[Replacement], rng: np.random.Generator) -> Agreement:
        """Hold the folded model to ONNX's rules, and run it beside the original in onnxruntime."""
        from actcli.networks.files.onnx.check import check_rules, compared

        self._check_size()
        before, after = whole(self.graph.model, self._folder), self.folded(replacements)
        check_rules(before, after)
        layers = self.network.layers
        work, kept = (sum(layer.multiply_adds for layer in layers), sum(x.size_out for x in layers))
        steps = self._steps(replacements)
        return compared(before, after, self.graph.runs, steps, work=work, kept=kept, rng=rng)

    def _check_size(self) -> None:
        """Refuse to save what is too large.

        Raises:
            ActcliError: the model with its weights is beyond what can be checked and run.
        """
        outside = sum(file.stat().st_size for file in self.files[1:])
        if (size := self.graph.model.ByteSize() + outside) > LARGEST_MODEL:
            raise ActcliError(
                f"the model and its weights, {bytes_text(size)}, are more than ONNX's encoding "
                f"holds, {bytes_text(LARGEST_MODEL)}: it is read, and not saved"
            )

    def _steps(
        self, replacements: Sequence[Replacement]
    ) -> list[tuple[Sequence[LinearStep], Replacement]]:
        """Each fold with what it takes the place of in the graph."""
        found = zip(self.network.runs, self.graph.runs, strict=True)
        steps = {run.numbers: graph_run.steps for run, graph_run in found}
        return [
            ([steps[replacement.run.numbers][place] for place in replacement.group], replacement)
            for replacement in replacements
        ]

    def folded(self, replacements: Sequence[Replacement]) -> ModelProto:
        """The model with the folds in it."""
        from onnx.external_data_helper import load_external_data_for_model

        runs = zip(self.network.runs, self.graph.runs, strict=True)
        leads = {run.numbers: graph_run.lead for run, graph_run in runs}
        model = self.graph.with_folds(
            [(steps, leads[fold.run.numbers], fold) for steps, fold in self._steps(replacements)]
        )
        load_external_data_for_model(model, str(self._folder))
        return model

    def write(
        self, path: Path, replacements: Sequence[Replacement], *, unchecked: bool = False
    ) -> None:
        """Write the model; npz and safetensors take its initializers and no graph."""
        from onnx import numpy_helper

        model = self.folded(replacements)
        if path.suffix.lower() == ".onnx":
            data = path.with_name(f"{path.name}.data") if self.files[1:] else None
            if data and any(is_same(data, file) for file in self.files):
                raise ActcliError(f"{data} holds weights of the input: save under another name")
            write_model(path, model, data)
        else:
            tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
            write_tensors(path, tensors, {})


def whole(model: ModelProto, folder: Path) -> ModelProto:
    """The model with what it keeps in other files; itself where that is nothing."""
    from onnx.external_data_helper import load_external_data_for_model

    from actcli.networks.files.onnx.constants import external_tensors

    if not any(external_tensors(model.graph)):
        return model
    whole = type(model)()
    whole.CopyFrom(model)
    load_external_data_for_model(whole, str(folder))
    return whole


def write_model(path: Path, model: ModelProto, data: Path | None = None) -> None:
    """Write a model that passes ONNX's checker, whole or not at all.

    `data` is the file for its larger weights, where they are not to be in the model's own.

    Raises:
        ActcliError: the model is too large for one file.
    """
    import onnx

    if model.ByteSize() > LARGEST_MODEL:
        raise ActcliError(f"the folded model is too large for one .onnx file, 2 GB: {path}")
    onnx.checker.check_model(model)
    with ExitStack() as files:
        temporary = files.enter_context(replacing(path))
        if data is not None:
            _move_weights(model, files.enter_context(replacing(data)), data.name)
        temporary.write_bytes(model.SerializeToString())


def _move_weights(model: ModelProto, file: Path, name: str) -> None:
    """Move the larger weights of a model into a file that it will know by a name."""
    with file.open("wb") as out:
        for tensor in model.graph.initializer:
            if len(tensor.raw_data) < EXTERNAL_FROM:
                continue
            out.write(bytes(-out.tell() % ALIGNED))
            place = {"location": name, "offset": out.tell(), "length": len(tensor.raw_data)}
            out.write(tensor.raw_data)
            tensor.ClearField("raw_data")
            tensor.data_location = tensor.EXTERNAL
            for key, value in place.items():
                tensor.external_data.add(key=key, value=str(value))


def write_layers(path: Path, layers: Sequence[Layer], *, unchecked: bool) -> None:
    """Write layers one after the other as a model that onnxruntime runs as they run here.

    Raises:
        ActcliError: ONNX has no node for a layer, or the model gives other numbers.
        MissingExtraError: onnx is not installed.
    """
    try:
        from onnx import helper
    except ImportError:
        raise MissingExtraError("writing an ONNX model", "models") from None
    from actcli.networks.files.onnx.check import check_layers
    from actcli.networks.files.onnx.writing import Emitter, type_for, version_for

    kept = type_for(layers)
    kind = helper.np_dtype_to_tensor_dtype(kept)
    emitter = Emitter({"input", "output"}, kept)
    nodes = emitter.nodes(layers, "input", "output", name="output", lead=1)
    graph = helper.make_graph(
        nodes,
        "collapsed",
        [helper.make_tensor_value_info("input", kind, ["batch", *layers[0].shape])],
        [helper.make_tensor_value_info("output", kind, ["batch", *layers[-1].output_shape])],
        emitter.initializers,
    )
    opset = helper.make_opsetid("", version_for(layers))
    model = helper.make_model(
        graph,
        opset_imports=[opset],
        ir_version=helper.find_min_ir_version_for([opset]),
    )
    check_layers(model, layers, unchecked=unchecked)
    write_model(path, model)


def _first_line(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "a name in it is no text"
    return str(error).strip().partition("\n")[0]
