"""Arrays in files: npy, npz and safetensors, mapped where they are not packed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, UsageError, quoted
from actcli.networks.files import npz, safetensors
from actcli.networks.files.interface import check_there

SUFFIXES = (".npy", ".npz", ".safetensors")

BUFFER = 1 << 22
"""Bytes that are read at once."""

FLOATS = ("float16", "bfloat16", "float32", "float64")


def arrays_of(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file by name; that of an npy file has the file's own.

    Raises:
        UsageError: the suffix is none of `SUFFIXES`.
        ActcliError: the file is not there, is damaged, or holds nothing.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{quoted(str(path), 100)} must be one of {', '.join(SUFFIXES)}")
    check_there(path)
    if suffix == ".npy":
        found = {path.stem: _npy(path)}
    else:
        found, _ = (npz if suffix == ".npz" else safetensors).tensors_of(path)
    if not found:
        raise ActcliError(f"{path} holds no array")
    return found


def _npy(path: Path) -> NDArray[Any]:
    try:
        return npz.as_floats(np.load(path, mmap_mode="r", allow_pickle=False))
    except Exception as error:  # a damaged file ends in any of a dozen kinds of error
        why = str(error).partition("\n")[0] or type(error).__name__
        if "mmap length" in why or why.startswith("EOF"):
            raise ActcliError(f"{path} is cut short") from None
        raise ActcliError(f"{path} is no sound npy file: {why}") from None


def check_floats(where: str, array: NDArray[Any]) -> None:
    """Refuse what is no array of floats, or holds nothing.

    Raises:
        ActcliError: it is not; the message says so of `where`.
    """
    if array.dtype.name not in FLOATS:
        raise ActcliError(f"{where} holds {array.dtype.name}, not numbers of a float type")
    if not array.size:
        raise ActcliError(f"{where} is empty: its shape is {shape_text(array.shape)}")


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape for a message."""
    return "x".join(map(str, shape)) or "a single number"


def pieces(array: NDArray[Any], start: int, stop: int) -> Iterator[tuple[int, NDArray[Any]]]:
    """A part of an array along its first axis, in pieces, each with where it begins.

    What is mapped is read into one buffer: mapped pages would all count as memory in use.
    """
    if array.ndim == 0:
        array = array.reshape(1)
    row = array[:1].nbytes or 1
    rows = max(1, BUFFER // row)
    if not isinstance(array, np.memmap) or not array.flags.c_contiguous:
        for first in range(start, stop, rows):
            yield first, array[first : min(first + rows, stop)]
        return
    buffer = np.empty((min(rows, stop - start), *array.shape[1:]), array.dtype)
    assert array.filename is not None
    with Path(array.filename).open("rb", buffering=0) as file:
        file.seek(array.offset + start * row)
        for first in range(start, stop, rows):
            piece = buffer[: min(rows, stop - first)]
            _fill(file, piece)
            yield first, piece


def _fill(file: Any, piece: NDArray[Any]) -> None:
    memory = piece.view(np.uint8).reshape(-1).data
    while memory:
        count = file.readinto(memory)
        if not count:
            raise ActcliError(f"{file.name} is cut short")
        memory = memory[count:]


def rows_of(array: NDArray[Any]) -> int:
    """The size of the first axis; 1 for a single number."""
    return array.shape[0] if array.ndim else 1
