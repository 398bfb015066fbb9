"""Periods against what is known of the functions."""

from math import pi

import pytest

from actcli.activations.registry import Named
from actcli.find import find
from actcli.structure.asymptotes import nearest
from actcli.structure.structure import Structure
from tests.activations.known import PERIODS as PERIODS_OF_NAMES
from tests.activations.known import is_endless
from tests.activations.test_accuracy import variants

PERIODS = {
    "sin(x)": (2 * pi, 0.0),
    "cos(3*x)": (2.0943951023931957, 0.0),
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


ENDLESS = (
    *(formula for formula in PERIODS if "tanh" not in formula),
    "sin(x) + cos(pi*x)",
    "x*sin(x)",
    "sin(x)/x",
    "where(x > 0, x, sin(x))",
    "sin(log1p(abs(x)))",
)
SETTLING = (
    "x",
    "sin(tanh(x))",
    "sin(3)*x",
    "floor(sigmoid(x)*5)",
    "where(abs(x) < 3, sin(x), 0)",
    "max(sin(x), 2 + x*x)",
    "sin(1/x)",
    "sin(exp(-x*x))",
)


@pytest.mark.parametrize("formula", PERIODS)
def test_period(formula: str) -> None:
    found = Structure(find(formula), (-10.0, 10.0)).repetition
    known = found and (nearest(found.period), nearest(found.rise))
    assert known == PERIODS[formula]


@pytest.mark.parametrize("formula", ENDLESS)
def test_what_goes_on_for_ever(formula: str) -> None:
    assert Structure(find(formula), (-10.0, 10.0)).is_endless


@pytest.mark.parametrize("formula", SETTLING)
def test_what_settles(formula: str) -> None:
    structure = Structure(find(formula), (-10.0, 10.0))
    assert not structure.is_endless
    assert structure.period is None


@pytest.mark.parametrize("activation", [*variants()], ids=str)
def test_the_catalogue(activation: Named) -> None:
    structure = Structure(activation, (-10.0, 10.0))
    assert structure.is_endless == is_endless(activation)
    assert structure.period == PERIODS_OF_NAMES.get(str(activation))
