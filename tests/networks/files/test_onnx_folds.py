"""The folds worth having, one small graph each, run in onnxruntime before and after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.folding.collapse import collapse
from tests.conftest import Run
from tests.networks.files import models
from tests.networks.files.folds_of_images import IMAGES
from tests.networks.files.folds_of_rows import ROWS, sequence
from tests.networks.files.models import computed, node, weights
from tests.present import present

FOLDS = ROWS | IMAGES


@pytest.mark.parametrize("fold", FOLDS)
def test_it_folds_to_what_it_was(tmp_path: Path, fold: str, run: Run) -> None:
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
    one, other = computed(source, x), computed(target, x)
    assert one.shape == other.shape
    assert np.abs(one - other).max() <= 2e-6 * max(1, np.abs(one).max())
    deviation, bound = present(saved.agreement.deviation), present(saved.agreement.bound)
    assert deviation <= bound <= 1e-3 * max(1, np.abs(one).max())


@pytest.mark.parametrize("fold", FOLDS)
def test_the_matrix_that_is_told_is_what_the_model_does(tmp_path: Path, fold: str) -> None:
    (nodes, constants, shape, rank), _ = FOLDS[fold]
    source = models.model(tmp_path / "model.onnx", nodes, constants, (shape, [None] * rank))
    answer = collapse(read(source).network)
    for run in answer.runs:
        assert run.exact is None or run.exact.deviation == 0
        assert run.exact is None or present(run.exact.matrix_error) <= 1e-12
    if len(answer.runs) > 1 or answer.barriers or answer.runs[0].matrix is None:
        return
    (run,) = answer.runs
    sizes = [size if isinstance(size, int) else {"N": 3, "S": 5}[size] for size in shape]
    x = np.random.default_rng(2).standard_normal(sizes).astype(np.float32)
    told = x.reshape(-1, run.matrix_shape[1]) @ present(run.matrix).T
    told += 0 if run.bias is None else run.bias
    found = computed(source, x).reshape(told.shape)
    np.testing.assert_allclose(told, found, rtol=0, atol=1e-5 * max(1, np.abs(found).max()))


def test_sums_without_weights_keep_the_type_of_their_data(tmp_path: Path) -> None:
    nodes = [node("Add", "x x", "a"), node("Add", "a a", "b"), node("Add", "b b", "y")]
    source, target = tmp_path / "model.onnx", tmp_path / "folded.onnx"
    models.model(source, nodes, {}, (["N", 8], ["N", 8]))
    assert save(read(source), target, always=True).folds
    x = np.random.default_rng(2).standard_normal((3, 8)).astype(np.float32)
    np.testing.assert_allclose(computed(target, x), 8 * x, rtol=1e-6)


def test_rows_without_a_batch_are_no_images(tmp_path: Path) -> None:
    """Three rows of four numbers, of which each is scaled, then padded: no channels of an image."""
    nodes, constants, shape, rank = sequence(
        node("Mul", "x s", "h"),
        node("Pad", "h around", "y"),
        shape=(3, 4),
        rank=2,
        s=weights(3, 1),
        around=np.array([1, 0, 0, 2]),
    )
    source, target = tmp_path / "model.onnx", tmp_path / "folded.onnx"
    models.model(source, nodes, constants, (shape, [None] * rank))
    x = np.random.default_rng(2).standard_normal((3, 4)).astype(np.float32)
    for always in (False, True):
        save(read(source), target, always=always)
        np.testing.assert_allclose(computed(source, x), computed(target, x), rtol=0, atol=1e-6)
