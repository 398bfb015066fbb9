"""Periods against what is known of the functions."""

from math import pi

import pytest

from actcli.find import find
from actcli.structure.structure import Structure

PERIODS = {
    "sin(x)": (2 * pi, 0.0),
    "cos(3*x)": (2 * pi / 3, 0.0),
    "tan(x)": (pi, 0.0),
    "sin(x)**2": (pi, 0.0),
    "abs(sin(x))": (pi, 0.0),
    "sin(2*x)+cos(3*x)": (2 * pi, 0.0),
    "sin(pi*x)": (2.0, 0.0),
    "max(sin(x),0)": (2 * pi, 0.0),
    "where(sin(x)>0,1,cos(x))": (2 * pi, 0.0),
    "snake": (pi, pi),
    "x+sin(x)": (2 * pi, 2 * pi),
    "floor(x)": (1.0, 1.0),
    "x % 0.25": (0.25, 0.0),
    "x-floor(4*x)/4": (0.25, 0.0),
    "floor(x/2)+floor(x/3)": (6.0, 5.0),
    "log(sin(x))": (2 * pi, 0.0),
    "exp(sin(x)+cos(x))": (2 * pi, 0.0),
    "sin(x)+x % 1": None,
    "sin(x**2)": None,
    "x*sin(x)": None,
    "tanh": None,
    "sin(tanh(x))": None,
}


@pytest.mark.parametrize("formula", PERIODS)
def test_period(formula: str) -> None:
    found = Structure(find(formula), (-10.0, 10.0)).period
    assert (None if found is None else tuple(found)) == PERIODS[formula]
