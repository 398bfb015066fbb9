"""PyTorch's activations against our table."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from actcli.find import find
from tests.peers.agreement import GRID, calls, check, check_call, imported, known
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


@pytest.mark.parametrize(("activation", "call"), calls("torch"))
def test_what_is_called_is_the_function(activation: Named, call: str) -> None:
    x = torch.tensor(GRID)
    found = eval(call, {"torch": torch, "x": x})  # a learned slope is in single precision
    values = found if "(x" in call else found.double().eval()(x)
    check_call(activation, values.detach(), 3e-8 if "init=" in call else 1e-14)


@pytest.mark.parametrize(
    "params",
    [
        "softplus:beta=2",
        "softplus:threshold=3",
        "softplus:beta=0.5,threshold=1",
        "softplus:threshold=-2",
        "Softplus:beta=2,threshold=4",
        "gelu:approximate=tanh",
        "GELU:approximate=none",
        "elu:alpha=-0.5",
        "hardtanh:min_val=-3,max_val=2",
    ],
)
def test_parameters_by_their_names_there(params: str) -> None:
    name, _, given = params.partition(":")
    pairs = dict(pair.split("=") for pair in given.split(","))
    values = {key: float(text) if text[-1].isdigit() else text for key, text in pairs.items()}
    function = getattr(torch.nn, name)(**values) if name[0].isupper() else None
    check(
        "torch",
        name,
        peer(function or partial(getattr(functional, name), **values)),
        params=f":{given}",
    )


def test_softplus_jumps_where_torch_does() -> None:
    x = torch.tensor([19.99, 20.0, np.nextafter(20.0, 21.0), 25.0], dtype=torch.float64)
    ours = find("torch.softplus").value(x.numpy())
    np.testing.assert_array_max_ulp(ours, functional.softplus(x).numpy(), 2)
    assert ours[2] == x[2]
    assert ours[1] > x[1]


def test_no_name_is_missing() -> None:
    assert {*torch.nn.modules.activation.__all__} <= known("torch")
    assert {name.removesuffix("_") for name in dir(functional) if name.endswith("elu")} <= known(
        "torch"
    )


def test_the_default_gelu_is_exact_and_the_other_is_not() -> None:
    check("jax", "gelu", peer(partial(functional.gelu, approximate="tanh")))
