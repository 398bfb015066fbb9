"""Facts of the whole line, of functions that turn for ever, against closed forms and mpmath."""

from __future__ import annotations

import math
from typing import Any

import pytest
from mpmath import mp

from actcli.find import find
from actcli.functions.facts import Facts, facts
from actcli.functions.saturation import saturation

INF = math.inf


def least_of_sinc() -> float:
    """The minimum of sin(x)/x, at the first root of tan(x) = x beyond 0."""
    with mp.workdps(40):
        x = mp.findroot(lambda x: mp.sin(x) - x * mp.cos(x), 4.49)
        return float(mp.sin(x) / x)


def steepest_of_sinc() -> float:
    """The largest slope of sin(x)/x, where its second derivative is 0."""
    with mp.workdps(40):
        x = mp.findroot(lambda x: mp.diff(lambda t: mp.sin(t) / t, x, 2), 2.08)
        return float(-mp.diff(lambda t: mp.sin(t) / t, x))


def highest_of_damped_sine() -> float:
    """The maximum of exp(-x*x)*sin(x)."""
    with mp.workdps(40):
        x = mp.findroot(lambda x: mp.cos(x) - 2 * x * mp.sin(x), 0.65)
        return float(mp.exp(-x * x) * mp.sin(x))


def steepest_of_exp_of_sine() -> float:
    """The largest slope of exp(sin(x)), where sin(x) = (sqrt(5) - 1)/2."""
    s = (math.sqrt(5) - 1) / 2
    with mp.workdps(40):
        return float(mp.sqrt(1 - mp.mpf(s) ** 2) * mp.exp(s))


def steepest_of_rising_sine() -> float:
    """The largest slope of 3*x + sin(x*x)/x: with u = x*x, of 3 + 2 cos(u) - sin(u)/u."""
    with mp.workdps(40):
        u = mp.findroot(lambda u: -2 * mp.sin(u) - mp.cos(u) / u + mp.sin(u) / u**2, 6.2)
        return float(3 + 2 * mp.cos(u) - mp.sin(u) / u)


KNOWN: dict[str, dict[str, Any]] = {
    "exp(x)*sin(x)": {"range": (-INF, INF), "lipschitz": INF, "monotone": "no", "symmetry": "none"},
    "x*sin(x)": {"range": (-INF, INF), "lipschitz": INF, "symmetry": "even"},
    "sqrt(abs(x))*sin(x)": {"range": (-INF, INF), "lipschitz": INF, "symmetry": "odd"},
    "sin(x)*log(1+x**2)": {"range": (-INF, INF), "lipschitz": INF, "symmetry": "odd"},
    "sin(x)/x": {
        "range": (least_of_sinc(), 1.0),
        "lipschitz": steepest_of_sinc(),
        "symmetry": "even",
        "smoothness": "smooth",
    },
    "exp(-x*x)*sin(x)": {
        "range": (-highest_of_damped_sine(), highest_of_damped_sine()),
        "lipschitz": 1.0,
        "symmetry": "odd",
    },
    "sin(exp(x))": {"lipschitz": INF, "smoothness": "smooth", "monotone": "no"},
    "sin(x*x)": {"lipschitz": INF, "smoothness": "smooth", "symmetry": "even"},
    "sin(x)+x": {"range": (-INF, INF), "lipschitz": 2.0, "monotone": "strictly increasing"},
    "x+2*sin(x)": {"range": (-INF, INF), "lipschitz": 3.0, "monotone": "no", "symmetry": "odd"},
    "x+200*sin(x/100)": {"range": (-INF, INF), "lipschitz": 3.0, "monotone": "no"},
    "3*x+sin(x*x)/x": {
        "range": (-INF, INF),
        "lipschitz": steepest_of_rising_sine(),
        "monotone": "strictly increasing",
    },
    "floor(x)": {"range": (-INF, INF), "monotone": "nondecreasing", "smoothness": "jump"},
    "exp(floor(x))": {"range": (0.0, INF), "monotone": "nondecreasing", "lipschitz": INF},
    "relu(floor(x))": {"range": (0.0, INF), "monotone": "nondecreasing", "lipschitz": INF},
    "x-floor(x)": {"range": (0.0, 1.0), "monotone": "no", "lipschitz": INF},
    "x % 0.1": {"range": (0.0, 0.1), "monotone": "no", "lipschitz": INF},
    "exp(sin(x))": {
        "range": (1 / math.e, math.e),
        "lipschitz": steepest_of_exp_of_sine(),
        "smoothness": "smooth",
    },
    "tanh(x)*sin(x)": {"range": (-1.0, 1.0), "lipschitz": 1.0, "symmetry": "even"},
    "1e200*sin(x)*tanh(x)": {"range": (-1e200, 1e200), "lipschitz": 1e200},
    "1e200*tanh(x)": {"range": (-1e200, 1e200), "lipschitz": 1e200},
    "x*abs(sin(x))": {"range": (-INF, INF), "lipschitz": INF, "smoothness": "kink"},
    "x*(x % 1)": {"range": (-INF, INF), "lipschitz": INF, "smoothness": "jump"},
    "where(x>0,x*sin(x),x)": {"range": (-INF, INF), "lipschitz": INF, "smoothness": "kink"},
    "sin": {"range": (-1.0, 1.0), "lipschitz": 1.0, "monotone": "no", "symmetry": "odd"},
    "sinc": {"range": (least_of_sinc(), 1.0), "lipschitz": steepest_of_sinc()},
    "gcu": {"range": (-INF, INF), "lipschitz": INF, "symmetry": "odd"},
}

WINDOWS = [None, (-0.5, 0.5), (1.0, 5.0), (-40.0, -38.5)]


def _of(found: Facts, name: str) -> Any:
    return tuple(found.range[:2]) if name == "range" else getattr(found, name)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("formula", KNOWN)
def test_facts_are_of_the_whole_line(formula: str, window: tuple[float, float] | None) -> None:
    found = facts(find(formula), window)
    for name, expected in KNOWN[formula].items():
        if isinstance(expected, float | tuple):
            assert _of(found, name) == pytest.approx(expected, rel=3e-16, abs=0)
        else:
            assert _of(found, name) == expected


UNDECIDED = {
    "cos(x)+cos(sqrt(2)*x)": {"range", "Lipschitz constant"},
    "exp(x+sin(x))": {"monotone"},
    "tanh(x)*sin(x)": {"ends of the range"},
}


@pytest.mark.parametrize("formula", UNDECIDED)
def test_what_is_not_proved_of_the_whole_line_is_open(formula: str) -> None:
    found = facts(find(formula))
    assert not found.proved
    assert UNDECIDED[formula] <= {place.why for place in found.open}
    if "Lipschitz constant" in UNDECIDED[formula]:
        assert math.isnan(found.lipschitz)
        assert not found.steepest


def test_a_value_or_a_slope_that_a_window_does_not_show() -> None:
    narrow = facts(find("sin"), (-0.5, 0.5))
    assert (narrow.range.low_attained, narrow.range.high_attained) == (True, True)
    assert [one.low for one in narrow.steepest] == [0.0]
    beside = facts(find("sin"), (1.0, 2.0))
    assert beside.lipschitz == 1.0
    assert not beside.steepest
    assert saturation(find("sin"), 0.5, relative=True, window=(1.0, 2.0)).eps == 0.5


def test_open_places_are_listed_once_and_in_the_window_only() -> None:
    found = facts(find("x*sin(x)"))
    places = [place[:2] for place in found.open]
    assert len(places) == len(set(places))
    assert all(low <= 10 and high >= -10 for low, high in places)
