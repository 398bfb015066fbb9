"""What PyTorch exports to ONNX has its name in `inspect`."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actcli.networks.inspection.inspect import plan_for_model
from actcli.networks.inspection.watching import Lens

torch = pytest.importorskip("torch")
nn = torch.nn

EXPORTED: Mapping[str, Any] = {
    "celu:alpha=1.3": nn.CELU(1.3),
    "elu:alpha=1.5": nn.ELU(1.5),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
    "hardshrink:lambd=0.4": nn.Hardshrink(0.4),
    "hardsigmoid": nn.Hardsigmoid(),
    "hardswish": nn.Hardswish(),
    "hardtanh:min_val=-2.0,max_val=2.0": nn.Hardtanh(-2, 2),
    "leaky_relu:negative_slope=0.2": nn.LeakyReLU(0.2),
    "logsigmoid": nn.LogSigmoid(),
    "mish": nn.Mish(),
    "prelu": nn.PReLU(),
    "relu": nn.ReLU(),
    "relu6": nn.ReLU6(),
    "selu": nn.SELU(),
    "sigmoid": nn.Sigmoid(),
    "silu": nn.SiLU(),
    "softplus": nn.Softplus(beta=2),
    "softshrink:lambd=0.4": nn.Softshrink(0.4),
    "softsign": nn.Softsign(),
    "tanh": nn.Tanh(),
    "tanhshrink": nn.Tanhshrink(),
}
"""softplus of 2 x, halved, is softplus between a scale and another."""


@pytest.mark.parametrize("name", EXPORTED)
def test_what_is_exported_has_its_name(name: str, tmp_path: Path) -> None:
    network = nn.Sequential(nn.Linear(8, 16), EXPORTED[name], nn.Linear(16, 4)).eval()
    path = tmp_path / "m.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            torch.zeros(4, 8),
            path,
            dynamo=False,
            opset_version=17,
            input_names=["x"],
            dynamic_axes={"x": {0: "n"}},
        )
    np.save(tmp_path / "x.npy", np.ones((4, 8), np.float32))
    (found,) = plan_for_model(path, [tmp_path / "x.npy"], Lens()).carried_out().results()
    assert (found.activation, found.named) == (name, "proved")
