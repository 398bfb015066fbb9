"""Files of tensors, npz and safetensors, and what their layers make of a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from actcli.errors import ActcliError
from actcli.networks.files.hints import Hints
from actcli.networks.files.reading import read

rng = np.random.default_rng(11)


def weights(*shape: int, kind: Any = np.float32) -> np.ndarray:
    return rng.standard_normal(shape).astype(kind)


Tensors = dict[str, Any]
"""Arrays by name."""

TORCH: Tensors = {
    "0.weight": weights(12, 5),
    "0.bias": weights(12),
    "2.weight": weights(7, 12),
    "2.bias": weights(7),
    "10.weight": weights(3, 7),
    "10.bias": weights(3),
}
"""Three Linear layers; as text, 10 comes before 2."""

KERAS: Tensors = {
    "dense/kernel": weights(5, 12),
    "dense/bias": weights(12),
    "dense_1/kernel": weights(12, 12),
    "dense_1/bias": weights(12),
    "dense_2/kernel": weights(12, 3),
}


def torch_forward(x: np.ndarray) -> np.ndarray:
    for layer in (0, 2, 10):
        x = x @ TORCH[f"{layer}.weight"].T.astype(float) + TORCH[f"{layer}.bias"]
    return x


def keras_forward(x: np.ndarray) -> np.ndarray:
    for layer in ("dense", "dense_1", "dense_2"):
        x = x @ KERAS[f"{layer}/kernel"].astype(float) + KERAS.get(f"{layer}/bias", 0)
    return x


def store(path: Path, tensors: Tensors) -> Path:
    if path.suffix == ".npz":
        np.savez(path, **tensors)
    else:
        safetensors.numpy.save_file(tensors, path, {"format": "pt"})
    return path


def load(path: Path) -> dict[str, np.ndarray]:
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    return safetensors.numpy.load_file(path)


SUFFIXES = pytest.mark.parametrize("suffix", [".npz", ".safetensors"])


def refusal(path: Path, hints: Hints | None = None) -> str:
    with pytest.raises(ActcliError) as refused:
        read(path, hints or Hints())
    assert refused.value.exit_code == 1
    assert "\n" not in str(refused.value)
    return str(refused.value)
