"""npz files: read by mapping what is not compressed, written by numpy's own rules."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from actcli.budgets import INFLATED, bytes_text
from actcli.errors import ActcliError
from actcli.networks.files.interface import Tensors

_LOCAL_HEADER = 30
"""Bytes of a zip member's header before its name; the lengths of name and extra end it."""

_CHUNK = 1 << 22


def tensors_of(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays of an npz file by name, and no metadata, for which it has no place.

    Raises:
        ActcliError: the file is damaged, or holds pickled objects.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
            _check_inflation(path, members)
            tensors = {info.filename[:-4]: _member(path, archive, info) for info in members}
    except (ActcliError, OSError):
        raise
    except Exception as error:  # a damaged file ends in any of a dozen kinds of error
        why = str(error).partition("\n")[0] or type(error).__name__
        why = why.replace("File is not a zip file", "it is no zip file, or is cut short")
        raise ActcliError(f"{path} is no sound npz file: {why}") from None
    return tensors, {}


def _check_inflation(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would fill the memory.

    Raises:
        ActcliError: it holds far more than its own size.
    """
    packed = [info for info in members if info.compress_type != zipfile.ZIP_STORED]
    inflated, size = sum(info.file_size for info in packed), path.stat().st_size
    if inflated > 4 * size + INFLATED:
        raise ActcliError(
            f"{path} would unpack {bytes_text(size)} to {bytes_text(inflated)}: refused"
        )


def _member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    """One array: a view of the file where it is stored as it is, else unpacked."""
    with archive.open(info) as member:
        version = npy.read_magic(member)
        if version == (1, 0):
            shape, fortran, dtype = npy.read_array_header_1_0(member)
        else:
            shape, fortran, dtype = npy.read_array_header_2_0(member)
        if dtype.hasobject:
            raise ActcliError(
                f"{path}: {info.filename[:-4]} is a pickled object, which could run code: refused"
            )
        start = member.tell()
        if info.compress_type != zipfile.ZIP_STORED:
            member.seek(0)
            return as_floats(npy.read_array(member, allow_pickle=False))
        while member.read(_CHUNK):
            pass  # zipfile checks the sum of what it has read to the end
    size = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
    if start + size != info.file_size:
        raise ValueError(f"{info.filename} is {info.file_size - start} bytes, not {size}")
    if not size:
        return np.empty(shape, dtype)
    offset = _data_offset(path, info) + start
    order: Any = "F" if fortran else "C"
    return as_floats(np.memmap(path, dtype, mode="r", offset=offset, shape=shape, order=order))


def _data_offset(path: Path, info: zipfile.ZipInfo) -> int:
    """Where a member begins: mapped from there, a dump of any size is inspected piece by piece."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER)
    name, extra = header[26:28], header[28:30]
    lengths = int.from_bytes(name, "little") + int.from_bytes(extra, "little")
    return info.header_offset + _LOCAL_HEADER + lengths


def as_floats(array: NDArray[Any]) -> NDArray[Any]:
    """The array; one of nameless 16-bit items is what numpy writes for bfloat16."""
    if array.dtype != np.dtype("V2"):
        return array
    try:
        import ml_dtypes
    except ImportError:
        return array
    return array.view(ml_dtypes.bfloat16)


def write(path: Path, tensors: Tensors, metadata: Mapping[str, str]) -> None:
    """Write the tensors under their names; npz has no place for metadata."""
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        for name, tensor in tensors.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, np.asanyarray(tensor), allow_pickle=False)
