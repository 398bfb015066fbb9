"""What a weight file is to `collapse`, and which module reads which format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from actcli.analysis.drift import Agreement
from actcli.analysis.network import Network
from actcli.analysis.plan import Replacement
from actcli.errors import ActcliError, UsageError, quoted
from actcli.files import replacing
from actcli.weights.hints import Hints

Weights = NDArray[Any]
Tensors = Mapping[str, Weights]

SILENT = Hints()

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


class Reader(Protocol):
    """What the module of a format has: `read`."""

    def __call__(self, path: Path, hints: Hints) -> Model:
        """The model in the file."""


def is_weight_file(word: str) -> bool:
    """Whether a word on the command line names a weight file."""
    return Path(word).suffix.lower() in FORMATS


def read(path: Path, hints: Hints = SILENT) -> Model:
    """The model in a file; the hints say what npz and safetensors files do not.

    Raises:
        ActcliError: the file is not there, is damaged, or holds what cannot be folded.
        MissingExtraError: the format needs a package that is not installed.
    """
    if not path.is_file():
        raise ActcliError(f"no such file: {quoted(str(path), 200)}")
    reader: Reader = import_module(f"actcli.weights.{format_of(path)[1:]}").read
    try:
        return reader(path, hints)
    except OSError as error:
        raise ActcliError(f"{path}: {error.strerror or error}") from None


def write_tensors(
    path: Path,
    tensors: Tensors,
    metadata: Mapping[str, str],
    check: Callable[[Tensors], object] = len,
) -> None:
    """Write named tensors as npz or safetensors, whole or not at all.

    What was written is read again and must be the same; `check` may look at it too.

    Raises:
        ActcliError: it is not.
    """
    module = import_module(f"actcli.weights.{format_of(path)[1:]}")
    with replacing(path) as temporary:
        module.write(temporary, tensors, metadata)
        again, _ = module.tensors_of(temporary)
        if again.keys() != tensors.keys() or not all(
            map(_same, again.values(), map(tensors.get, again))
        ):
            raise ActcliError(f"{path}: what was written is not what was to be: not saved")
        check(again)


def _same(one: Weights, other: Weights | None) -> bool:
    """Whether two arrays are one, bit by bit."""
    if other is None or one.shape != other.shape or one.dtype.name != other.dtype.name:
        return False
    return np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes()


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
