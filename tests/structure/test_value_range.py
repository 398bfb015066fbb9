"""Ranges and smoothness against what follows from the formulas by hand, and closed forms."""

import math

import pytest
from mpmath import mp

from actcli.find import find
from actcli.structure.points.smoothness import smoothness
from actcli.structure.structure import Structure

INF = math.inf


def w_of_minus_1_over_e(digits: int = 40) -> float:
    """The minimum of silu, -W(1/e)."""
    with mp.workdps(digits):
        return float(-mp.lambertw(mp.exp(-1)))


def meeting_of_exp_and_3_less_x() -> float:
    """The minimum of max(exp(x), 3 - x): 3 - x at x = 3 - W(exp(3))."""
    with mp.workdps(40):
        return float(mp.lambertw(mp.exp(3)))


RANGES = {
    "relu": ((0.0, True), (INF, False)),
    "sigmoid": ((0.0, False), (1.0, False)),
    "silu": ((w_of_minus_1_over_e(), True), (INF, False)),
    "sign(x)": ((-1.0, True), (1.0, True)),
    "sqrt(x)": ((0.0, True), (INF, False)),
    "sqrt(3*x-1)": ((0.0, True), (INF, False)),
    "log(3*x-1)": ((-INF, False), (INF, False)),
    "sqrt(1-x**2)": ((0.0, True), (1.0, True)),
    "1/sqrt(1-x**2)": ((1.0, True), (INF, False)),
    "tanh(x)/x": ((0.0, False), (1.0, True)),
    "where(x==2,5,tanh(x))": ((-1.0, False), (5.0, True)),
    "where(x>0,1-x,x-1)": ((-INF, False), (1.0, False)),
    "where(3*x>1,3*x,0)": ((0.0, True), (INF, False)),
    "where(3*x>1,3*x,2)": ((1.0, False), (INF, False)),
    "relu(x)-relu(x-6)": ((0.0, True), (6.0, True)),
    "softplus(x+1)-softplus(x-1)": ((0.0, False), (2.0, False)),
    "x+1-x": ((1.0, True), (1.0, True)),
    "log((1+exp(x))/(1+exp(x-1)))": ((0.0, False), (1.0, False)),
    "exp(x)/(1+exp(x))**2": ((0.0, False), (0.25, True)),
    "exp(-((x-1000.123)*1000000)**2)": ((0.0, False), (1.0, True)),
    "atan(log(x))": ((-math.pi / 2, False), (math.pi / 2, False)),
    "min(3*x,1)": ((-INF, False), (1.0, True)),
    "x**4-2*x**2": ((-1.0, True), (INF, False)),
    "max(exp(x),3-x)": ((meeting_of_exp_and_3_less_x(), True), (INF, False)),
    "min(3-exp(x),x)": ((-INF, False), (3 - meeting_of_exp_and_3_less_x(), True)),
    "abs(exp(x)-2)": ((0.0, True), (INF, False)),
    "max(exp(-x),x)": ((float(mp.lambertw(1)), True), (INF, False)),
    "where(x**3>2,-x,x)": ((-INF, False), (2 ** (1 / 3), True)),
    "where(x**3>=2,-x,x)": ((-INF, False), (2 ** (1 / 3), False)),
    "where(x>=2,log(x),5)": ((math.log(2), True), (INF, False)),
    "where(x>2,log(x),5)": ((math.log(2), False), (INF, False)),
}


@pytest.mark.parametrize("formula", RANGES)
def test_ranges(formula: str) -> None:
    found = Structure(find(formula)).range
    assert found is not None
    assert (tuple(found.low), tuple(found.high)) == RANGES[formula]


def test_a_range_in_a_window() -> None:
    steps = Structure(find("floor(x)"), (-2.5, 2.5)).range
    assert steps is not None
    assert (tuple(steps.low), tuple(steps.high)) == ((-3.0, True), (2.0, True))
    open_ended = Structure(find("x**3"), (-1.0, 2.0)).range
    assert open_ended is not None
    assert (tuple(open_ended.low), tuple(open_ended.high)) == ((-1.0, False), (8.0, False))


def test_a_kink_between_two_doubles_in_a_window() -> None:
    found = Structure(find("max(sin(x),cos(x))"), (-4.0, 4.0)).range
    assert found is not None
    assert (tuple(found.low), tuple(found.high)) == ((-math.sqrt(0.5), True), (1.0, True))


SMOOTHNESS = {
    "step": "discontinuous",
    "1/x": "discontinuous",
    "where(x==2,5,x)": "discontinuous",
    "relu": "C0",
    "max(x+1,1)": "C0",
    "sign(x)*sqrt(abs(x))": "C0",
    "softsign": "C1",
    "elu": "C1",
    "relu(x)**2": "C1",
    "abs(x)**3": "C2",
    "where(x>0,x**4,0)": "C3",
    "gelu": "Cinf",
    "tanh(x)/x": "Cinf",
    "relu(x)-relu(-x)": "Cinf",
    "where(x>0,exp(-1/x),0)": "Cinf",
    "log(x)": "Cinf",
}


@pytest.mark.parametrize("formula", SMOOTHNESS)
def test_smoothness(formula: str) -> None:
    assert smoothness(Structure(find(formula)).branches) == SMOOTHNESS[formula]


def test_what_is_not_decided() -> None:
    wild = Structure(find("sin(1/x)"), (-1.0, 1.0), seconds=0.3)
    assert wild.range is None
    assert smoothness(wild.branches) is None
