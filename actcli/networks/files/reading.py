"""From a weight file to a model."""

from __future__ import annotations

from pathlib import Path

from actcli.errors import ActcliError
from actcli.networks.files.hints import Hints
from actcli.networks.files.interface import Model, check_there, format_of

SILENT = Hints()


def read(path: Path, hints: Hints = SILENT) -> Model:
    """The model in a file; the hints say what npz and safetensors files do not.

    Raises:
        ActcliError: the file is not there, is damaged, or holds what cannot be folded.
        MissingExtraError: the format needs a package that is not installed.
    """
    check_there(path)
    try:
        if format_of(path) == ".onnx":
            from actcli.networks.files.onnx.model import read_onnx

            return read_onnx(path, hints)
        from actcli.networks.files.tensor_files import read_tensors
        from actcli.networks.files.tensors import Chain

        tensors, metadata = read_tensors(path)
        ordered = format_of(path) == ".npz"
        return Chain(str(path), tensors, hints, ordered=ordered, metadata=metadata)
    except OSError as error:
        raise ActcliError(f"{path}: {error.strerror or error}") from None
