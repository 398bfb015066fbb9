"""Activations of a graph by their names in the catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from onnx import helper

from actcli.networks.files.onnx.activation import activation_of


@pytest.mark.parametrize(
    ("kind", "attributes", "name"),
    [
        ("Relu", {}, "relu"),
        ("LeakyRelu", {}, "leaky_relu"),
        ("LeakyRelu", {"alpha": 0.2}, "leaky_relu:negative_slope=0.2"),
        ("LeakyRelu", {"alpha": float("nan")}, "leaky_relu"),
        ("HardSigmoid", {}, "hardsigmoid:slope=0.2"),
        ("HardSigmoid", {"alpha": 0.25, "beta": 0.625}, "hardsigmoid:slope=0.25,offset=0.625"),
        ("Elu", {"alpha": 0.5}, "elu:alpha=0.5"),
        ("Gelu", {}, "gelu"),
        ("Gelu", {"approximate": "none"}, "gelu"),
        ("Gelu", {"approximate": "tanh"}, "gelu_tanh"),
        ("Softmax", {"axis": 1}, "softmax"),
        ("Add", {}, None),
        ("relu", {}, None),
    ],
)
def test_a_node_has_the_name_of_its_function(
    kind: str, attributes: dict[str, Any], name: str | None
) -> None:
    assert activation_of(helper.make_node(kind, ["x"], ["y"], **attributes)) == name
    elsewhere = helper.make_node(kind, ["x"], ["y"], domain="elsewhere", **attributes)
    assert activation_of(elsewhere) is None
