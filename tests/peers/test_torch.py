"""PyTorch's activations against our table."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from actcli.find import find
from tests.peers.agreement import check, imported, known
from tests.peers.autograd import peer

torch = imported("torch")
functional = torch.nn.functional

WITHOUT_DEFAULT = {
    "threshold": partial(functional.threshold, threshold=0.0, value=0.0),
    "prelu": partial(functional.prelu, weight=torch.tensor([0.25], dtype=torch.float64)),
    "Threshold": torch.nn.Threshold(0.0, 0.0),
}


def named(name: str) -> Any:
    if name in WITHOUT_DEFAULT:
        return WITHOUT_DEFAULT[name]
    if hasattr(functional, name):
        return getattr(functional, name)
    return getattr(torch.nn, name)().double().eval()


@pytest.mark.parametrize("name", FRAMEWORKS["torch"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("torch", name, peer(named(name)))


@pytest.mark.parametrize(
    "name",
    ["leaky_relu", "elu", "celu", "hardtanh", "softplus", "softshrink", "hardshrink", "threshold"],
)
def test_parameters_are_called_as_there_and_mean_the_same(name: str) -> None:
    activation = find(name)
    assert isinstance(activation, Named)
    for parameter in activation.parameters():
        for value in parameter.examples:
            given = {**activation.params, parameter.name: value}
            if name == "hardtanh" and given["min_val"] > given["max_val"]:
                continue
            text = ",".join(f"{key}={number!r}" for key, number in given.items())
            check(
                "torch", name, peer(partial(getattr(functional, name), **given)), params=f":{text}"
            )


def test_no_name_is_missing() -> None:
    assert {*torch.nn.modules.activation.__all__} <= known("torch")
    assert {name.removesuffix("_") for name in dir(functional) if name.endswith("elu")} <= known(
        "torch"
    )


def test_the_default_gelu_is_exact_and_the_other_is_not() -> None:
    check("jax", "gelu", peer(partial(functional.gelu, approximate="tanh")))
