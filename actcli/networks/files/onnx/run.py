"""ONNX models run in onnxruntime: random inputs for them, and every value they compute."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from threading import Event, Thread
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from actcli.networks.budgets import NUMBERS, RUN_SECONDS

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

Values = dict[str, NDArray[Any]]

OPEN_SIZES = (4, 1, 8, 16, 32)
"""Sizes tried, in this order, for the axes that a model leaves open, but for the first."""

TOKENS = (16, 2)
"""Whole numbers below these are tried as inputs: token ids are places in tables."""

GLANCE = 0.1
"""Seconds between two looks at how long a run has taken."""

QUIET = 4
"""Of onnxruntime's levels of logging: fatal errors alone."""


class CannotRunError(Exception):
    """The model cannot be run here; the message says why."""


class EndlessError(CannotRunError):
    """It runs for too long, whatever its inputs."""


def run(model: ModelProto, feed: Values) -> Values:
    """The outputs of a model that are arrays, node by node as the graph has them.

    Raises:
        CannotRunError: onnxruntime is not installed, or does not load or run the model.
    """
    try:
        import onnxruntime
    except ImportError:
        raise CannotRunError("onnxruntime is not installed: pip install 'actcli[models]'") from None
    options = onnxruntime.SessionOptions()
    options.log_severity_level = QUIET
    options.intra_op_num_threads = 1  # more of them wait for one another by spinning
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # what is used is given back
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    limit, bell = onnxruntime.RunOptions(), Event()
    names, encoded = [value.name for value in model.graph.output], model.SerializeToString()
    del model  # a part that was made for this run alone
    try:
        session = onnxruntime.InferenceSession(encoded, options, providers=["CPUExecutionProvider"])
        wanted = {value.name for value in session.get_inputs()}
        given = {n: v for n, v in feed.items() if n in wanted}
        watch = Thread(target=_stop, args=(limit, bell), daemon=True)
        watch.start()
        try:
            results = session.run(None, given, limit)
        finally:
            bell.set()
            watch.join()
    except Exception as error:  # onnxruntime and protobuf raise dozens of kinds
        if limit.terminate:
            raise EndlessError(f"it has not ended after {RUN_SECONDS:g} s") from None
        raise CannotRunError(one_line(error)) from None
    outputs = zip(names, results, strict=True)
    return {name: result for name, result in outputs if isinstance(result, np.ndarray)}


def _stop(limit: Any, bell: Event) -> None:
    """End a run that has not ended by itself in time, however busy the machine is."""
    start = process_time()
    while not bell.wait(GLANCE):
        if process_time() - start > RUN_SECONDS:
            limit.terminate = True


def alone(
    nodes: Sequence[NodeProto],
    feed: Values,
    targets: Sequence[str],
    model: ModelProto,
    constants: Sequence[TensorProto] = (),
) -> ModelProto:
    """Some nodes of a model as a model of their own, from such inputs to some values."""
    from onnx import ValueInfoProto, helper

    inputs = [
        helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(value.dtype), list(value.shape)
        )
        for name, value in feed.items()
    ]
    graph = helper.make_graph(
        nodes, "part", inputs, [ValueInfoProto(name=name) for name in targets], constants
    )
    part = helper.make_model(graph, opset_imports=model.opset_import, functions=model.functions)
    part.ir_version = max(model.ir_version, 4)
    return part


def needed_inputs(model: ModelProto) -> list[ValueInfoProto]:
    """The inputs that have no initializer."""
    given = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in given]


def random_feeds(model: ModelProto, batch: int, rng: np.random.Generator) -> Iterator[Values]:
    """Random inputs in the sizes that the model may take, the likeliest first.

    Standard normal numbers for floats, small whole numbers for integers. Open sizes of one name are
    equal.

    Raises:
        CannotRunError: an input is no tensor of numbers.
    """
    inputs = needed_inputs(model)
    fixed = all(
        dim.HasField("dim_value") for value in inputs for dim in value.type.tensor_type.shape.dim
    )
    sizes = [(batch, OPEN_SIZES[0])]
    if not fixed:
        sizes += [(first, size) for size in OPEN_SIZES for first in (batch, 1)]
    for first, size in dict.fromkeys(sizes):
        for below in TOKENS:
            named: dict[str, int] = {}
            yield {
                value.name: _random(value, first, size=size, below=below, named=named, rng=rng)
                for value in inputs
            }
            if not any(_is_whole(value) for value in inputs):
                break


def _is_whole(value: ValueInfoProto) -> bool:
    from onnx import helper

    kind = helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    return kind.kind in "iu"


def _random(
    value: ValueInfoProto,
    first: int,
    size: int,
    below: int,
    named: dict[str, int],
    rng: np.random.Generator,
) -> NDArray[Any]:
    from onnx import helper

    tensor = value.type.tensor_type
    if not tensor.elem_type:
        raise CannotRunError(f"its input {value.name} is no tensor")
    sizes = []
    for axis, dim in enumerate(tensor.shape.dim):
        fallback = size if axis else first
        known = named.setdefault(dim.dim_param, fallback) if dim.dim_param else fallback
        sizes.append(dim.dim_value if dim.HasField("dim_value") else known)
    if min(sizes, default=1) < 0 or math.prod(sizes) > NUMBERS:
        raise CannotRunError(
            f"its input {value.name} holds {math.prod(sizes):,} numbers, more than {NUMBERS:,}"
        )
    kind = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    if kind.kind in "iu":
        return rng.integers(0, below, sizes).astype(kind)
    if kind.kind == "b":
        return rng.integers(0, 2, sizes).astype(kind)
    if kind.kind not in "fV":
        raise CannotRunError(f"its input {value.name} holds no numbers")
    return rng.standard_normal(sizes).astype(kind)


def one_line(error: Exception) -> str:
    """One line of an error, without onnxruntime's paths and code names."""
    line = " ".join(str(error).split())
    return line if len(line) <= 200 else line[:197] + "..."
