"""Powers whose base is 0 throughout, far out, where their derivatives are not known."""

from __future__ import annotations

import pytest

from actcli.find import find
from actcli.structure.structure import Structure


@pytest.mark.parametrize(
    "formula",
    [
        "expm1(max(0, 1 - abs(x - 7e-7)/1.5e-17)**(where(x < 1/3, 0, 1)/x))",
        "tanh(max(0, 1 - abs(x - 1e239)))**((-x + x)/8)",
        "tanh(relu(x)**(x - x))",
        "min(silu(exp(17.7*x*x)*exp(-(17.7*x*x))), 0.04 - x)",
    ],
)
def test_they_are_asked_for_without_a_fault(formula: str) -> None:
    structure = Structure(find(formula))
    flat = structure.flat(1e-3)
    assert flat.ranges or flat.undecided
    assert len(structure.lines) == 2
