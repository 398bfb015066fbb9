"""A network written as npz, safetensors or ONNX."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from actcli.activations.base import Activation
from actcli.atomic_file import replacing
from actcli.errors import ActcliError, MissingExtraError
from actcli.networks.files.interface import format_of
from actcli.networks.files.tensor_files import write_tensors
from actcli.networks.folding.linearity import line_of
from actcli.networks.training.data import Data
from actcli.networks.training.network import DenseNetwork

OPSET = 17


def check_savable(path: Path, activation: Activation, hidden: bool) -> None:
    """Refuse, before any work, what could not be saved after it.

    Raises:
        UsageError: the suffix names no format.
        ActcliError: ONNX has no operators for the activation.
        MissingExtraError: the format needs a package that is not installed.
    """
    suffix = format_of(path)
    try:
        if suffix == ".safetensors":
            import ml_dtypes  # noqa: F401
        if suffix == ".onnx":
            import onnx  # noqa: F401
    except ImportError:
        raise MissingExtraError(f"writing {suffix} files", "models") from None
    if suffix == ".onnx" and hidden:
        from actcli.networks.files.onnx.formula import emit

        emit(activation, "x", "activation")


def save(network: DenseNetwork, path: Path) -> None:
    """Write the network, whole or not at all.

    The tensors are `layers.0.weight` (outputs by inputs), `layers.0.bias`, and so on.

    Raises:
        ActcliError: the file cannot be written.
    """
    try:
        if format_of(path) == ".onnx":
            _save_onnx(network, path)
        else:
            tensors = {
                f"layers.{place // 2}.{'bias' if place % 2 else 'weight'}": array
                for place, array in enumerate(network.arrays)
            }
            write_tensors(path, tensors, {"activation": str(network.activation)})
    except OSError as error:
        raise ActcliError(f"cannot write {path}: {error.strerror or error}") from None


def _save_onnx(network: DenseNetwork, path: Path) -> None:
    from onnx import TensorProto, helper, numpy_helper

    from actcli.networks.files.onnx.formula import emit
    from actcli.networks.files.onnx.model import write_model

    nodes, constants = [], []
    arrays = network.arrays
    last = len(network.weights) - 1
    value = "input"
    plain = last and _is_identity(network.activation)
    for place in range(last + 1):
        names = [f"layers.{place}.{role}" for role in ("weight", "bias")]
        for name, array in zip(names, arrays[2 * place :], strict=False):
            constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        output = "output" if place == last else f"layers.{place}"
        nodes.append(helper.make_node("Gemm", [value, *names], [output], transB=1))
        value = output
        if place < last and not plain:
            value, emitted = emit(network.activation, output, f"activation.{place}")
            nodes += emitted.made
            constants += emitted.initializers
    graph = helper.make_graph(
        nodes,
        "trained",
        [helper.make_tensor_value_info("input", TensorProto.DOUBLE, ["batch", arrays[0].shape[1]])],
        [helper.make_tensor_value_info("output", TensorProto.DOUBLE, ["batch", len(arrays[-1])])],
        constants,
    )
    opset = [helper.make_opsetid("", OPSET)]
    write_model(path, helper.make_model(graph, opset_imports=opset, ir_version=8))


def _is_identity(activation: Activation) -> bool:
    line = line_of(activation)
    return line is not None and line.slope == 1 and line.intercept == 0


def save_data(data: Data, path: Path) -> None:
    """Write the points as CSV, the target last, every digit.

    Raises:
        ActcliError: the file cannot be written.
    """
    import csv

    names = data.classes
    try:
        with replacing(path) as temporary, temporary.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*data.features, data.target_name])
            for row, target in zip(data.x.tolist(), data.target.tolist(), strict=True):
                writer.writerow([*map(repr, row), names[int(target)] if names else repr(target)])
    except OSError as error:
        raise ActcliError(f"cannot write {path}: {error.strerror or error}") from None
