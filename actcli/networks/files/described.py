"""A described stack as a model that can be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from actcli.errors import ActcliError
from actcli.networks.files.interface import Model, Weights
from actcli.networks.files.tensor_files import write_tensors
from actcli.networks.folding.plan import Replacement, replaced
from actcli.networks.folding.proof.deviation import Agreement, agreement
from actcli.networks.layers import Layer, Linear
from actcli.networks.network import Network
from actcli.networks.network import path as chain


class Described(Model):
    """The layers of a network that came from no file."""

    def __init__(self, network: Network) -> None:
        """Take the network as it is."""
        self.network = network

    def for_file(self, path: Path) -> Model:
        """The layers in float32 where ONNX Runtime has a function of theirs in that alone."""
        if path.suffix.lower() != ".onnx":
            return self
        from actcli.networks.files.onnx.writing import type_for

        network = self.network
        kind = type_for(network.layers)
        layers = [x.rounded(kind) if isinstance(x, Linear) else x for x in network.layers]
        whole = chain(network.source, layers, network.barriers, network.notes)
        return Described(whole)

    def agreement(self, replacements: Sequence[Replacement], rng: np.random.Generator) -> Agreement:
        """Compare the network with itself, folded."""
        return agreement(self.network, replacements, rng)

    def write(
        self, path: Path, replacements: Sequence[Replacement], *, unchecked: bool = False
    ) -> None:
        """Write it; npz and safetensors hold dense layers, named by their number.

        Raises:
            ActcliError: the format cannot hold a layer.
        """
        layers = replaced(self.network, replacements)
        if path.suffix.lower() == ".onnx":
            from actcli.networks.files.onnx.model import write_layers

            write_layers(path, layers, unchecked=unchecked)
        else:
            write_tensors(path, _tensors(layers, path), {})


def _tensors(layers: Sequence[Layer], path: Path) -> dict[str, Weights]:
    tensors: dict[str, Weights] = {}
    for number, layer in enumerate(layers):
        if layer.tensors is None:
            raise ActcliError(f"{path} can hold dense layers only, not {layer.label}")
        tensors |= {f"{number}.{name}": tensor for name, tensor in layer.tensors.items()}
    if not tensors:
        raise ActcliError(f"there is no dense layer to write to {path}")
    return tensors
