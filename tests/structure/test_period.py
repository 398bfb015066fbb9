"""Periods, and what turns for ever, against what is known of the functions."""

from math import pi

import pytest

from actcli.activations.registry import Named
from actcli.find import find
from actcli.structure.structure import Structure
from tests.activations.known import PERIODS, is_endless
from tests.activations.test_accuracy import variants
from tests.formula.written_out import written_out

REPEATING = {
    "sin(x)": (2 * pi, 0.0),
    "sin(3*x + 1)": (2.0943951023931957, 0.0),
    "cos(3*x)": (2.0943951023931957, 0.0),
    "cos(x/2)": (4 * pi, 0.0),
    "tan(x)": (pi, 0.0),
    "sin(1-3*x)": (2.0943951023931957, 0.0),
    "x+sin(-x)": (2 * pi, 2 * pi),
    "sin(x)**2": (pi, 0.0),
    "sin(x)**3": (2 * pi, 0.0),
    "sin(x)*cos(x)": (pi, 0.0),
    "abs(sin(x))": (pi, 0.0),
    "sin(2*x)+cos(3*x)": (2 * pi, 0.0),
    "sin(pi*x)": (2.0, 0.0),
    "sin(e*x)": (2.3114546995818435, 0.0),
    "sin(sqrt(2)*x)": (4.442882938158366, 0.0),
    "sin(x/(2*pi))": (39.47841760435743, 0.0),
    "max(sin(x),0)": (2 * pi, 0.0),
    "where(sin(x)>0,1,cos(x))": (2 * pi, 0.0),
    "exp(sin(x)) + 1": (2 * pi, 0.0),
    "exp(sin(x)+cos(x))": (2 * pi, 0.0),
    "log(sin(x))": (2 * pi, 0.0),
    "snake": (pi, pi),
    "x+sin(x)": (2 * pi, 2 * pi),
    "max(x+sin(x),x+cos(x))": (2 * pi, 2 * pi),
    "floor(x)": (1.0, 1.0),
    "floor(x/2)+floor(x/3)": (6.0, 5.0),
    "x % 0.25": (0.25, 0.0),
    "x % 3": (3.0, 0.0),
    "(2*x + 1) % 3": (1.5, 0.0),
    "x-floor(4*x)/4": (0.25, 0.0),
    "x-floor(x*10)/10": (0.1, 0.0),
}

ENDLESS = [
    "sin(x)+x % 1",
    "sin(x) + cos(pi*x)",
    "sin(x**2)",
    "x*sin(x)",
    "sin(x)/x",
    "where(x > 0, x, sin(x))",
    "sin(log1p(abs(x)))",
]

RESTING = [
    "x",
    "sin(tanh(x))",
    "sin(3)*x",
    "floor(sigmoid(x)*5)",
    "where(abs(x) < 3, sin(x), 0)",
    "max(sin(x), 2 + x*x)",
    "sin(1/x)",
    "sin(exp(-x*x))",
    "sin(sqrt(-1-x*x))",
]


@pytest.mark.parametrize("formula", REPEATING)
def test_what_repeats(formula: str) -> None:
    structure, (length, rise) = Structure(find(formula)), REPEATING[formula]
    found = structure.repetition
    assert found is not None
    assert (float(found.period.mid()), float(found.rise.mid())) == (length, rise)
    assert structure.period == (None if rise else length)
    assert structure.is_endless


@pytest.mark.parametrize("formula", [*ENDLESS, *RESTING])
def test_what_does_not(formula: str) -> None:
    structure = Structure(find(formula))
    assert structure.repetition is None
    assert structure.is_endless == (formula in ENDLESS)


@pytest.mark.parametrize("activation", list(variants()), ids=str)
def test_the_waves_of_the_catalogue(activation: Named) -> None:
    for function in (activation, written_out(activation)):
        structure = Structure(function)
        assert structure.is_endless == is_endless(activation)
        wanted = PERIODS.get(str(activation))
        assert (structure.period or 0) == pytest.approx(wanted or 0, rel=1e-15)
