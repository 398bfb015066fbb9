"""The folds worth having, one small graph each, run in onnxruntime before and after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from actcli.weights.interface import read
from actcli.weights.saving import save
from tests.weights import models
from tests.weights.models import node, weights

IMAGE = (["N", 4, 8, 7], 4)
"""The shape of an input, and how many axes the output has."""


def whole(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def number(value: float) -> np.ndarray:
    return np.array(value, np.float32)


def norm(channels: int, name: str = "") -> dict[str, np.ndarray]:
    return {
        f"gamma{name}": 1 + weights(channels) / 4,
        f"beta{name}": weights(channels),
        f"mean{name}": weights(channels),
        f"var{name}": 0.5 + weights(channels) ** 2,
    }


def normed(source: str, target: str, name: str = ""):
    parameters = " ".join(f"{part}{name}" for part in ("gamma", "beta", "mean", "var"))
    return node("BatchNormalization", f"{source} {parameters}", target)


def after_a_conv(kind: str, constant: np.ndarray, **attributes):
    """A convolution, then something elementwise."""
    attributes = {"strides": [2, 3], "pads": [0, 1, 2, 1]} | attributes
    nodes = [node("Conv", "x k c", "h", **attributes), node(kind, "h s", "y")]
    return nodes, {"k": weights(6, 4, 3, 2), "c": weights(6), "s": constant}, *IMAGE


def conv_norm(kernel: tuple[int, ...], shape: list, **attributes):
    nodes = [node("Conv", "x k", "h", **attributes), normed("h", "y")]
    return nodes, {"k": weights(*kernel), **norm(kernel[0])}, shape, len(shape)


def transposed_norm(kernel: tuple[int, ...], **attributes):
    outputs = kernel[1] * attributes.get("group", 1)
    nodes = [node("Mul", "x s", "g"), node("ConvTranspose", "g k c", "h", **attributes)]
    constants = {"s": weights(4, 1, 1), "k": weights(*kernel), "c": weights(outputs)}
    return [*nodes, normed("h", "y")], constants | norm(outputs), *IMAGE


def sequence(*nodes, rank: int = 3, shape=("N", "S", 16), **constants):
    return list(nodes), constants, list(shape), rank


FOLDS = {
    "constants of a shape before a flatten": (
        sequence(
            node("Sub", "x c", "a"),
            node("Div", "a d", "b"),
            node("Flatten", "b", "f"),
            node("MatMul", "f w", "p"),
            node("Add", "p b1", "y"),
            shape=(1, 1, 1, 5),
            rank=2,
            c=weights(1, 1, 1, 5),
            d=1 + weights(1, 1, 1, 5) ** 2,
            w=weights(5, 50),
            b1=weights(50),
        ),
        "Flatten Gemm",
    ),
    "sizes of 1 that move": (
        sequence(
            node("MatMul", "x w", "a"),
            node("Transpose", "a", "t", perm=[0, 2, 1]),
            node("Reshape", "t s", "r"),
            node("MatMul", "r w2", "y"),
            shape=("N", 1, 6),
            rank=2,
            w=weights(6, 9),
            w2=weights(9, 3),
            s=whole(-1, 9),
        ),
        "Flatten Gemm",
    ),
    "an axis only": (
        sequence(
            node("MatMul", "x w", "h"),
            node("MatMul", "h w2", "y"),
            shape=(16,),
            rank=1,
            w=weights(16, 40),
            w2=weights(40, 3),
        ),
        "MatMul",
    ),
    "a conv, then a norm": (conv_norm((6, 4, 3, 3), IMAGE[0], strides=[2, 1]), "Conv"),
    "a conv of 1 axis, then a norm": (conv_norm((5, 4, 3), ["N", 4, 9], pads=[2, 1]), "Conv"),
    "a conv of 3 axes, then a norm": (
        conv_norm((6, 2, 3, 1, 2), ["N", 4, 5, 4, 3], group=2, strides=[2, 1, 1], pads=[1] * 6),
        "Conv",
    ),
    "a conv with dilations": (
        conv_norm((6, 4, 3, 2), IMAGE[0], dilations=[2, 3], pads=[1, 0, 0, 2]),
        "Conv",
    ),
    "padding worked out, more at the end": (
        conv_norm((6, 4, 3, 2), IMAGE[0], auto_pad="SAME_UPPER", strides=[2, 3]),
        "Conv",
    ),
    "padding worked out, more at the beginning": (
        conv_norm((6, 4, 2, 4), IMAGE[0], auto_pad="SAME_LOWER"),
        "Conv",
    ),
    "no padding": (conv_norm((6, 4, 3, 3), IMAGE[0], auto_pad="VALID"), "Conv"),
    "a conv, then Mul": (after_a_conv("Mul", weights(1, 6, 1, 1)), "Conv"),
    "a conv, then Mul by a number": (after_a_conv("Mul", number(0.3)), "Conv"),
    "a conv, then Add": (after_a_conv("Add", weights(6, 1, 1)), "Conv"),
    "a conv, then Sub of a number": (after_a_conv("Sub", number(2)), "Conv"),
    "a conv, then Div": (after_a_conv("Div", 1 + weights(6, 1, 1) ** 2), "Conv"),
    "a pad, then a conv that pads": (
        sequence(
            node("Pad", "x p", "a"),
            node("Conv", "a k", "h", pads=[1, 0, 0, 1], strides=[2, 1]),
            normed("h", "y"),
            shape=IMAGE[0],
            rank=4,
            p=whole(0, 0, 1, 2, 0, 0, 0, 1),
            k=weights(6, 4, 3, 3),
            **norm(6),
        ),
        "Conv",
    ),
    "a pad with a number, then a product": (
        sequence(
            node("Pad", "x p v", "a"),
            node("MatMul", "a w", "y"),
            shape=("N", 6),
            rank=2,
            p=whole(0, 1, 0, 2),
            v=number(3),
            w=weights(9, 2),
        ),
        "Gemm",
    ),
    "a transposed conv, then a norm": (
        transposed_norm((4, 6, 3, 2), strides=[2, 1], pads=[1, 0, 0, 1], output_padding=[1, 0]),
        "ConvTranspose",
    ),
    "a transposed conv in groups": (
        transposed_norm((4, 3, 2, 2), group=2, dilations=[2, 1]),
        "ConvTranspose",
    ),
    "Mul by a number": (
        sequence(
            node("Gemm", "x w c", "h"),
            node("Mul", "s h", "y"),
            shape=("N", 16),
            rank=2,
            w=weights(16, 5),
            c=weights(5),
            s=number(0.5),
        ),
        "Gemm",
    ),
    "Neg": (
        sequence(
            node("Neg", "x", "n"),
            node("MatMul", "n w", "y"),
            shape=("N", 16),
            rank=2,
            w=weights(16, 5),
        ),
        "Gemm",
    ),
    "a residual": (
        sequence(
            node("Gemm", "x w c", "h"),
            node("Add", "x h", "y"),
            shape=("N", 16),
            rank=2,
            w=weights(16, 16),
            c=weights(16),
        ),
        "Gemm",
    ),
    "a residual between layers": (
        sequence(
            node("MatMul", "x w", "a"),
            node("MatMul", "a w2", "b"),
            node("Sub", "a b", "c"),
            node("MatMul", "c w", "y"),
            w=weights(16, 16),
            w2=weights(16, 16),
        ),
        "MatMul",
    ),
    "branches that are subtracted": (
        sequence(
            node("MatMul", "x w", "a"),
            node("MatMul", "x w2", "b"),
            node("MatMul", "x w", "c"),
            node("Sub", "a b", "d"),
            node("Sum", "d c x", "y"),
            w=weights(16, 16),
            w2=weights(16, 16),
        ),
        "MatMul",
    ),
    "low rank beside a matrix": (
        sequence(
            node("MatMul", "x w", "a"),
            node("MatMul", "x down", "b"),
            node("MatMul", "b up", "c"),
            node("Mul", "c s", "d"),
            node("Add", "a d", "y"),
            w=weights(16, 24),
            down=weights(16, 2),
            up=weights(2, 24),
            s=number(0.5),
        ),
        "MatMul",
    ),
    "low rank beside nothing stays": (
        sequence(
            node("MatMul", "x down", "b"),
            node("MatMul", "b middle", "c"),
            node("MatMul", "c up", "d"),
            node("Add", "x d", "y"),
            down=weights(16, 2),
            middle=weights(2, 2),
            up=weights(2, 16),
        ),
        "MatMul MatMul Add",
    ),
    "three branches of convs": (
        sequence(
            node("Conv", "x k3", "a", pads=[1] * 4),
            normed("a", "a2"),
            node("Conv", "x k1 c", "b"),
            normed("b", "b2", "1"),
            normed("x", "d", "2"),
            node("Add", "a2 b2", "e"),
            node("Add", "e d", "z"),
            node("Relu", "z", "y"),
            shape=IMAGE[0],
            rank=4,
            k3=weights(4, 4, 3, 3),
            k1=weights(4, 4, 1, 1),
            c=weights(4),
            **norm(4),
            **norm(4, "1"),
            **norm(4, "2"),
        ),
        "Conv Relu",
    ),
    "branches with strides, in groups": (
        sequence(
            node("Conv", "x k3", "a", pads=[1, 2, 0, 2], strides=[2, 2], dilations=[1, 2], group=2),
            node("Conv", "x k1 c", "b", strides=[2, 2], group=4),
            node("Sub", "a b", "y"),
            shape=("N", 4, 7, 7),
            rank=4,
            k3=weights(4, 2, 2, 3),
            k1=weights(4, 1, 1, 1),
            c=weights(4),
        ),
        "Conv",
    ),
    "a matrix on the left": (
        sequence(
            node("MatMul", "w x", "a"),
            node("Add", "a c", "b"),
            node("MatMul", "w2 b", "y"),
            shape=("N", 6, 5),
            w=weights(7, 6),
            c=weights(7, 1),
            w2=weights(4, 7),
        ),
        "MatMul Add",
    ),
    "a norm of a longer shape": (
        sequence(
            node("Gemm", "x w c", "a"),
            node("Unsqueeze", "a two", "u"),
            normed("u", "n"),
            node("Squeeze", "n two", "y"),
            shape=("N", 16),
            rank=2,
            w=weights(16, 5),
            c=weights(5),
            two=whole(2),
            **norm(5),
        ),
        "Gemm",
    ),
    "the mean of an image": (
        sequence(
            node("ReduceMean", "x", "a", axes=[2, -1], keepdims=0),
            node("Gemm", "a w", "h"),
            node("Gemm", "h w2", "y"),
            shape=IMAGE[0],
            rank=2,
            w=weights(4, 30),
            w2=weights(30, 3),
        ),
        "ReduceMean Gemm",
    ),
    "the sum of a row": (
        sequence(
            node("MatMul", "x w", "h"),
            node("ReduceSum", "h last", "y"),
            w=weights(16, 9),
            last=whole(-1),
        ),
        "MatMul",
    ),
    "the mean over time": (
        sequence(
            node("MatMul", "x w", "h"),
            node("ReduceMean", "h", "m", axes=[1], keepdims=0),
            node("MatMul", "m w2", "y"),
            shape=("N", 3, 16),
            rank=2,
            w=weights(16, 30),
            w2=weights(30, 2),
        ),
        "Flatten Gemm",
    ),
    "Einsum of heads": (
        sequence(
            node("Einsum", "x w", "h", equation="bsd,dhk->bshk"),
            node("Einsum", "h v", "y", equation="bshk,hke->bse"),
            w=weights(16, 4, 8),
            v=weights(4, 8, 3),
            shape=("N", 5, 16),
        ),
        "MatMul",
    ),
    "Einsum by channels": (
        sequence(
            node("Einsum", "w x", "h", equation="oc,nchw->nhwo"),
            node("Einsum", "h v", "y", equation="nhwo,ko->nkhw"),
            shape=IMAGE[0],
            rank=4,
            w=weights(9, 4),
            v=weights(3, 9),
        ),
        "Transpose MatMul Transpose",
    ),
    "a pooling that does not count its padding": (
        sequence(
            node("AveragePool", "x", "a", kernel_shape=[3, 3], pads=[1] * 4, strides=[3, 3]),
            node("Flatten", "a", "f"),
            node("Gemm", "f w", "h"),
            node("Gemm", "h v", "y"),
            shape=("N", 1, 4, 4),
            rank=2,
            w=weights(4, 3),
            v=weights(3, 2),
        ),
        "Flatten Gemm",
    ),
}


def outputs(path: Path, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


@pytest.mark.parametrize("fold", FOLDS)
def test_it_folds_to_what_it_was(tmp_path: Path, fold: str, run) -> None:
    (nodes, constants, shape, rank), after = FOLDS[fold]
    source, target = tmp_path / "model.onnx", tmp_path / "folded.onnx"
    models.model(source, nodes, constants, (shape, [None] * rank))
    said = run("collapse", str(source))
    assert (said.exit_code, said.stderr) == (0, "")
    assert "in float32 explains" in " ".join(said.stdout.split())
    saved = save(read(source), target)
    assert [n.op_type for n in onnx.load(target).graph.node] == after.split()
    sizes = [size if isinstance(size, int) else {"N": 3, "S": 5}[size] for size in shape]
    x = np.random.default_rng(2).standard_normal(sizes).astype(np.float32)
    one, other = outputs(source, x), outputs(target, x)
    assert one.shape == other.shape
    assert np.abs(one - other).max() <= 2e-6 * max(1, np.abs(one).max())
    assert saved.agreement.deviation <= saved.agreement.bound <= 1e-3 * max(1, np.abs(one).max())
