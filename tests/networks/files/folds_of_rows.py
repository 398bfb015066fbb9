"""Graphs of rows and the operators that their folds leave: nodes, constants, input, rank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import NodeProto

from tests.networks.files.models import Array, node, weights

Graph = tuple[list[NodeProto], dict[str, Array], list[str | int], int]


def whole(*numbers: int) -> Array:
    return np.array(numbers, np.int64)


def number(value: float) -> Array:
    return np.array(value, np.float32)


def norm(channels: int, name: str = "") -> dict[str, Array]:
    return {
        f"gamma{name}": 1 + weights(channels) / 4,
        f"beta{name}": weights(channels),
        f"mean{name}": weights(channels),
        f"var{name}": 0.5 + weights(channels) ** 2,
    }


def normed(source: str, target: str, name: str = "") -> NodeProto:
    parameters = " ".join(f"{part}{name}" for part in ("gamma", "beta", "mean", "var"))
    return node("BatchNormalization", f"{source} {parameters}", target)


def sequence(
    *nodes: NodeProto,
    rank: int = 3,
    shape: Sequence[str | int] = ("N", "S", 16),
    **constants: Array,
) -> Graph:
    return list(nodes), constants, list(shape), rank


ROWS: dict[str, tuple[Graph, str]] = {
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
    "residuals of residuals": (
        sequence(
            node("MatMul", "x w", "a"),
            node("Add", "a x", "b"),
            node("MatMul", "b w2", "c"),
            node("Sub", "c b", "d"),
            node("Sum", "d x d", "y"),
            w=weights(16, 16),
            w2=weights(16, 16),
        ),
        "MatMul",
    ),
}
