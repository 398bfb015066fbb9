"""Random linear graphs, folded: run in onnxruntime beside what they were before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from tests.networks.files.random_graphs import Maker

GRAPHS, PART = 300, 50

CLOSE = 2e-5
"""Of the largest output: float32, a dozen nodes."""

LEAST_FOLDED = 0.5
"""The share of graphs in which a fold pays; a reader that folds nothing would be never wrong."""


def outputs(path: Path, x: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"x": x})[0])


@pytest.mark.parametrize("start", range(0, GRAPHS, PART))
def test_a_folded_graph_is_the_graph(tmp_path: Path, start: int) -> None:
    source = tmp_path / "model.onnx"
    folded = saves = 0
    for seed in range(start, start + PART):
        maker = Maker(seed)
        onnx.save(maker.model(), source)
        onnx.checker.check_model(source, full_check=True)
        x = maker.feed()
        before = outputs(source, x)
        for always in (False, True):
            target = tmp_path / f"{seed}{always}.onnx"
            saved = save(read(source), target, always=always, unchecked=True)
            after = outputs(target, x)
            assert (after.dtype, after.shape) == (before.dtype, before.shape), seed
            apart = np.abs(after - before).max(initial=0)
            assert apart <= CLOSE * max(1, np.abs(before).max(initial=0)), (seed, always)
            folded += bool(saved.folds)
            saves += 1
    assert folded >= LEAST_FOLDED * saves
