"""Random graphs of linear nodes, built from ONNX's own definitions and nothing of ours."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper, numpy_helper

from tests.networks.files.random_nodes import RARER

BATCH = 3
"""What the open first axis is run with."""


class Maker:
    """One graph in the making: a chain of nodes, at times with a branch that is added again."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.open_batch = bool(self.rng.integers(2))
        rank = int(self.rng.integers(2, 6))
        sizes = [int(size) for size in self.rng.integers(1, 6, rank - 1)]
        if rank > 2 and self.rng.integers(2):  # sizes that are mistaken for one another
            sizes = [sizes[0]] * (rank - 1)
        self.shape = (BATCH, *sizes)
        self.input_shape = self.shape
        self.value = "x"

    def model(self) -> ModelProto:
        for _ in range(int(self.rng.integers(1, 8))):
            KINDS[list(KINDS)[self.rng.integers(len(KINDS))]](self)
            if math.prod(self.shape) > 3000 or len(self.nodes) > 11:
                break
        if not self.nodes:
            self.add("Identity", [])
        self.nodes[-1].output[0] = "y"
        first = "N" if self.open_batch else BATCH
        output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * len(self.shape))
        graph = helper.make_graph(
            self.nodes,
            "random",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [first, *self.input_shape[1:]])],
            [output],
            self.constants,
        )
        opset = [helper.make_opsetid("", int(self.rng.choice([13, 15, 17])))]
        return helper.make_model(graph, opset_imports=opset, ir_version=8)

    def feed(self) -> np.ndarray:
        return self.rng.standard_normal(self.input_shape).astype(np.float32)

    def add(self, kind: str, more: list[str], *, first: bool = True, **attributes: Any) -> None:
        inputs = [self.value, *more] if first else [*more, self.value]
        self.value = f"v{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, inputs, [self.value], name=f"n{len(self.nodes)}", **attributes)
        )

    def constant(self, *shape: int, positive: bool = False, whole: list[int] | None = None) -> str:
        name = f"c{len(self.constants)}"
        numbers = self.rng.standard_normal(shape) if whole is None else np.array(whole, np.int64)
        if positive:
            numbers = 0.5 + np.abs(numbers)
        kind = np.float32 if whole is None else np.int64
        self.constants.append(numpy_helper.from_array(numbers.astype(kind), name))
        return name

    def broadcastable(self) -> tuple[int, ...]:
        """A shape that the data takes without growing, or that makes it grow, rarely."""
        kept = [size if self.rng.integers(2) else 1 for size in self.shape]
        if self.open_batch:
            kept[0] = 1
        drop = int(self.rng.integers(0, len(kept) + 1))
        shape = tuple(kept[drop:])
        if self.rng.integers(12) == 0 and len(self.shape) < 5:
            shape = (1, *kept)
        elif self.rng.integers(12) == 0:
            shape = tuple(4 if size == 1 else size for size in shape)
        try:
            grown = np.broadcast_shapes(shape, self.shape)
        except ValueError:
            return ()
        return shape if math.prod(grown) < 500 else ()

    def elementwise(self) -> None:
        kind = str(self.rng.choice(["Add", "Sub", "Mul", "Div"]))
        shape = self.broadcastable()
        first = kind == "Div" or bool(self.rng.integers(3))
        self.add(kind, [self.constant(*shape, positive=kind == "Div")], first=first)
        grown = np.broadcast_shapes(shape, self.shape)
        if self.open_batch and len(grown) > len(self.shape):
            self.open_batch, self.batch_moved = self.open_batch, True
        self.shape = grown

    def matmul(self) -> None:
        size = int(self.rng.integers(1, 9))
        lead: tuple[int, ...] = ()
        if len(self.shape) > 2 and self.rng.integers(6) == 0:
            lead = (self.shape[-3] if len(self.shape) > 3 or not self.open_batch else 1,)
        self.add("MatMul", [self.constant(*lead, self.shape[-1], size)])
        self.shape = (*self.shape[:-1], size)

    def gemm(self) -> None:
        if len(self.shape) != 2:
            return
        size, turned = int(self.rng.integers(1, 9)), int(self.rng.integers(2))
        weight = (size, self.shape[1]) if turned else (self.shape[1], size)
        more = [self.constant(*weight)]
        bias = [(size,), (1, size), (1,), (), (1, 1)][self.rng.integers(5)]
        if self.rng.integers(2):
            more.append(self.constant(*bias))
        alpha, beta = (float(self.rng.choice([1.0, 0.5])) for _ in range(2))
        self.add("Gemm", more, transB=turned, alpha=alpha, beta=beta)
        self.shape = (self.shape[0], size)

    def batch_norm(self) -> None:
        channels = self.shape[1]
        parts = [self.constant(channels) for _ in range(3)]
        self.add("BatchNormalization", [*parts, self.constant(channels, positive=True)])

    def flatten(self) -> None:
        axis = int(self.rng.choice([1, 1, 1, 0, 2, -1]))
        if axis > len(self.shape):
            return
        place = axis % len(self.shape) if axis < 0 else axis
        self.add("Flatten", [], axis=axis)
        self.shape = (math.prod(self.shape[:place]), math.prod(self.shape[place:]))

    def reshape(self) -> None:
        rest = math.prod(self.shape[1:])
        divisors = [d for d in range(1, rest + 1) if rest % d == 0]
        some = int(self.rng.choice(divisors))
        wanted = [[rest], [some, rest // some], [some, 1, rest // some], [1, some, rest // some, 1]]
        new = wanted[self.rng.integers(4)]
        first = [0, -1, self.shape[0]][self.rng.integers(2 if self.open_batch else 3)]
        asked = [first, *new]
        if self.rng.integers(8) == 0:
            new = [self.shape[0] * some, rest // some]
            asked = [-1, rest // some]
            self.add("Reshape", [self.constant(whole=asked)])
            self.shape = tuple(new)
            return
        if first != -1 and self.rng.integers(2):
            asked[-1] = -1
        self.add("Reshape", [self.constant(whole=asked)])
        self.shape = (self.shape[0], *new)

    def transpose(self) -> None:
        axes = list(range(len(self.shape)))
        moved = [0, *(int(a) for a in self.rng.permutation(axes[1:]))]
        if self.rng.integers(8) == 0:
            moved = [int(a) for a in self.rng.permutation(axes)]
        self.add("Transpose", [], perm=moved)
        self.shape = tuple(self.shape[axis] for axis in moved)

    def conv(self) -> None:
        if len(self.shape) < 3 or min(self.shape) < 1:
            return
        spatial = self.shape[2:]
        size = [int(self.rng.integers(1, min(3, s) + 1)) for s in spatial]
        strides = [int(s) for s in self.rng.integers(1, 3, len(size))]
        pads = (
            [int(p) for p in self.rng.integers(0, 2, 2 * len(size))]
            if self.rng.integers(2)
            else [0] * 2 * len(size)
        )
        channels = self.shape[1]
        group = channels if self.rng.integers(3) == 0 else 1
        outputs = group * int(self.rng.integers(1, 4)) if group == 1 else channels
        more = [self.constant(outputs, channels // group, *size)]
        if self.rng.integers(2):
            more.append(self.constant(outputs))
        self.add("Conv", more, kernel_shape=size, strides=strides, pads=pads, group=group)
        self._slid(outputs, size, strides, pads)

    def _slid(self, channels: int, size: list[int], strides: list[int], pads: list[int]) -> None:
        n = len(size)
        self.shape = (
            self.shape[0],
            channels,
            *(
                (self.shape[2 + i] + pads[i] + pads[i + n] - size[i]) // strides[i] + 1
                for i in range(n)
            ),
        )

    def pool(self) -> None:
        if len(self.shape) < 3:
            return
        if self.rng.integers(4) == 0:
            self.add("GlobalAveragePool", [])
            self.shape = (*self.shape[:2], *(1 for _ in self.shape[2:]))
            return
        size = [int(self.rng.integers(1, min(3, s) + 1)) for s in self.shape[2:]]
        strides = [int(s) for s in self.rng.integers(1, 3, len(size))]
        pads = [0] * 2 * len(size)
        if self.rng.integers(3) == 0 and min(size) > 1:
            pads = [int(p) for p in self.rng.integers(0, 2, 2 * len(size))]
        include = int(self.rng.integers(2))
        self.add(
            "AveragePool",
            [],
            kernel_shape=size,
            strides=strides,
            pads=pads,
            count_include_pad=include,
        )
        self._slid(self.shape[1], size, strides, pads)

    def squeeze(self) -> None:
        axes = [axis for axis, size in enumerate(self.shape) if size == 1 and axis]
        if not axes or len(self.shape) < 3:
            return
        axis = int(self.rng.choice(axes))
        self.add("Squeeze", [self.constant(whole=[axis])])
        self.shape = tuple(s for place, s in enumerate(self.shape) if place != axis)

    def unsqueeze(self) -> None:
        if len(self.shape) > 4:
            return
        axis = int(self.rng.integers(0 if self.rng.integers(8) == 0 else 1, len(self.shape) + 1))
        self.add("Unsqueeze", [self.constant(whole=[axis])])
        self.shape = (*self.shape[:axis], 1, *self.shape[axis:])

    def branch(self) -> None:
        """The data added to what came a step before, where the shapes allow it."""
        if self.nodes and len(self.nodes[-1].input):
            before = self.nodes[-1].input[0]
            if before in {"x", *(n.output[0] for n in self.nodes)} and self.nodes[-1].op_type in (
                "BatchNormalization",
                "Identity",
            ):
                self.add("Add", [before])


KINDS = {
    "matmul": Maker.matmul,
    "matmul again": Maker.matmul,
    "gemm": Maker.gemm,
    "gemm again": Maker.gemm,
    "elementwise": Maker.elementwise,
    "elementwise again": Maker.elementwise,
    "batch_norm": Maker.batch_norm,
    "flatten": Maker.flatten,
    "reshape": Maker.reshape,
    "transpose": Maker.transpose,
    "conv": Maker.conv,
    "pool": Maker.pool,
    "squeeze": Maker.squeeze,
    "unsqueeze": Maker.unsqueeze,
    "branch": Maker.branch,
    **RARER,
}
