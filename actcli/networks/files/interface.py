"""What a weight file is to `collapse`."""

from __future__ import annotations

import errno
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, UsageError, quoted
from actcli.networks.folding.plan import Replacement
from actcli.networks.folding.proof.deviation import Agreement
from actcli.networks.network import Network

Weights = NDArray[Any]
Tensors = Mapping[str, Weights]

FORMATS = (".npz", ".safetensors", ".onnx")


class Model(ABC):
    """A network with its weights, wherever they came from."""

    network: Network
    files: Sequence[Path] = ()
    """Where its weights are kept."""

    def for_file(self, path: Path) -> Model:
        """The model with its numbers in the type that a file of this name will hold."""
        return self

    @abstractmethod
    def agreement(self, replacements: Sequence[Replacement], rng: np.random.Generator) -> Agreement:
        """How far the whole model moves when the folds are in it."""

    @abstractmethod
    def write(
        self, path: Path, replacements: Sequence[Replacement], *, unchecked: bool = False
    ) -> None:
        """Write the model in the format of the path's suffix, with the folds in it.

        `unchecked` writes one that cannot be run here too.

        Raises:
            ActcliError: the format cannot hold this model.
        """


def is_weight_file(word: str) -> bool:
    """Whether a word on the command line names a weight file."""
    return Path(word).suffix.lower() in FORMATS


def check_there(path: Path) -> None:
    """Refuse what is no file, or holds nothing.

    Raises:
        ActcliError: it is not there, or is a folder or a device, or is empty.
    """
    if not path.is_file():
        why = "it is no file" if path.exists() else os.strerror(errno.ENOENT)
        raise ActcliError(f"cannot read {quoted(str(path), 200)}: {why}")
    if not path.stat().st_size:
        raise ActcliError(f"{path} is empty")


def check_finite(name: str, weights: Weights) -> None:
    """Refuse weights that are no numbers.

    Raises:
        ActcliError: one is NaN or infinite; the message names the tensor and the place.
    """
    for start in range(0, len(weights), 1024):
        strip = weights[start : start + 1024]
        if not (finite := np.isfinite(strip)).all():
            place = np.argwhere(~finite)[0]
            what = "NaN" if np.isnan(strip[tuple(place)]) else "an infinity"
            place[0] += start
            raise ActcliError(f"{name} holds {what}, at {tuple(map(int, place))}")


def format_of(path: Path) -> str:
    """The suffix of a weight file.

    Raises:
        UsageError: it is none.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise UsageError(
            f"{quoted(path.name)} has no suffix of a weight file: {', '.join(FORMATS)}"
        )
    return suffix
