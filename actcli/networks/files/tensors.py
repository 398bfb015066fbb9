"""Named tensors as a chain of dense layers: what npz and safetensors files are taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from actcli.errors import ActcliError
from actcli.networks.files import names
from actcli.networks.files.hints import Hints
from actcli.networks.files.interface import Model, Tensors, Weights, check_finite
from actcli.networks.files.pairing import Entry, entries
from actcli.networks.files.tensor_files import write_tensors
from actcli.networks.folding.plan import Replacement, replaced
from actcli.networks.folding.proof.deviation import Agreement, agreement
from actcli.networks.folding.proof.same import check_same
from actcli.networks.layers import Dense, Layer, Linear
from actcli.networks.network import Barrier, Network, Opaque, Run, path
from actcli.networks.stack import activated


class Chain(Model):
    """Dense layers one after the other, as the tensors' shapes and names say."""

    def __init__(
        self,
        source: str,
        tensors: Tensors,
        hints: Hints,
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
        self.hints = hints
        self.files = (Path(source),)
        found = entries(source, tensors, hints, ordered=ordered)
        for entry in found:
            for name in (entry.weight, entry.bias):
                if name:
                    check_finite(f"{source}: {name}", tensors[name])
        self.entries: dict[int, Entry] = {}
        self.network = self._network(found, _others(tensors, found))

    def _network(self, found: Sequence[Entry], others: Others) -> Network:
        activation = self.hints.activation
        layers: list[Layer] = []
        barriers: list[Barrier] = []
        for place, entry in enumerate(found):
            if activation and layers and isinstance(layers[-1], Dense):
                layers.append(activated(layers[-1].output_shape, activation))
            layers.append(_layer(self.tensors, entry))
            self.entries[len(layers)] = entry
            if after := others.placed.get(place):
                layers.append(Opaque(layers[-1].output_shape, ", ".join(after)))
                barriers.append(Barrier(", ".join(after), BETWEEN, len(layers) - 1))
        if others.harmless:
            barriers.append(Barrier(", ".join(others.harmless), "no weights; left as it is"))
        notes = (self._assumption(found),)
        if not others.anywhere:
            return path(self.source, layers, tuple(barriers), notes)
        barriers.append(Barrier(", ".join(others.anywhere), ANYWHERE))
        runs = [
            Run((layer,), (number,))
            for number, layer in enumerate(layers, start=1)
            if isinstance(layer, Linear)
        ]
        return Network(
            source=self.source,
            layers=tuple(layers),
            runs=tuple(runs),
            is_path=False,
            barriers=tuple(barriers),
            notes=notes,
        )

    def _assumption(self, found: Sequence[Entry]) -> str:
        activation = self.hints.activation
        between = f"{activation} stands" if activation else "nothing stands"
        advice = "" if activation else " (--activation sets what does)"
        uniform = len({entry.layout for entry in found}) == 1
        kinds = f"{found[0].layout} " if uniform else ""
        order = ", ".join(
            (entry.weight if uniform else f"{entry.weight} ({entry.layout})")
            + (f" + {entry.bias}" if entry.bias else "")
            for entry in found
        )
        return (
            f"{self.source} holds no graph; assumed: {between} between its layers{advice}, "
            f"which are {kinds}matrices in this order: {order}"
        )

    def folded(self, replacements: Sequence[Replacement]) -> dict[str, Weights]:
        """The tensors with the folds in them, each under the names of its last layer.

        Raises:
            ActcliError: the name of a bias that a fold needs is taken.
        """
        tensors = dict(self.tensors)
        for replacement in replacements:
            *gone, last = self._entries(replacement)
            for entry in gone:
                tensors.pop(entry.weight)
                if entry.bias:
                    tensors.pop(entry.bias)
            core = replacement.folded.core
            assert isinstance(core, Dense)
            tensors[last.weight] = _stored(core, last)
            if core.bias is not None and not last.bias_in:
                name = last.bias or names.bias_beside(last.weight)
                if name in self.tensors and name != last.bias:
                    raise ActcliError(f"{self.source}: {name}, the bias of the fold, is taken")
                shape = self.tensors[last.bias].shape if last.bias else (-1,)
                tensors[name] = core.bias.reshape(shape)
        return tensors

    def _entries(self, replacement: Replacement) -> list[Entry]:
        return [self.entries[n] for n in replacement.numbers if n in self.entries]

    def agreement(self, replacements: Sequence[Replacement], rng: np.random.Generator) -> Agreement:
        """Compare the chain with itself, folded."""
        return agreement(self.network, replacements, rng)

    def write(
        self, path: Path, replacements: Sequence[Replacement], *, unchecked: bool = False
    ) -> None:
        """Write the tensors, or in ONNX the chain they are taken for.

        Raises:
            ActcliError: what was written, read again, is not what was read.
        """
        if path.suffix.lower() == ".onnx":
            from actcli.networks.files.onnx.model import write_layers

            layers = replaced(self.network, replacements)
            write_layers(path, layers, unchecked=unchecked)
        else:
            after = self.folded(replacements)
            write_tensors(path, after, self.metadata, lambda read: self._hold(read, replacements))

    def _hold(self, written: Tensors, replacements: Sequence[Replacement]) -> None:
        """Hold what was written, taken for layers anew, to the layers that were read.

        Raises:
            ActcliError: the two do not compute the same.
        """
        gone = {id(e) for fold in replacements for e in self._entries(fold)[:-1]}
        stay = [entry for entry in self.entries.values() if id(entry) not in gone]
        hints = Hints(
            layouts={entry.weight: entry.layout for entry in stay},
            pairs={entry.weight: entry.bias for entry in stay if entry.bias},
            order=[entry.weight for entry in stay],
            bias_in=stay[0].bias_in,
            activation=self.hints.activation,
        )
        again = Chain(self.source, written, hints, ordered=True)
        check_same(self.network, again.network)


BETWEEN = "not a dense layer; nothing is folded across it"
ANYWHERE = "not a dense layer, and no number says where it stands: nothing is folded"


def _layer(tensors: Tensors, entry: Entry) -> Dense:
    weight = tensors[entry.weight]
    weight = weight if entry.layout == "out-in" else weight.T
    bias = tensors[entry.bias].reshape(-1) if entry.bias else None
    if entry.bias_in == "first":
        weight, bias = weight[:, 1:], weight[:, 0]
    elif entry.bias_in == "last":
        weight, bias = weight[:, :-1], weight[:, -1]
    return Dense((weight.shape[1],), weight, bias, entry.weight)


def _stored(layer: Dense, entry: Entry) -> Weights:
    """The matrix as the file holds it: the way back from `_layer`."""
    weight = layer.weight
    if entry.bias_in:
        assert layer.bias is not None
        column = layer.bias[:, None]
        both = (column, weight) if entry.bias_in == "first" else (weight, column)
        weight = np.concatenate(both, axis=1)
    return weight if entry.layout == "out-in" else weight.T


@dataclass(frozen=True)
class Others:
    """Tensors that belong to no dense layer; all are left as they are."""

    placed: Mapping[int, Sequence[str]]
    """Those whose number says after which layer they stand, by its place."""
    harmless: Sequence[str]
    """Lists of whole numbers, text and the like, of which no number says anything."""
    anywhere: Sequence[str]
    """The rest: they may stand between any two layers."""


def _others(tensors: Tensors, found: Sequence[Entry]) -> Others:
    used = {name for entry in found for name in (entry.weight, entry.bias)}
    weights = [entry.weight for entry in found]
    numbers = [names.number(weight, weights) for weight in weights]
    placed: dict[int, list[str]] = {}
    harmless, anywhere = [], []
    for name in names.by_number(name for name in tensors if name not in used):
        number = names.number(name, weights)
        if number is not None and None not in numbers:
            before = [place for place, n in enumerate(numbers) if n is not None and n <= number]
            placed.setdefault(max(before, default=-1), []).append(name)
        elif tensors[name].dtype.kind in "fcV" or tensors[name].ndim > 1:
            anywhere.append(name)
        else:
            harmless.append(name)
    harmless += placed.pop(-1, [])
    return Others(placed, harmless, anywhere)
