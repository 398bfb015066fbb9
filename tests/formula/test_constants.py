"""Formulas whose parts do not depend on x."""

from __future__ import annotations

import pytest

from actcli.formula.expression import expression


@pytest.mark.parametrize(("formula", "expected"), [("elu(0.5)", 0.5), ("silu(0*x)", 0.0)])
def test_a_constant_argument(formula: str, expected: float) -> None:
    value, derivative = expression(formula).value_and_derivative([-1.0, 0.0, 1e300])
    assert value.tolist() == [expected] * 3
    assert derivative.tolist() == [0.0] * 3
