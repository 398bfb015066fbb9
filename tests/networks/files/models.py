"""Small real models, laid out as the frameworks' exporters lay them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

Array = NDArray[Any]
Shape = Sequence[Any]
"""Sizes; letters and None stay open."""

rng = np.random.default_rng(7)


def weights(*shape: int) -> Array:
    return (rng.standard_normal(shape) / np.prod(shape[1:]) ** 0.5).astype(np.float32)


def node(kind: str, inputs: str, output: str, **attributes: Any) -> NodeProto:
    return helper.make_node(kind, inputs.split(), [output], name=f"/{output}", **attributes)


def model(
    path: Path,
    nodes: list[NodeProto],
    constants: Mapping[str, Array],
    shapes: tuple[Shape, Shape],
    opset: int = 17,
) -> Path:
    """Save a checked model from x to y; `shapes` are those of x and y, letters stay open."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shapes[0])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shapes[1])],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    made = helper.make_model(
        graph,
        producer_name="exporter",
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=8,
    )
    helper.set_model_props(made, {"author": "somebody"})
    onnx.checker.check_model(made, full_check=True)
    onnx.save(made, path)
    return path


def computed(path: Path, x: Array) -> Array:
    """What ONNX Runtime makes of x, at the first output."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {session.get_inputs()[0].name: x})[0])


def gemm_mlp(path: Path) -> Path:
    """A Linear stack as torch exports it."""
    nodes = [
        node("Gemm", "x w1 b1", "h1", transB=1),
        node("Gemm", "h1 w2 b2", "h2", transB=1, alpha=0.5, beta=2.0),
        node("Gemm", "h2 w3", "y", transB=1),
    ]
    constants = {"w1": weights(64, 32), "b1": weights(64), "w2": weights(48, 64)}
    constants |= {"b2": weights(48), "w3": weights(10, 48)}
    return model(path, nodes, constants, (["N", 32], ["N", 10]))


def matmul_mlp(path: Path) -> Path:
    """Dense layers as keras exports them, on sequences of any length."""
    nodes = [
        node("MatMul", "x w1", "p1"),
        node("Add", "p1 b1", "h1"),
        node("Identity", "h1", "h"),
        node("MatMul", "h w2", "p2"),
        node("Add", "b2 p2", "q2"),
        node("Div", "q2 s", "y"),
    ]
    constants = {"w1": weights(32, 64), "b1": weights(64), "w2": weights(64, 10)}
    constants |= {"b2": weights(10), "s": np.array([3.0], np.float32)}
    return model(path, nodes, constants, (["N", "S", 32], ["N", "S", 10]))


def conv_norm_conv(path: Path) -> Path:
    nodes = [
        node("Conv", "x k1 c1", "h1", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("BatchNormalization", "h1 gamma beta mean var", "h2", epsilon=1e-3),
        node("Conv", "h2 k2 c2", "y", kernel_shape=[1, 1]),
    ]
    constants = {"k1": weights(16, 3, 3, 3), "c1": weights(16), "gamma": 1 + weights(16) / 4}
    constants |= {"beta": weights(16), "mean": weights(16), "var": 0.5 + weights(16) ** 2}
    constants |= {"k2": weights(8, 16, 1, 1), "c2": weights(8)}
    return model(path, nodes, constants, (["N", 3, 12, 12], ["N", 8, 6, 6]))


def classifier(path: Path) -> Path:
    nodes = [
        node("Gemm", "x w1 b1", "h1", transB=1),
        node("Gemm", "h1 w2", "h2", transB=1),
        node("Relu", "h2", "r"),
        node("Gemm", "r w3 b3", "h3", transB=1),
        node("Gemm", "h3 w4", "z", transB=1),
        node("Softmax", "z", "y", axis=1),
    ]
    constants = {"w1": weights(64, 32), "b1": weights(64), "w2": weights(16, 64)}
    constants |= {"w3": weights(40, 16), "b3": weights(40), "w4": weights(4, 40)}
    return model(path, nodes, constants, (["N", 32], ["N", 4]))


def branch(path: Path) -> Path:
    nodes = [
        node("Gemm", "x w0", "g", transB=1),
        node("Gemm", "g w1", "h", transB=1),
        node("Gemm", "h w2", "p", transB=1),
        node("Add", "p h", "y"),
    ]
    constants = {"w0": weights(48, 32), "w1": weights(8, 48), "w2": weights(8, 8)}
    return model(path, nodes, constants, (["N", 32], ["N", 8]))


def gated(path: Path) -> Path:
    nodes = [
        node("Gemm", "x w0", "g", transB=1),
        node("Gemm", "g w1", "h", transB=1),
        node("Gemm", "h w2", "p", transB=1),
        node("Mul", "p h", "y"),
    ]
    constants = {"w0": weights(48, 32), "w1": weights(8, 48), "w2": weights(8, 8)}
    return model(path, nodes, constants, (["N", 32], ["N", 8]))


def bottleneck(path: Path) -> Path:
    nodes = [node("Gemm", "x w1", "h", transB=1), node("Gemm", "h w2", "y", transB=1)]
    constants = {"w1": weights(10, 1000), "w2": weights(1000, 10)}
    return model(path, nodes, constants, (["N", 1000], ["N", 1000]))


def image_classifier(path: Path) -> Path:
    """Everything linear between an image and its classes, through a transpose."""
    nodes = [
        node("Conv", "x k1 c1", "h1", kernel_shape=[3, 3], strides=[2, 2]),
        node("Mul", "h1 scale", "h2"),
        node("AveragePool", "h2", "h3", kernel_shape=[2, 2], strides=[2, 2]),
        node("Transpose", "h3", "h4", perm=[0, 2, 3, 1]),
        node("Reshape", "h4 shape", "h5"),
        node("Gemm", "h5 w", "z", transB=1),
        node("Sub", "z t", "y"),
    ]
    constants = {"k1": weights(8, 3, 3, 3), "c1": weights(8), "scale": 1 + weights(8, 1, 1)}
    constants |= {"shape": np.array([0, -1]), "w": weights(10, 72), "t": weights(10)}
    return model(path, nodes, constants, (["N", 3, 14, 14], ["N", 10]))


def depthwise(path: Path) -> Path:
    """A depthwise convolution, which must keep its groups when it takes a scale in."""
    nodes = [
        node("Conv", "x k c", "h", kernel_shape=[3, 3], group=6, pads=[0, 1, 2, 1]),
        node("BatchNormalization", "h gamma beta mean var", "y"),
    ]
    constants = {"k": weights(6, 1, 3, 3), "c": weights(6), "gamma": 1 + weights(6) / 4}
    constants |= {"beta": weights(6), "mean": weights(6), "var": 0.5 + weights(6) ** 2}
    return model(path, nodes, constants, (["N", 6, 8, 8], ["N", 6, 8, 8]))


def resnet18(path: Path, width: int = 64, image: int = 224) -> Path:
    """ResNet-18 with its batch normalisations, as torch exports it in training mode (He 2015)."""
    nodes: list[NodeProto] = []
    constants: dict[str, Array] = {}

    def convolved(source: str, name: str, inputs: int, outputs: int, size: int, stride: int) -> str:
        constants[f"{name}.k"] = weights(outputs, inputs, size, size)
        constants[f"{name}.gamma"] = 1 + weights(outputs, 16)[:, 0]
        constants[f"{name}.beta"] = weights(outputs, 16)[:, 0]
        constants[f"{name}.mean"] = weights(outputs, 16)[:, 0]
        constants[f"{name}.var"] = 0.5 + weights(outputs, 1)[:, 0] ** 2
        layout = {"kernel_shape": [size] * 2, "strides": [stride] * 2, "pads": [size // 2] * 4}
        nodes.append(node("Conv", f"{source} {name}.k", f"{name}.c", **layout))
        parts = " ".join(f"{name}.{part}" for part in ("gamma", "beta", "mean", "var"))
        nodes.append(node("BatchNormalization", f"{name}.c {parts}", f"{name}.n"))
        return f"{name}.n"

    def then(kind: str, sources: str, output: str, **attributes: Any) -> str:
        nodes.append(node(kind, sources, output, **attributes))
        return output

    h = then("Relu", convolved("x", "stem", 3, width, 7, 2), "stem.r")
    window = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
    h = then("MaxPool", h, "stem.p", **window)
    inputs = width
    for stage in range(4):
        outputs = width << stage
        for block in range(2):
            name, stride = f"layer{stage + 1}.{block}", 1 + (stage > 0 and block == 0)
            a = convolved(h, f"{name}.a", inputs, outputs, 3, stride)
            b = convolved(then("Relu", a, f"{name}.r"), f"{name}.b", outputs, outputs, 3, 1)
            if stride > 1:
                h = convolved(h, f"{name}.down", inputs, outputs, 1, stride)
            h = then("Relu", then("Add", f"{b} {h}", f"{name}.s"), f"{name}.o")
            inputs = outputs
    h = then("Flatten", then("GlobalAveragePool", h, "pooled"), "flat")
    constants |= {"fc.w": weights(1000, inputs), "fc.b": weights(1000)}
    then("Gemm", f"{h} fc.w fc.b", "y", transB=1)
    return model(path, nodes, constants, (["N", 3, image, image], ["N", 1000]))
