"""Images of any size: what treats every pixel alike folds, and nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest

from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.folding.proof.deviation import Agreement
from actcli.networks.layers.any_size import STAND_IN
from tests.conftest import Run
from tests.networks.files import models
from tests.networks.files.folds_of_rows import norm, normed
from tests.networks.files.models import Array, computed, node, weights
from tests.present import present

Shape = Sequence[str | int]

OPEN: Shape = ["N", 3, "H", "W"]
SIZES = [(2, 3, 17, 22), (1, 3, 32, 32), (3, 3, 9, 32)]
HALVED = {"strides": [2, 2], "pads": [1, 1, 1, 1]}
KERNEL = {"k": weights(6, 3, 3, 3)}
PAIR = [node("Conv", "x k", "h", **HALVED), normed("h", "g")]
SAME = {"auto_pad": "SAME_UPPER"}
WIDE = weights(1, 1, 1, STAND_IN)

CASES: dict[str, tuple[list[onnx.NodeProto], dict[str, Array], Shape, str]] = {
    "conv, norm": ([*PAIR], {}, OPEN, "Conv"),
    "conv, norm of known rows": ([*PAIR], {}, ["N", 3, "H", 22], "Conv"),
    "conv, norm, scale, shift": (
        [*PAIR, node("Mul", "g s", "f"), node("Add", "f t", "y")],
        {"s": weights(6, 1, 1), "t": weights(1, 6, 1, 1)},
        OPEN,
        "Conv",
    ),
    "conv, norm, point": (
        [*PAIR, node("Conv", "g p", "y")],
        {"p": weights(4, 6, 1, 1)},
        OPEN,
        "Conv",
    ),
    "conv, norm, conv that pads": (
        [*PAIR, node("Conv", "g p", "y", pads=[1, 1, 1, 1])],
        {"p": weights(4, 6, 3, 3)},
        OPEN,
        "Conv Conv",
    ),
    "conv, norm, relu, conv, norm": (
        [*PAIR, node("Relu", "g", "f"), node("Conv", "f p", "e", group=6), normed("e", "y")],
        {"p": weights(6, 1, 2, 2)},
        OPEN,
        "Conv Relu Conv",
    ),
    "branches that are added": (
        [*PAIR, node("Conv", "x q", "e", **HALVED), node("Add", "g e", "y")],
        {"q": weights(6, 3, 3, 3)},
        OPEN,
        "Conv Conv Add",
    ),
    "conv, norm, global mean": (
        [*PAIR, node("GlobalAveragePool", "g", "y")],
        {},
        OPEN,
        "Conv GlobalAveragePool",
    ),
    "conv, norm, flat": ([*PAIR, node("Flatten", "g", "y")], {}, OPEN, "Conv Flatten"),
    "conv, norm, turned": (
        [*PAIR, node("Transpose", "g", "y", perm=[0, 1, 3, 2])],
        {},
        OPEN,
        "Conv Transpose",
    ),
    "padding by the size, a step a pixel": (
        [node("Conv", "x k", "h", **SAME), normed("h", "y")],
        {},
        OPEN,
        "Conv",
    ),
    "padding by the size": (
        [node("Conv", "x k", "h", strides=[2, 2], **SAME), normed("h", "y")],
        {},
        OPEN,
        "Conv BatchNormalization",
    ),
    "means without the zeros around": (
        [
            node("AveragePool", "x", "h", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
            node("Conv", "h k", "y"),
        ],
        {},
        OPEN,
        "AveragePool Conv",
    ),
}


def is_within_bound(found: Agreement) -> bool:
    return found.bound is None or present(found.deviation) <= found.bound


def held(
    tmp_path: Path,
    nodes: list[onnx.NodeProto],
    constants: dict[str, Array],
    shape: Shape,
    sizes: Sequence[tuple[int, ...]],
) -> list[str]:
    """The operators that are left, where every size gives what it gave."""
    nodes[-1].output[0] = "y"
    needed = {name for n in nodes for name in n.input}
    known = {k: v for k, v in (KERNEL | norm(6) | constants).items() if k in needed}
    rank = 2 if nodes[-1].op_type == "Flatten" else 4
    source = models.model(tmp_path / "m.onnx", nodes, known, (shape, [None] * rank))
    for always in (False, True):
        target = tmp_path / f"f{always}.onnx"
        saved = save(read(source), target, always=always)
        assert is_within_bound(saved.agreement)
        for size in sizes:
            x = np.random.default_rng(2).standard_normal(size).astype(np.float32)
            one, other = computed(source, x), computed(target, x)
            assert one.shape == other.shape
            assert np.abs(one - other).max() <= 2e-6 * max(1, np.abs(one).max())
    return [n.op_type for n in onnx.load(target).graph.node]


@pytest.mark.parametrize("case", CASES)
def test_a_fold_of_open_images_is_right_at_every_size(tmp_path: Path, case: str) -> None:
    nodes, constants, shape, after = CASES[case]
    copies = [onnx.NodeProto.FromString(n.SerializeToString()) for n in nodes]
    sizes = [size for size in SIZES if shape[3] in ("W", size[3])]
    assert held(tmp_path, copies, constants, shape, sizes) == after.split()


@pytest.mark.parametrize("kind", ["Mul", "MatMul"])
def test_a_constant_as_wide_as_the_stand_in_is_no_fold(tmp_path: Path, kind: str) -> None:
    constants = {"s": WIDE if kind == "Mul" else weights(STAND_IN, STAND_IN), "t": weights(3, 1, 1)}
    nodes = [node("Mul", "x t", "h"), node(kind, "h s", "y")]
    sizes = [(2, 3, 5, STAND_IN)]
    assert held(tmp_path, nodes, constants, OPEN, sizes) == ["Mul", kind]


def test_it_is_said_what_open_sizes_are_counted_as(tmp_path: Path, run: Run) -> None:
    source = models.conv_norm_conv(tmp_path / "m.onnx")
    model = onnx.load(source)
    for value in (model.graph.input[0], model.graph.output[0]):
        for axis, name in ((2, "H"), (3, "W")):
            value.type.tensor_type.shape.dim[axis].dim_param = name + value.name
    onnx.save(model, source)
    result = run("collapse", str(source))
    assert result.exit_code == 0
    assert f"counted as {STAND_IN} pixels" in result.stderr
