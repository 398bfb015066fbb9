"""A model run in onnxruntime for the values that go into its activations."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, MissingExtraError
from actcli.networks.files.onnx.constants import external_tensors
from actcli.networks.files.onnx.run import QUIET, Values, one_line

if TYPE_CHECKING:
    from onnx import ModelProto

Item = TypeVar("Item")
Made = TypeVar("Made")

TOGETHER = 1 << 27
"""Bytes of values that a run gives out at once; those of two runs are held."""

_WORKERS = 2
"""Threads that each run a batch, and look at what comes out while the other runs the next."""


class Session:
    """A model with some of its values as what it puts out."""

    def __init__(
        self, model: ModelProto, folder: Path, names: Sequence[str], together: int
    ) -> None:
        """Load the model, of which so many runs are made together.

        Raises:
            ActcliError: onnxruntime does not load it.
            MissingExtraError: onnxruntime is not installed.
        """
        try:
            import onnxruntime
        except ImportError:
            raise MissingExtraError("running a model", "models") from None
        options = onnxruntime.SessionOptions()
        options.log_severity_level = QUIET
        if together > 1:
            options.intra_op_num_threads = max(1, (os.cpu_count() or 1) // together)
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if any(external_tensors(model.graph)):
            options.add_session_config_entry(
                "session.model_external_initializers_file_folder_path", str(folder)
            )
        self._names = tuple(dict.fromkeys(names))
        try:
            with _showing(model, self._names) as shown:
                content = shown.SerializeToString()
            self._session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime and protobuf raise dozens of kinds
            raise ActcliError(f"onnxruntime does not load the model: {one_line(error)}") from None

    def run(self, feed: Values) -> dict[str, NDArray[Any]]:
        """The values, by name.

        Raises:
            ActcliError: onnxruntime does not run the model on this.
        """
        try:
            results = self._session.run(list(self._names), feed)
        except Exception as error:
            raise ActcliError(f"onnxruntime does not run the model: {one_line(error)}") from None
        return dict(zip(self._names, results, strict=True))


@contextmanager
def _showing(model: ModelProto, names: Sequence[str]) -> Iterator[ModelProto]:
    """The model with these values as its outputs, for a while."""
    from onnx import ValueInfoProto

    outputs = model.graph.output
    before = [*outputs]
    known = {value.name: value for value in before}
    del outputs[:]
    outputs.extend(known.get(name) or ValueInfoProto(name=name) for name in names)
    try:
        yield model
    finally:
        del outputs[:]
        outputs.extend(before)


def workers(count: int, batch: int) -> int:
    """How many threads look at so many inputs, a batch at a time."""
    return min(_WORKERS, -(-count // batch))


class _Taken(Iterator[Item]):
    """Items that threads take as they come, until they are stopped."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._items, self._lock, self._is_stopped = items, Lock(), False

    def __next__(self) -> Item:
        with self._lock:
            if self._is_stopped:
                raise StopIteration
            return next(self._items)

    def stop(self) -> None:
        self._is_stopped = True


def shared(
    items: Iterator[Item],
    make: Callable[[Item], Made],
    use: Callable[[Made], object],
    threads: int,
) -> None:
    """Make something of every item and use it, in some threads, each of which takes what is next.

    They make things side by side, but use them one by one. Where one of them fails, the others stop
    after the item that they have.
    """
    taken, using = _Taken(items), Lock()

    def share(_: int) -> None:
        try:
            for item in taken:
                made = make(item)
                with using:
                    use(made)
        except BaseException:
            taken.stop()
            raise

    with ThreadPoolExecutor(threads) as pool:
        try:
            list(pool.map(share, range(threads)))
        finally:
            taken.stop()


def groups(sizes: Mapping[int, int], batch: int) -> list[list[int]]:
    """Numbered values in groups that are put out together, given their bytes for one input."""
    found: list[list[int]] = []
    room = 0
    for number, size in sizes.items():
        room -= size * batch
        if room < 0 or not found:
            found.append([])
            room = TOGETHER - size * batch
        found[-1].append(number)
    return found


def is_float(value: Any) -> bool:
    """Whether a value is an array of floats that can be looked at."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"
