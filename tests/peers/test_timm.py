"""The activations of timm against our table."""

from __future__ import annotations

import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from tests.peers.agreement import GRID, calls, check, check_call, imported, known
from tests.peers.autograd import peer

create_act = imported("timm.layers.create_act")


@pytest.mark.parametrize("name", FRAMEWORKS["timm"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("timm", name, peer(create_act.create_act_layer(name).double()))


@pytest.mark.parametrize(("activation", "call"), calls("timm"))
def test_what_is_called_is_the_function(activation: Named, call: str) -> None:
    torch = imported("torch")
    layer = eval(call, {"timm": imported("timm")}).double().eval()
    check_call(activation, layer(torch.tensor(GRID)).detach())


def test_no_name_is_missing() -> None:
    tables = (*create_act._ACT_FNS, *create_act._ACT_LAYERS)
    assert {name for table in tables for name in table} <= known("timm")
