"""What was once said wrongly, row by row: a command and what is true of its answer.

A number is the double itself; digits in quotes are as many as are known, and are rounded to.
"""

from __future__ import annotations

import math
import shlex
from typing import Any

import pytest

from tests.conftest import Run

INF = math.inf

ROWS: list[tuple[str, dict[str, Any]]] = [
    # what is narrow or far away
    (
        "saturation 'sigmoid(x-1e6)'",
        {"ranges.0.high": 999993.0942477277, "ranges.1.low": 1000006.9057522723},
    ),
    ("info 'sigmoid(x-1e6)'", {"monotone": "strictly increasing", "lipschitz": 0.25}),
    (
        "saturation laplace:mu=0.7,sigma=1e-6",
        {"ranges.0.high": 0.6999937064592948, "ranges.1.low": 0.7000062935407051},
    ),
    (
        "info 'tanh(1e6*(x-3.1))'",
        {"lipschitz": 1e6, "roots": [3.1], "monotone": "strictly increasing"},
    ),
    (
        "saturation 'tanh(x)+exp(-((x-1000)/1e-3)**2)'",
        {"ranges.1.low": "4.1468", "ranges.1.high": "999.9960136", "ranges.-1.low": "1000.0039864"},
    ),
    ("info 'where((x-3.3)**2<1e-18,x,0)'", {"smoothness": "jump", "range.high": "3.3"}),
    (
        "info 'exp(-((x-1000.123)*1000000)**2)'",
        {"range.high": 1.0, "range.high_attained": True, "extrema.0.x": 1000.123},
    ),
    (
        "compare x 'x+1e-3*exp(-((x-1000.123)*1000000)**2)' --tol 1e-6",
        {"exit": 3, "pairs.0.max_abs": 1e-3},
    ),
    ("info 'tanh(1e3*(x-77.77))+tanh(-1e3*(x-77.771))'", {"extrema.0.x": 77.7705, "proved": True}),
    # what cancels
    ("info 'relu(x)-relu(x-6)'", {"right.slope": 0.0, "right.intercept": 6.0, "range.high": 6.0}),
    ("info 'softplus(x+1)-softplus(x-1)'", {"range.low": 0.0, "range.high": 2.0}),
    ("info x+1-x", {"monotone": "constant", "range.low": 1.0, "range.high": 1.0}),
    (
        "info 'log((1+exp(x))/(1+exp(x-1)))'",
        {"range.low": 0.0, "range.high": 1.0, "right.intercept": 1.0},
    ),
    ("info 'x*exp(x)/(exp(x)+2)'", {"fixed_points": [0.0], "fixed_on": []}),
    ("info 'log(exp(x))'", {"fixed_points": [], "fixed_on.0.low": None, "fixed_on.0.high": None}),
    (
        "saturation 'x/(1+exp(-2*sqrt(2/pi)*(x+0.044715*x**3)))'",
        {"ranges.0.low": None, "ranges.0.kind": "bounded", "ranges.0.high": "-3.74"},
    ),
    ("info 'log(log(1+exp(x)))'", {"smoothness": "smooth", "kinks": []}),
    ("info 'max(x,x*sigmoid(x))'", {"fixed_on.0.low": 0.0, "fixed_on.0.high": None}),
    (
        "saturation 'log(x+sqrt(x**2+1))'",
        {"ranges.0.high": "-999.9995", "ranges.1.low": "999.9995"},
    ),
    ("saturation '(x+sqrt(x**2+4))/2' --eps 1e-12", {"ranges.0.high": "-999999.9999985"}),
    (
        "saturation 'sigmoid(x)*(1-sigmoid(x))' --eps 1e-20",
        {
            "ranges.0.high": "-46.0517",
            "ranges.1.low": -8e-20,
            "ranges.1.high": 8e-20,
            "ranges.2.low": "46.0517",
        },
    ),
    (
        "saturation 'x-log(1+exp(x))' --eps 1e-20",
        {"ranges.0.low": "46.0517", "ranges.0.high": None},
    ),
    ("saturation clipped_gelu:min_val=-0.1", {"ranges.1.kind": "plateau"}),
    # constants that cancel, and branches between doubles
    (
        "info 'x*(atan(x)/pi+0.5)'",
        {"left.slope": 0.0, "left.intercept": "-0.318309886183791", "proved": True},
    ),
    ("info 'sign(x)*abs(x)**(1/3)'", {"kinks.0.x": 0.0, "lipschitz": None, "proved": True}),
    ("info 'max(0,3*x-1)**1.5'", {"smoothness": "C1", "range.low": 0.0, "proved": True}),
    ("info 'where(tanh(x)>0.2*abs(x),tanh(x),0.2*x)'", {"lipschitz": 1.0, "proved": True}),
    ("info 'max(0,min(1,0.2*x+0.5))'", {"zero_on.0.high": -2.5, "range.high": 1.0}),
    ("info 'tanh((3*x-1)**1.5)'", {"lipschitz": "2.839037564"}),
    # removable singularities, and what goes slowly
    ("info 'tanh(x)/x'", {"lipschitz": "0.343419551234502"}),
    ("saturation 'tanh(x)/x' --eps 1e-16", {"ranges.1.kind": "plateau"}),
    ("info '(1-exp(-x))/x'", {"kinks": [], "monotone": "strictly decreasing"}),
    (
        "info 'exp(x)/(1+exp(x))**2'",
        {"range.high": 0.25, "extrema.0.x": 0.0, "symmetry": "even"},
    ),
    ("info 'x+1/log(2+x*x)'", {"right.slope": 1.0, "right.intercept": 0.0}),
    ("info 'atan(log(x))'", {"range.high": math.pi / 2}),
    ("info 'x**x'", {"range.low": "0.692200627555346", "range.high": None, "proved": True}),
    ("info 'x/log(x)'", {"range.low": None, "range.high": None, "proved": True}),
    # values
    ("table 'sign(x)*log1p(abs(x))' --at 0", {"derivative.0": 1.0}),
    ("table 'log1p(exp(-abs(x)))+relu(x)' --at 0", {"derivative.0": 0.5}),
    ("table 'relu(x)-relu(-x)' --at 0", {"derivative.0": 1.0}),
    (
        "table 'x*tanh(log(1+exp(x)))' --at -40",
        {"value.0": "-1.69934e-16", "derivative.0": "-1.65686e-16"},
    ),
    # branches
    ("info 'where(x>1,x+1e-10,x)'", {"smoothness": "jump", "kinks.0.x": 1.0, "lipschitz": None}),
    ("info '1e3+1e-9*sign(x-1)+x'", {"smoothness": "jump", "kinks.0.x": 1.0, "lipschitz": None}),
    ("info 'where(x>0,x,x+1e-300)'", {"smoothness": "jump", "kinks.0.x": 0.0, "lipschitz": None}),
    (
        "info 'where(exp(x)>1,1,2)'",
        {"smoothness": "jump", "left.intercept": 2.0, "right.intercept": 1.0},
    ),
    ("info 'max(x+1,1)'", {"smoothness": "kink", "kinks.0.x": 0.0}),
    ("info '2*x*0.1+1'", {"fixed_points": [1.25]}),
    ("info '(x == x)/norm_cdf(x)'", {"lipschitz": None}),
    ("info 'min(x-1,x)*sigmoid(2*x)'", {"monotone": "no", "extrema.0.kind": "minimum"}),
    ("info 'sign(gelu(x))'", {"range.low": -1.0, "range.high": 1.0, "monotone": "nondecreasing"}),
    # means
    (
        "gain silu:beta=1e6",
        {"second_moment_derivative": "0.5000000857638", "mean": "0.39894228040078"},
    ),
    (
        "gain 'exp(0.24*x**2)'",
        {"second_moment": "5.0000000000000", "second_moment_derivative": "28.8"},
    ),
    ("gain 'abs(x)**0.51'", {"second_moment_derivative": "10.38938"}),
    ("gain 'abs(x)**(-0.45)'", {"second_moment": "8.041358"}),
    ("gain 'floor(x*256)/256'", {"second_moment": "1.000005086"}),
]


@pytest.mark.parametrize(("command", "wanted"), ROWS, ids=[row[0] for row in ROWS])
def test_row(run: Run, command: str, wanted: dict[str, Any]) -> None:
    result = run(*shlex.split(command), "--json")
    assert result.exit_code == wanted.get("exit", 0)
    [answer] = result.results
    for path, value in wanted.items():
        if path != "exit":
            assert shown(part(answer, path), value) == value, path


def part(answer: Any, path: str) -> Any:
    """What is at `ranges.0.high` of an answer."""
    for name in path.split("."):
        answer = answer[int(name)] if isinstance(answer, list) else answer[name]
    return answer


def shown(number: Any, wanted: Any) -> Any:
    """With as many digits as are wanted, if these are a text."""
    if not isinstance(wanted, str) or not isinstance(number, float):
        return number
    mantissa, _, exponent = wanted.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return f"{number:.{decimals}{'e' if exponent else 'f'}}"
