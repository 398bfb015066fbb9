"""The user's inputs of a model: checked against it, and cut into batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError
from actcli.networks.files.onnx.run import Values, needed_inputs
from actcli.networks.inspection.arrays import arrays_of, shape_text

if TYPE_CHECKING:
    from onnx import ModelProto


class Wanted(NamedTuple):
    """An input of a model."""

    name: str
    kind: np.dtype[Any]
    sizes: tuple[int | None, ...] | None
    """None for a size that is open, or a shape that is not said."""


def wanted_inputs(model: ModelProto) -> list[Wanted]:
    """The inputs that a model has to be given.

    Raises:
        ActcliError: one of them is no tensor.
    """
    from onnx import helper

    found = []
    for value in needed_inputs(model):
        tensor = value.type.tensor_type
        if not tensor.elem_type:
            raise ActcliError(f"the model's input {value.name} is no tensor: it cannot be given")
        sizes = tuple(dim.dim_value if dim.dim_value > 0 else None for dim in tensor.shape.dim)
        kind = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        found.append(Wanted(value.name, kind, sizes if tensor.HasField("shape") else None))
    return found


class Feed:
    """The inputs in one file, checked."""

    def __init__(self, path: Path, wanted: Sequence[Wanted]) -> None:
        """Read the file.

        Raises:
            ActcliError: an input is missing, is not one of the model's, or has another type or
                shape than it has there.
        """
        arrays = arrays_of(path)
        if len(arrays) == len(wanted) == 1 and path.suffix.lower() == ".npy":
            arrays = {wanted[0].name: next(iter(arrays.values()))}
        names = [one.name for one in wanted]
        missing = [name for name in names if name not in arrays]
        extra = [name for name in arrays if name not in names]
        if missing or extra:
            raise ActcliError(f"{path}: {_mismatch(names, missing, extra)}")
        self._path = path
        self._arrays = {one.name: _fitting(path, one, arrays[one.name]) for one in wanted}
        self._batched = [one for one in wanted if self._is_batched(one)]
        self.count = self._count()
        """How many inputs there are."""

    def _is_batched(self, one: Wanted) -> bool:
        """Whether the first axis of an input goes through the batch."""
        array = self._arrays[one.name]
        if not array.ndim:
            return False
        return not one.sizes or one.sizes[0] is None or one.sizes[0] != len(array)

    def _count(self) -> int:
        lengths = {one.name: len(self._arrays[one.name]) for one in self._batched}
        if len({*lengths.values()}) > 1:
            said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
            raise ActcliError(f"{self._path}: its inputs differ in number: {said}")
        count = next(iter(lengths.values()), 1)
        if not count:
            raise ActcliError(f"{self._path} is empty: there is no input in it")
        fixed = {one.sizes[0] for one in self._batched if one.sizes and one.sizes[0]}
        self._fixed = next(iter(fixed), None)
        if self._fixed and count % self._fixed:
            raise ActcliError(
                f"{self._path}: the model takes {self._fixed} inputs at once, and {count} are no "
                "multiple of that"
            )
        return count

    def batch(self, asked: int) -> int:
        """How many inputs go in at once: the model's own number where it has one."""
        return self._fixed or min(asked, self.count)

    def batches(self, size: int, start: int = 0, stop: int | None = None) -> Iterator[Values]:
        """The inputs from `start` to `stop`, so many at once."""
        stop = self.count if stop is None else stop
        for first in range(start, stop, size):
            last = min(first + size, stop)
            yield {
                name: np.ascontiguousarray(
                    array[first:last] if any(one.name == name for one in self._batched) else array
                )
                for name, array in self._arrays.items()
            }


def _mismatch(names: Sequence[str], missing: Sequence[str], extra: Sequence[str]) -> str:
    parts = []
    if missing:
        parts.append(f"no array for the model's input {', '.join(missing)}")
    if extra:
        parts.append(f"{', '.join(extra)} is no input of it")
    return f"{'; '.join(parts)} (its inputs are {', '.join(names)})"


def _fitting(path: Path, one: Wanted, array: NDArray[Any]) -> NDArray[Any]:
    """An array whose type and shape the model takes; the first axis is looked at later."""
    if array.dtype != one.kind:
        raise ActcliError(
            f"{path}: {one.name} holds {array.dtype.name}, and the model takes {one.kind.name}: "
            f"save it with .astype({one.kind.name!r})"
        )
    sizes = one.sizes
    if sizes is None:
        return array
    fits = len(sizes) == array.ndim and all(
        size in (None, there) for size, there in zip(sizes[1:], array.shape[1:], strict=True)
    )
    if not fits:
        wants = "x".join("?" if size is None else str(size) for size in sizes) or "a single number"
        raise ActcliError(
            f"{path}: {one.name} has the shape {shape_text(array.shape)}, and the model takes "
            f"{wants}{' (? is any size)' * ('?' in wants)}"
        )
    return array
