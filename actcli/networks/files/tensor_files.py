"""Files of named tensors, npz and safetensors: read, and written so that they are read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from actcli.atomic_file import replacing
from actcli.errors import ActcliError
from actcli.networks.files.interface import Tensors, Weights, format_of


class TensorFormat(Protocol):
    """What the module of a format has."""

    def tensors_of(self, path: Path, /) -> tuple[dict[str, Weights], dict[str, str]]:
        """The tensors of a file by name, and its metadata."""

    def write(self, path: Path, tensors: Tensors, metadata: Mapping[str, str], /) -> None:
        """Write tensors and metadata."""


def _module(path: Path) -> TensorFormat:
    """The module of the format, imported now: npz needs no extra."""
    if format_of(path) == ".npz":
        from actcli.networks.files import npz

        return npz
    from actcli.networks.files import safetensors

    return safetensors


def read_tensors(path: Path) -> tuple[dict[str, Weights], dict[str, str]]:
    """The tensors of a file by name, and its metadata.

    Raises:
        ActcliError: the file is damaged, or holds what is no array of numbers.
        MissingExtraError: safetensors is not installed.
    """
    return _module(path).tensors_of(path)


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
    module = _module(path)
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
