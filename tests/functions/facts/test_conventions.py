"""The slope that is told at a kink: the proofs' against the kernels'."""

from __future__ import annotations

import pytest

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.find import find
from actcli.functions.kinks import kinks
from actcli.functions.views import structure_of


@pytest.mark.parametrize(
    "text",
    [
        *("abs(x)", "x*abs(x - 1)", "max(x, 0)", "max(0, x)*3", "min(2*x, x)", "max(x, -x)"),
        *("relu(x) + x", "prelu(x)*2", "hardswish(x + 1)", "min(max(x, -1), 1)", "sign(x)*(x + 1)"),
        *("where(x > 1, x, 2*x - 1)", "where(x >= 1, x, 2*x - 1)", "where(x > 0, 1, x)"),
        *("floor(x*0.5)*x if abs(x) < 3 else x", "sqrt(abs(x))", "abs(x)**0.75", "1/x"),
        *("max(sin(x), 0) if abs(x) < 5 else 2*x", "exp(abs(x))", "abs(max(x, 0) - 1)"),
        *("max(x, 0) - max(-x, 0) + abs(x)", "where(abs(x) < 1, x, sign(x)*2)", "sqrt(x*x)"),
    ],
)
def test_the_slope_at_a_kink_of_a_formula_is_the_kernels(text: str) -> None:
    assert at_exact_kinks(find(text))


def test_the_slope_at_a_kink_of_the_catalogue_is_the_kernels(activation: Named) -> None:
    at_exact_kinks(activation)


def at_exact_kinks(activation: Activation) -> int:
    """Compare the slopes at kinks that are doubles; how many there are."""
    structure = structure_of(activation, None)
    exact = {point.x for point in structure.branches.points if point.is_exact}
    found = [kink for kink in kinks(activation, structure) if kink.x in exact]
    for kink in found:
        slope = float(activation.derivative(kink.x))
        assert kink.derivative == pytest.approx(slope, rel=1e-15, nan_ok=True)
    return len(found)
