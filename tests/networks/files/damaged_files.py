"""Damaged weight files, seeded: sound ones with bytes flipped or cut, or with a part set wrong."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from onnx import ModelProto

from tests.networks.files import models
from tests.networks.files.damaged_models import FAULTS

GRAPHS = (
    models.gemm_mlp,
    models.matmul_mlp,
    models.conv_norm_conv,
    models.classifier,
    models.image_classifier,
    models.depthwise,
)


@cache
def graph(make: Callable[[Path], Path]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make(Path(folder) / "model.onnx").read_bytes()


@cache
def arrays(suffix: str) -> bytes:
    rng = np.random.default_rng(3)
    chain: dict[str, Any] = {"w1": rng.standard_normal((6, 4)), "b1": rng.standard_normal(6)}
    chain |= {"w2": rng.standard_normal((3, 6)), "b2": rng.standard_normal(3)}
    if suffix == ".safetensors":
        return safetensors.numpy.save({k: v.astype(np.float32) for k, v in chain.items()})
    file = io.BytesIO()
    (np.savez_compressed if suffix == "packed" else np.savez)(file, **chain)
    return file.getvalue()


def damaged(seed: int) -> tuple[str, bytes]:
    """The suffix and the content of one file."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(10)
    if kind < 3:
        suffix = [".npz", "packed", ".safetensors"][kind]
        return suffix.replace("packed", ".npz"), broken(arrays(suffix), rng)
    content = graph(GRAPHS[rng.integers(len(GRAPHS))])
    if kind < 6:
        return ".onnx", broken(content, rng)
    model = ModelProto.FromString(content)
    FAULTS[rng.integers(len(FAULTS))](model, rng)
    return ".onnx", model.SerializeToString()


def broken(content: bytes, rng: np.random.Generator) -> bytes:
    """Some bytes flipped, cut away, set to zero or doubled; the first and last are hit the most."""
    array = bytearray(content)
    end = int(rng.choice([64, 512, len(array)]))
    for _ in range(int(rng.integers(1, 5))):
        place = int(rng.integers(min(end, len(array)))) if array else 0
        if rng.integers(4) == 0:
            place = max(0, len(array) - 1 - place)
        length = int(rng.integers(1, 30))
        match rng.integers(8):
            case 0:
                del array[place:]
            case 1:
                del array[place : place + length]
            case 2:
                array[place : place + length] = bytes(min(length, len(array) - place))
            case 3:
                array[place:place] = array[place : place + length]
            case 4:
                array[place : place + length] = rng.bytes(length)
            case _:
                if place < len(array):
                    array[place] ^= 1 << int(rng.integers(8))
    return bytes(array)
