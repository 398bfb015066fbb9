"""The activations of Hugging Face transformers against our table."""

from __future__ import annotations

import pytest

from actcli.activations.frameworks import FRAMEWORKS
from tests.peers.agreement import check, imported, known
from tests.peers.autograd import peer

torch = imported("torch")
activations = imported("transformers.activations")

TEN_DIGITS = 1e-12
"""gelu_fast has a constant of ten digits."""


@pytest.mark.parametrize("name", FRAMEWORKS["hf"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    if name == "xielu":
        function = activations.XIELUActivation(dtype=torch.float64)
    else:
        function = activations.ACT2FN[name].double()
    check("hf", name, peer(function), within=TEN_DIGITS if name == "gelu_fast" else 1e-14)


def test_no_name_is_missing() -> None:
    assert set(activations.ACT2FN) <= known("hf")
