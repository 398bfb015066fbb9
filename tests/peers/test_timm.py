"""The activations of timm against our table."""

from __future__ import annotations

import pytest

from actcli.activations.frameworks import FRAMEWORKS
from tests.peers.agreement import check, imported, known
from tests.peers.autograd import peer

create_act = imported("timm.layers.create_act")


@pytest.mark.parametrize("name", FRAMEWORKS["timm"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("timm", name, peer(create_act.create_act_layer(name).double()))


def test_no_name_is_missing() -> None:
    tables = (*create_act._ACT_FNS, *create_act._ACT_LAYERS)
    assert {name for table in tables for name in table} <= known("timm")
