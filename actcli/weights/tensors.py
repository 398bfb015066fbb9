"""Named tensors as a chain of dense layers: what npz and safetensors files are taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from actcli.activation import Activation
from actcli.analysis.drift import Agreement, agreement
from actcli.analysis.layers import Dense, Layer
from actcli.analysis.network import Barrier, Opaque, path
from actcli.analysis.plan import Replacement, replaced
from actcli.analysis.stack import activated
from actcli.errors import ActcliError
from actcli.weights import names
from actcli.weights.interface import Model, Tensors, Weights, check_finite, write_tensors

FLOATS = {"float16", "bfloat16", "float32", "float64"}


@dataclass(frozen=True)
class Entry:
    """A weight and its bias in the file; no weight where the tensors are no dense layer."""

    weight: str
    bias: str | None = None
    others: tuple[str, ...] = ()


class Chain(Model):
    """Dense layers one after the other, as the tensors' shapes and names say."""

    def __init__(
        self,
        source: str,
        tensors: Tensors,
        layout: str = "auto",
        activation: Activation | None = None,
        *,
        ordered: bool,
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Take the tensors for dense layers.

        `ordered` says that the file keeps the order in which the tensors were saved.

        Raises:
            ActcliError: there is no chain in them, or more than one.
        """
        self.tensors = dict(tensors)
        self.metadata = metadata or {}
        self.source = source
        entries = _entries(self.tensors, ordered)
        if not any(entry.weight for entry in entries):
            raise ActcliError(f"{source} holds no 2-D tensor of floats: nothing to collapse")
        others = [name for entry in entries for name in entry.others if names.is_bias(name)]
        if others:
            raise ActcliError(
                f"{source}: {others[0]} fits no layer, so that the file is no stack known"
            )
        for entry in entries:
            for name in (entry.weight, entry.bias):
                if name:
                    check_finite(f"{source}: {name}", self.tensors[name])
        self.layout = _layout(source, self.tensors, entries, layout)
        self.entries: dict[int, Entry] = {}
        layers = self._layers(entries, activation)
        self.network = path(source, layers, _barriers(entries), (self._assumption(activation),))

    def _layers(self, entries: Sequence[Entry], activation: Activation | None) -> list[Layer]:
        layers: list[Layer] = []
        for entry in entries:
            if not entry.weight:
                shape = layers[-1].output_shape if layers else (0,)
                layers.append(Opaque(shape, ", ".join(entry.others)))
                continue
            if activation and layers and isinstance(layers[-1], Dense):
                layers.append(activated(layers[-1].output_shape, activation))
            weight = _oriented(self.tensors[entry.weight], self.layout)
            bias = self.tensors[entry.bias].reshape(-1) if entry.bias else None
            layers.append(Dense((weight.shape[1],), weight, bias, entry.weight))
            self.entries[len(layers)] = entry
        return layers

    def _assumption(self, activation: Activation | None) -> str:
        between = f"{activation} stands" if activation else "nothing stands"
        advice = "" if activation else " (--activation sets what does)"
        order = ", ".join(entry.weight for entry in self.entries.values())
        return (
            f"{self.source} holds no graph; assumed: {between} between its layers{advice}, "
            f"which are {self.layout} matrices in this order: {order}"
        )

    def folded(self, replacements: Sequence[Replacement]) -> dict[str, Weights]:
        """The tensors with the folds in them, each under the names of its last layer."""
        tensors = dict(self.tensors)
        for replacement in replacements:
            numbers = [replacement.run.numbers[place] for place in replacement.group]
            entries = [self.entries[n] for n in numbers if n in self.entries]
            *gone, last = entries
            for entry in gone:
                tensors.pop(entry.weight)
                if entry.bias:
                    tensors.pop(entry.bias)
            core = replacement.folded.core
            assert isinstance(core, Dense)
            tensors[last.weight] = _oriented(core.weight, self.layout)
            if core.bias is not None:
                name = last.bias or names.bias_beside(last.weight)
                shape = self.tensors[last.bias].shape if last.bias else (-1,)
                tensors[name] = core.bias.reshape(shape)
        return tensors

    def agreement(self, replacements: Sequence[Replacement], rng: np.random.Generator) -> Agreement:
        """Compare the chain with itself, folded."""
        return agreement(self.network, replacements, rng)

    def write(self, path: Path, replacements: Sequence[Replacement]) -> None:
        """Write the tensors, or in ONNX the chain they are taken for."""
        if path.suffix.lower() == ".onnx":
            from actcli.weights.onnx import write_layers

            write_layers(path, replaced(self.network, replacements))
        else:
            write_tensors(path, self.folded(replacements), self.metadata)


def _oriented(weight: Weights, layout: str) -> Weights:
    """Between outputs by inputs and the layout of the file, either way."""
    return weight if layout == "out-in" else weight.T


def _entries(tensors: Tensors, ordered: bool) -> list[Entry]:
    """The layers in their order: weights with their biases, and what is neither."""
    weights = [name for name, tensor in tensors.items() if _is_weight(name, tensor)]
    biases = {
        names.layer_of(name): name
        for name, tensor in tensors.items()
        if name not in weights and _is_row(tensor)
    }
    paired: dict[str, str] = {}
    for name in weights:
        bias = biases.get(names.layer_of(name)) or _next(tensors, name)
        if bias and tensors[bias].size in tensors[name].shape:
            paired[name] = bias
    order = list(tensors)
    if not ordered or (weights and names.are_numbered(weights)):
        order = names.by_number(tensors)
    entries: list[Entry] = []
    for name in order:
        if name in weights:
            entries.append(Entry(name, paired.get(name)))
        elif name not in paired.values():
            others = entries.pop().others if entries and not entries[-1].weight else ()
            entries.append(Entry("", None, (*others, name)))
    return entries


def _next(tensors: Tensors, name: str) -> str | None:
    """For arrays without names, the row that follows the matrix."""
    place = names.position(name)
    after = f"arr_{place + 1}" if place is not None else ""
    return after if after in tensors and _is_row(tensors[after]) else None


def _is_weight(name: str, tensor: Weights) -> bool:
    matrix = tensor.ndim == 2 and tensor.size > 0 and tensor.dtype.name in FLOATS
    return matrix and not (names.is_bias(name) and 1 in tensor.shape)


def _is_row(tensor: Weights) -> bool:
    row = tensor.ndim == 1 or (tensor.ndim == 2 and 1 in tensor.shape)
    return row and tensor.dtype.name in FLOATS


def _barriers(entries: Sequence[Entry]) -> tuple[Barrier, ...]:
    return tuple(
        Barrier(", ".join(entry.others), "not a dense layer; nothing is folded across it")
        for entry in entries
        if entry.others
    )


def _layout(source: str, tensors: Tensors, entries: Sequence[Entry], asked: str) -> str:
    """The layout in which the shapes chain.

    Raises:
        ActcliError: they chain in none, or in both.
    """
    tried = ("out-in", "in-out") if asked == "auto" else (asked,)
    misfits = {layout: _misfit(tensors, entries, layout) for layout in tried}
    fitting = [layout for layout in tried if misfits[layout] is None]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ActcliError(
            f"{source}: the shapes fit both ways: say --layout out-in (PyTorch) or "
            "--layout in-out (Keras)"
        )
    _, problem = max((misfit for misfit in misfits.values() if misfit), key=lambda m: m[0])
    raise ActcliError(f"{source}: the layers do not chain: {problem}")


def _misfit(tensors: Tensors, entries: Sequence[Entry], layout: str) -> tuple[int, str] | None:
    """The first layer that does not fit the one before it, or its bias, and how."""
    before: tuple[str, int] | None = None
    for number, entry in enumerate(entries):
        if not entry.weight:
            before = None
            continue
        shape = tensors[entry.weight].shape
        outputs, inputs = shape if layout == "out-in" else shape[::-1]
        said = f"{entry.weight} ({shape[0]}x{shape[1]}, {layout})"
        if before and before[1] != inputs:
            return number, f"{said} takes {inputs} numbers, but {before[0]} gives {before[1]}"
        if entry.bias and tensors[entry.bias].size != outputs:
            size = tensors[entry.bias].size
            return number, f"{said} gives {outputs} numbers, but {entry.bias} has {size}"
        before = said, outputs
    return None
