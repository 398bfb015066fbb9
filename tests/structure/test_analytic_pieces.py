"""Pieces on which a function is analytic: where a kink is told from what is beside it."""

from __future__ import annotations

import pytest

from actcli.find import find
from actcli.structure.function import ProvedFunction
from actcli.structure.integrals.analytic_pieces import analytic_pieces


@pytest.mark.parametrize("size", [1e-9, 1e-30, 1e-59, 1e-150, 1e-300])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize(
    "text",
    [
        *("hard_mish", "hardswish", "relu(x + 1) - relu(x)", "min(x + 1, 1)", "max(1 - x, 1)"),
        *("where(x + 3 > 3, x, x*x)", "clip(2*x + 1, 0, 1)", "abs(exp(x) - 1)", "abs(cos(x) - 1)"),
        *("floor(x + 1)*x", "max(sigmoid(x), 1/2)", "sign(atan(x + 1) - pi/4)*x"),
    ],
)
def test_a_kink_at_0_is_not_far_from_where_it_is(text: str, side: int, size: float) -> None:
    """A function of x + 1 that breaks at 0 is one piece beside it, however near."""
    window = (size, 2 * size) if side > 0 else (-2 * size, -size)
    found = analytic_pieces(ProvedFunction.of(find(text)), window, 1.0)
    assert found.pieces == [window]
    assert not found.undecided
