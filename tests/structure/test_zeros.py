"""Zeros and fixed points against closed forms, and roots that mpmath finds."""

import math

import pytest
from mpmath import mp

from actcli.find import find
from actcli.structure.points.zeros import Zeros
from actcli.structure.structure import Structure

INF = math.inf
THIRD = 1 / 3


Plain = tuple[list[float], list[tuple[float, float]]]
"""Points, and intervals on which all is zero."""


def plain(found: Zeros) -> Plain:
    assert not found.undecided
    return list(found.points), list(found.stretches)


ZEROS: dict[str, Plain] = {
    "relu": ([], [(-INF, 0.0)]),
    "hardshrink": ([], [(-0.5, 0.5)]),
    "sign(x)": ([0.0], []),
    "step": ([], [(-INF, 0.0)]),
    "sqrt(x)": ([0.0], []),
    "x**2.5": ([0.0], []),
    "sqrt(3*x-1)": ([THIRD], []),
    "abs(3*x-1)": ([THIRD], []),
    "(3*x-1)**2": ([THIRD], []),
    "3*x-1": ([THIRD], []),
    "x-x": ([], [(-INF, INF)]),
    "exp(x)": ([], []),
    "1/x": ([], []),
    "tanh(x)/x": ([], []),
    "log(x)": ([1.0], []),
    "x**2-1e-300": ([-1e-150, 1e-150], []),
    "where(x>0,1,-1)": ([], []),
    "where(x==2,0,1)": ([2.0], []),
    "where(3*x==1,0,1)": ([THIRD], []),
    "where(x>0,0,1)": ([], [(0.0, INF)]),
    "relu(x-1)+relu(-x)": ([], [(0.0, 1.0)]),
    "sin(x)/x": ([n * math.pi for n in (-3, -2, -1, 1, 2, 3)], []),
}


@pytest.mark.parametrize("formula", ZEROS)
def test_zeros(formula: str) -> None:
    window = (-10.0, 10.0) if "sin" in formula else (-INF, INF)
    assert plain(Structure(find(formula), window).zeros) == ZEROS[formula]


FIXED: dict[str, Plain] = {
    "sign(x)": ([-1.0, 0.0, 1.0], []),
    "relu": ([], [(0.0, INF)]),
    "hardshrink": ([0.0], [(-INF, -0.5), (0.5, INF)]),
    "log(exp(x))": ([], [(-INF, INF)]),
    "x*exp(x)/(exp(x)+2)": ([0.0], []),
    "max(x,x*sigmoid(x))": ([], [(0.0, INF)]),
    "2*x*0.1+1": ([1.25], []),
    "exp(x)": ([], []),
    "x**3": ([-1.0, 0.0, 1.0], []),
    "sqrt(x)": ([0.0, 1.0], []),
    "sqrt(3*x-1)": ([0.38196601125010515, 2.618033988749895], []),  # (3 -+ sqrt(5))/2
    "1/x": ([-1.0, 1.0], []),
    "x+1": ([], []),
    "tanh(x)": ([0.0], []),
}


@pytest.mark.parametrize("formula", FIXED)
def test_fixed_points(formula: str) -> None:
    assert plain(Structure(find(formula)).fixed_points) == FIXED[formula]


def test_roots_are_the_nearest_doubles() -> None:
    with mp.workdps(40):
        cosine = float(mp.findroot(lambda x: mp.cos(x) - x, 0.7))
        shifted = float(mp.findroot(lambda x: mp.exp(x) - 3 * x, 1.5))
        omega = float(mp.findroot(lambda x: x * mp.exp(x) - 1, 0.5))
    assert plain(Structure(find("cos(x)"), (-10.0, 10.0)).fixed_points) == ([cosine], [])
    assert shifted in plain(Structure(find("exp(x)-3*x")).zeros)[0]
    assert plain(Structure(find("x*exp(x)-1")).zeros) == ([omega], [])


def test_what_is_not_decided_says_so() -> None:
    wild = Structure(find("sin(1/x)"), (-1.0, 1.0), seconds=0.3).zeros
    assert wild.undecided
    assert Structure(find("(3*x-1)*(6*x-2)")).zeros.undecided
