"""ONNX models with folds in them, and what they give before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto

from actcli.networks.files.onnx.model import OnnxModel
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.folding.plan import plan
from tests.networks.files import models
from tests.networks.files.models import node, weights


def outputs(path: Path, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    arrays: list[np.ndarray] = session.run(None, feed)
    return arrays


def same_after_saving(source: Path, feed: dict[str, np.ndarray], close: float = 1e-5) -> ModelProto:
    target = source.with_name("folded.onnx")
    assert save(read(source), target).folds
    for one, other in zip(outputs(source, feed), outputs(target, feed), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one.astype(float), other.astype(float), rtol=0, atol=close)
    return onnx.load(target)


def written(path: Path, model: ModelProto) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


X = np.random.default_rng(3).standard_normal((6, 32)).astype(np.float32)


def opened(path: Path) -> OnnxModel:
    model = read(path)
    assert isinstance(model, OnnxModel)
    return model


def fold_then_layer(path: Path) -> tuple[ModelProto, ModelProto, OnnxModel, list[Any]]:
    """Two layers that fold, a Relu, a layer that stays: before, after, and what is folded."""
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h2", transB=1),
        node("Relu", "h2", "r"),
        node("Gemm", "r w3", "y", transB=1),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "w3": weights(10, 16)}
    model = opened(models.model(path, nodes, constants, (["N", 32], ["N", 10])))
    folds = plan(model.network)
    return model.graph.model, model.folded(folds), model, model._steps(folds)


def folds_about(middle: str, path: Path) -> OnnxModel:
    """Two folds with a node between them: the model, and what is folded in it."""
    nodes = [
        node("Gemm", "x w1", "h1", transB=1),
        node("Gemm", "h1 w2", "h2", transB=1),
        node(middle, "h2", "r"),
        node("Gemm", "r w3", "h3", transB=1),
        node("Gemm", "h3 w4", "y", transB=1),
    ]
    constants = {"w1": weights(64, 32), "w2": weights(16, 64), "w3": weights(64, 16)}
    constants["w4"] = weights(10, 64)
    return opened(models.model(path, nodes, constants, (["N", 32], ["N", 10])))


def rng() -> np.random.Generator:
    return np.random.default_rng(0)
