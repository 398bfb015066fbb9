"""A model run in onnxruntime for the values that go into its activations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError, MissingExtraError
from actcli.networks.files.onnx.constants import external_tensors
from actcli.networks.files.onnx.run import QUIET, Values, one_line

if TYPE_CHECKING:
    from onnx import ModelProto

Item = TypeVar("Item")

TOGETHER = 1 << 27
"""Bytes of values that a run gives out at once; those of two runs are held."""


class Session:
    """A model with some of its values as what it puts out."""

    def __init__(self, model: ModelProto, folder: Path, names: Sequence[str]) -> None:
        """Load the model.

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


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made in a thread while the one before is used."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


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
