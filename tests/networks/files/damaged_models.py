"""Sound ONNX models with a part set wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper


def some_node(model: ModelProto, rng: np.random.Generator, *kinds: str) -> onnx.NodeProto:
    found = [n for n in model.graph.node if not kinds or n.op_type in kinds]
    nodes = found or list(model.graph.node)
    node: onnx.NodeProto = nodes[rng.integers(len(nodes))]
    return node


def some_tensor(model: ModelProto, rng: np.random.Generator) -> onnx.TensorProto:
    tensors = list(model.graph.initializer)
    tensor: onnx.TensorProto = tensors[rng.integers(len(tensors))]
    return tensor


ATTRIBUTES: dict[str, list[Any]] = {
    "strides": [[0, 0], [-1, 1], [1], [1 << 40, 1], [1, 1, 1]],
    "pads": [[-1, 0, 0, 0], [-9, -9, -9, -9], [1, 1], [1 << 40, 0, 0, 0], [0] * 7],
    "dilations": [[0, 0], [-2, 1], [1 << 62, 1]],
    "kernel_shape": [[0, 0], [-3, 3], [3], [99, 99], [1 << 31, 1 << 31]],
    "group": [0, -1, 7, 1 << 40],
    "auto_pad": ["SAME_UPPER", "SIDEWAYS", ""],
    "epsilon": [-5.0, float("nan"), float("inf"), -1e-5],
    "alpha": [float("nan"), float("inf"), 0.0, 1e38],
    "beta": [float("nan"), 1e38],
    "transA": [1, -1, 7],
    "transB": [0, -1, 1 << 40],
    "axis": [-9, 0, 9, 1 << 62],
    "perm": [[0, 0, 1], [3, 2, 1, 0], [-1, 0], [1 << 40]],
    "axes": [[9], [-9], [1, 1]],
    "allowzero": [1],
    "momentum": [float("nan")],
    "spatial": [0],
    "ceil_mode": [1, -1],
    "training_mode": [1, -1],
}


def wrong_attribute(model: ModelProto, rng: np.random.Generator) -> None:
    node = some_node(model, rng)
    names = [a.name for a in node.attribute] if rng.integers(2) else []
    name = str(rng.choice(names or list(ATTRIBUTES)))
    wrong = ATTRIBUTES.get(name, [0])
    _set(node, name, wrong[rng.integers(len(wrong))])


def attribute_of_another_type(model: ModelProto, rng: np.random.Generator) -> None:
    node = some_node(model, rng, "Conv", "AveragePool", "BatchNormalization", "Gemm", "Transpose")
    names = [a.name for a in node.attribute] or ["axis"]
    values = [1.5, "text", [1.5], ["text"], 3, [2, 2], b"\xff\xfe"]
    value = values[rng.integers(len(values))]
    _set(node, str(rng.choice(names)), value)


def _set(node: onnx.NodeProto, name: str, value: object) -> None:
    for attribute in [a for a in node.attribute if a.name == name]:
        node.attribute.remove(attribute)
    node.attribute.append(helper.make_attribute(name, value))


def attribute_without_type(model: ModelProto, rng: np.random.Generator) -> None:
    node = some_node(model, rng, "Conv", "Gemm")
    for attribute in node.attribute:
        attribute.type = int(rng.integers(0, 15))


def tensor_of_another_shape(model: ModelProto, rng: np.random.Generator) -> None:
    tensor = some_tensor(model, rng)
    array = numpy_helper.to_array(tensor)
    shapes = [(), (array.size,), (1, *array.shape), (*array.shape, 1), (array.size, 1), (0,)]
    shape = shapes[rng.integers(len(shapes))]
    new = np.resize(array, shape)
    tensor.CopyFrom(numpy_helper.from_array(new, tensor.name))


def tensor_of_another_type(model: ModelProto, rng: np.random.Generator) -> None:
    tensor = some_tensor(model, rng)
    array = numpy_helper.to_array(tensor)
    kinds = [np.float64, np.float16, np.int64, np.int32, bool, np.uint8, object, np.complex64]
    kind = kinds[rng.integers(len(kinds))]
    if kind is object:
        array = np.array(["a"] * array.size, object).reshape(array.shape)
    tensor.CopyFrom(numpy_helper.from_array(np.asarray(array).astype(kind), tensor.name))


def wrong_tensor_header(model: ModelProto, rng: np.random.Generator) -> None:
    tensor = some_tensor(model, rng)
    match rng.integers(6):
        case 0:
            tensor.data_type = int(rng.choice([0, 8, 23, 99, -1]))
        case 1:
            tensor.dims[:] = [1 << 40, 1 << 40]
        case 2:
            tensor.dims[:] = [-3, 4]
        case 3:
            tensor.dims[:] = [*tensor.dims, 3]
        case 4:
            tensor.raw_data = tensor.raw_data[:-3]
        case 5:
            tensor.dims[:] = [2] * 70


def strange_numbers(model: ModelProto, rng: np.random.Generator) -> None:
    tensor = some_tensor(model, rng)
    array = numpy_helper.to_array(tensor).copy()
    if array.dtype.kind == "f":
        values = [-1.0, 0.0, 1e30, 1e-30, np.nan, np.inf, 3e38, 1e-45]
        array[...] = values[rng.integers(len(values))]
    else:
        lists: list[list[int]] = [[-1], [0], [-1, -1], [7, 7], [1 << 40], [-5], []]
        array = np.array(lists[rng.integers(len(lists))], array.dtype)
    tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))


def wrong_external_data(model: ModelProto, rng: np.random.Generator) -> None:
    tensor = some_tensor(model, rng)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.ClearField("raw_data")
    entries = [
        {"location": "weights.bin", "offset": "abc"},
        {"location": "weights.bin", "offset": "-4"},
        {"location": "weights.bin", "offset": "9" * 30},
        {"location": "../model.onnx"},
        {"location": "/etc/passwd"},
        {"location": "."},
        {"location": "model.onnx", "offset": "0", "length": "x"},
        {"location": "model.onnx", "offset": "0", "length": "3"},
        {"location": "a\0b"},
        {"location": "x" * 5000},
        {"offset": "0"},
        {},
    ]
    for key, value in entries[rng.integers(len(entries))].items():
        tensor.external_data.add(key=key, value=value)


def wrong_inputs(model: ModelProto, rng: np.random.Generator) -> None:
    node = some_node(model, rng)
    match rng.integers(7):
        case 0:
            del node.input[:]
        case 1:
            node.input[0] = node.output[0]
        case 2:
            node.input.append(node.input[0])
        case 3:
            node.input[int(rng.integers(len(node.input)))] = ""
        case 4:
            node.input[int(rng.integers(len(node.input)))] = "nowhere"
        case 5:
            del node.output[:]
        case 6:
            node.input[:] = list(node.input)[::-1]


def wrong_declaration(model: ModelProto, rng: np.random.Generator) -> None:
    value = model.graph.input[0] if rng.integers(2) else model.graph.output[0]
    tensor = value.type.tensor_type
    match rng.integers(8):
        case 0:
            tensor.elem_type = int(rng.choice([0, 7, 8, 11, 23, 99]))
        case 1:
            tensor.ClearField("shape")
        case 2:
            for dim in tensor.shape.dim:
                dim.dim_value = int(rng.choice([0, -1, 1 << 40, 300_000_000]))
        case 3:
            value.ClearField("type")
        case 4:
            value.type.sequence_type.elem_type.tensor_type.elem_type = 1
        case 5:
            tensor.shape.dim.add().dim_value = 4
        case 6:
            value.name = "" if rng.integers(2) else "other"
        case 7:
            tensor.shape.dim[-1].dim_value = 300_000_000


def wrong_versions(model: ModelProto, rng: np.random.Generator) -> None:
    match rng.integers(5):
        case 0:
            model.opset_import[0].version = int(rng.choice([0, -1, 1, 6, 999, 1 << 40]))
        case 1:
            del model.opset_import[:]
        case 2:
            model.ir_version = int(rng.choice([0, -1, 1, 999]))
        case 3:
            model.opset_import.add(domain="elsewhere", version=1)
            some_node(model, rng).domain = "elsewhere"
        case 4:
            model.ClearField("graph")


def doubled(model: ModelProto, rng: np.random.Generator) -> None:
    match rng.integers(4):
        case 0:
            model.graph.initializer.append(some_tensor(model, rng))
        case 1:
            model.graph.node.append(some_node(model, rng))
        case 2:
            model.graph.output.append(model.graph.output[0])
        case 3:
            model.graph.input.append(model.graph.input[0])


def another_operator(model: ModelProto, rng: np.random.Generator) -> None:
    kinds = ["Relu", "Loop", "If", "Squeeze", "Unsqueeze", "Reshape", "Conv", "MatMul", "Neg"]
    kinds += ["Nonsense", "", "BatchNormalization", "Constant", "Einsum", "Pad", "ReduceMean"]
    some_node(model, rng).op_type = str(rng.choice(kinds))


def impossible_constant(model: ModelProto, rng: np.random.Generator) -> None:
    """A constant that is made of others by a node that cannot run."""
    node = some_node(model, rng, "Gemm", "MatMul", "Conv", "BatchNormalization")
    if len(node.input) < 2:
        return
    name = node.input[1]
    shapes = [[7, 7], [-1, -1], [-2], [1 << 40], [0, 5], []]
    shape = np.array(shapes[rng.integers(len(shapes))], np.int64)
    model.graph.initializer.append(numpy_helper.from_array(shape, "wrong_shape"))
    made = [
        helper.make_node("Reshape", [name, "wrong_shape"], ["made"]),
        helper.make_node("Transpose", [name], ["made"], perm=[5, 1]),
        helper.make_node("Squeeze", [name, "wrong_shape"], ["made"]),
        helper.make_node("Unsqueeze", [name, "wrong_shape"], ["made"]),
        helper.make_node("Cast", [name], ["made"], to=int(rng.choice([0, 8, 99, 7]))),
        helper.make_node("Constant", [], ["made"]),
        helper.make_node("Constant", [], ["made"], value_string=b"\xff"),
    ]
    model.graph.node.insert(0, made[rng.integers(len(made))])
    node.input[1] = "made"


def names_in_no_alphabet(model: ModelProto, rng: np.random.Generator) -> None:
    node = some_node(model, rng)
    node.name = ["\x1b[31m", "a\nb", "\u202e", "x" * 5000, "\0"][rng.integers(5)]


FAULTS = (
    wrong_attribute,
    wrong_attribute,
    wrong_attribute,
    attribute_of_another_type,
    attribute_without_type,
    tensor_of_another_shape,
    tensor_of_another_shape,
    tensor_of_another_type,
    wrong_tensor_header,
    strange_numbers,
    wrong_external_data,
    wrong_inputs,
    wrong_declaration,
    wrong_versions,
    doubled,
    another_operator,
    impossible_constant,
    names_in_no_alphabet,
)
