"""safetensors files: checked by the library, mapped, and written tensor by tensor."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, MissingExtraError
from actcli.networks.files.interface import Tensors

_PLAIN = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
    "BOOL": "?",
}


def tensors_of(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays of a safetensors file by name, and its metadata.

    Raises:
        ActcliError: the file is damaged, or holds a type that numpy has not.
        MissingExtraError: safetensors is not installed.
    """
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:
        raise MissingExtraError("reading a safetensors file", "models") from None
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise ActcliError(f"{path} is no sound safetensors file: {error}") from None
    with path.open("rb") as raw:
        length = int.from_bytes(raw.read(8), "little")
        header = json.loads(raw.read(length))
    header.pop("__metadata__", None)
    tensors = {
        name: _mapped(path, 8 + length, name, entry)
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"])
    }
    return tensors, metadata


def _mapped(path: Path, base: int, name: str, entry: Mapping[str, Any]) -> NDArray[Any]:
    """A view of the file; the library has checked that it lies inside."""
    kinds = _kinds()
    if entry["dtype"] not in kinds:
        raise ActcliError(f"{path}: {name} is of type {entry['dtype']}, which numpy has not")
    kind, shape = kinds[entry["dtype"]], tuple(entry["shape"])
    if not math.prod(shape):
        return np.empty(shape, kind)
    return np.memmap(path, kind, "r", base + entry["data_offsets"][0], shape)


def _kinds() -> dict[str, np.dtype[Any]]:
    """Numpy's types by their names in the file."""
    try:
        import ml_dtypes
    except ImportError:
        raise MissingExtraError("bfloat16 weights", "models") from None
    small = {
        "BF16": ml_dtypes.bfloat16,
        "F8_E4M3": ml_dtypes.float8_e4m3fn,
        "F8_E5M2": ml_dtypes.float8_e5m2,
    }
    return {name: np.dtype(kind) for name, kind in {**_PLAIN, **small}.items()}


def write(path: Path, tensors: Tensors, metadata: Mapping[str, str]) -> None:
    """Write the tensors one after the other, none of them copied whole.

    Raises:
        ActcliError: a tensor's type has no name in the format.
    """
    names = {kind: name for name, kind in _kinds().items()}
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name, tensor in tensors.items():
        kind = tensor.dtype.newbyteorder("<")
        if kind not in names:
            raise ActcliError(f"safetensors has no type {tensor.dtype} for {name}")
        start, end = end, end + tensor.nbytes
        header[name] = {
            "dtype": names[kind],
            "shape": list(tensor.shape),
            "data_offsets": [start, end],
        }
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for tensor in tensors.values():
            little = tensor.astype(tensor.dtype.newbyteorder("<"), copy=False)
            file.write(np.ascontiguousarray(little).reshape(-1).view(np.uint8).data)
