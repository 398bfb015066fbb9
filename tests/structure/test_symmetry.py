"""Symmetry against what is known of the functions, and against mpmath where it is refuted."""

import pytest

from actcli.find import find
from actcli.structure.structure import Structure
from actcli.structure.symmetries.symmetry import Symmetry

SYMMETRIES = {
    "tanh": Symmetry("odd"),
    "softsign": Symmetry("odd"),
    "hardtanh": Symmetry("odd"),
    "sign(x)": Symmetry("odd"),
    "erf(x)": Symmetry("odd"),
    "1/x": Symmetry("odd"),
    "asinh(x)**(-1)": Symmetry("odd"),
    "1/(asinh(x)+asinh(2*x))": Symmetry("odd"),
    "asinh(x**3)**-2": Symmetry("even"),
    "x**3-x": Symmetry("odd"),
    "log(x+sqrt(x**2+1))": Symmetry("odd"),
    "abs(x)": Symmetry("even"),
    "x**2": Symmetry("even"),
    "exp(x)/(1+exp(x))**2": Symmetry("even"),
    "softplus(x)-x/2": Symmetry("even"),
    "where(x>0,x,-x)": Symmetry("even"),
    "log(x**2)": Symmetry("even"),
    "abs(3*x-1)+abs(3*x+1)": Symmetry("even"),
    "x*tanh(x)": Symmetry("even"),
    "cosh(x)-1": Symmetry("even"),
    "norm_cdf(x)*norm_cdf(-x)": Symmetry("even"),
    "sigmoid": Symmetry("point", 0.5),
    "hardsigmoid": Symmetry("point", 0.5),
    "norm_cdf(x)": Symmetry("point", 0.5),
    "atan(x)+1": Symmetry("point", 1.0),
    "relu": Symmetry("none"),
    "gelu": Symmetry("none"),
    "step": Symmetry("none"),  # the value at 0 is not 1/2
    "log(x)": Symmetry("none"),
    "2*log(x)": Symmetry("none"),
    "x+1e-30*x**2": Symmetry("none"),
    "where(x==2,5,x)": Symmetry("none"),
    "tanh(1e3*(x-77.77))+tanh(-1e3*(x-77.771))": Symmetry("none"),
}


@pytest.mark.parametrize("formula", SYMMETRIES)
def test_symmetry(formula: str) -> None:
    assert Structure(find(formula), seconds=0.5).symmetry == SYMMETRIES[formula]


def test_symmetry_in_a_window() -> None:
    assert Structure(find("sin(x)"), (-10.0, 10.0)).symmetry == Symmetry("odd")
    assert Structure(find("cos(x)*abs(x)"), (-10.0, 10.0)).symmetry == Symmetry("even")
    assert Structure(find("x % 1"), (-3.5, 3.5)).symmetry == Symmetry("none")
    assert Structure(find("tanh"), (-1.0, 2.0)).symmetry == Symmetry("none")
