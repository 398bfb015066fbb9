"""Ranges of small slope against closed forms in mpmath, which share no code with the search."""

import math
from collections.abc import Callable

import pytest
from mpmath import mp, mpf

from actcli.find import find
from actcli.functions.saturation import saturation
from actcli.structure.flat_ranges import flat_ranges
from actcli.structure.function import ProvedFunction
from actcli.structure.search.segments import UNDEFINED_PIECE
from actcli.structure.structure import Structure
from tests.present import present

INF = math.inf


def edges(formula: str, eps: float) -> list[tuple[float, float]]:
    found = flat_ranges(ProvedFunction.of(find(formula)), eps)
    assert not found.undecided
    return [(one.low, one.high) for one in found.ranges]


def half_width_of_sigmoid(eps: float) -> mpf:
    with mp.workdps(60):
        e = mpf(eps)
        return mp.log((1 - 2 * e + mp.sqrt(1 - 4 * e)) / (2 * e))


@pytest.mark.parametrize("eps", [0.1, 1e-3, 1e-9, 1e-100, 1e-300])
def test_edges_are_the_nearest_doubles(eps: float) -> None:
    with mp.workdps(60):
        e = mpf(eps)
        sigmoid = float(half_width_of_sigmoid(eps))
        softsign = float(1 / mp.sqrt(e) - 1)
        tanh = float(mp.acosh(1 / mp.sqrt(e)))
        softplus = float(mp.log(e / (1 - e)))
    assert edges("sigmoid", eps) == [(-INF, -sigmoid), (sigmoid, INF)]
    assert edges("softsign", eps) == [(-INF, -softsign), (softsign, INF)]
    assert edges("tanh", eps) == [(-INF, -tanh), (tanh, INF)]
    assert edges("softplus", eps) == [(-INF, softplus)]


def test_what_samples_do_not_see() -> None:
    with mp.workdps(60):
        half = half_width_of_sigmoid(1e-3)
        shifted = float(mpf(10) ** 6 - half), float(mpf(10) ** 6 + half)
    low, high = shifted
    assert edges("sigmoid(x-1e6)", 1e-3) == [(-INF, low), (high, INF)]
    needle = edges("where((x-3.3)**2<1e-18,x,0)", 1e-3)
    assert [high for _, high in needle] == [pytest.approx(3.3 - 1e-9, abs=1e-15), INF]
    bump = edges("tanh(x)+exp(-((x-1000)/1e-3)**2)", 1e-3)
    assert [high for _, high in bump[1:]] == [
        pytest.approx(999.9960135791, abs=1e-9),
        pytest.approx(1000.0000000005, abs=1e-12),
        INF,
    ]


def test_cancellation_is_no_property_of_a_function() -> None:
    assert edges("(0)*silu(x*2)", 0.3) == [(-INF, INF)]
    assert edges("(x+sqrt(x**2+4))/2", 1e-12) == [(-INF, -999999.9999985)]
    tiny, far = 8e-20, 46.051701859880914
    assert edges("sigmoid(x)*(1-sigmoid(x))", 1e-20) == [(-INF, -far), (-tiny, tiny), (far, INF)]
    assert edges("x-log(1+exp(x))", 1e-20) == [(far, INF)]


def test_ties_jumps_and_kinks() -> None:
    assert edges("sigmoid", 0.25) == [(-INF, 0.0), (0.0, INF)]
    assert edges("step", 0.1) == [(-INF, 0.0), (0.0, INF)]
    assert edges("where(x>1,x+1e-10,x)", 1.5) == [(-INF, 1.0), (1.0, INF)]
    assert edges("relu(x)-relu(x-6)", 1e-3) == [(-INF, 0.0), (6.0, INF)]
    assert edges("abs", 1e-3) == []
    assert edges("hardswish", 0.0) == [(-INF, -3.0)]
    assert edges("3", 0.0) == [(-INF, INF)]


def test_suprema_and_lines() -> None:
    assert Structure(find("sigmoid")).steepness.value == 0.25
    assert Structure(find("step")).steepness.value == INF
    assert Structure(find("atan")).lines[1] == (0.0, math.pi / 2)
    assert Structure(find("softplus")).lines == ((0.0, 0.0), (1.0, 0.0))
    assert present(present(Structure(find("asinh")).ends[1]).value).low == INF


def test_how_near_a_function_is_to_its_line() -> None:
    softsign = Structure(find("softsign"))
    assert softsign.near_line(-1, 1e-3).window == (-INF, -999.0)
    assert softsign.near_line(1, 1e-9).window == (999999998.9999999, INF)
    assert Structure(find("relu")).near_line(1, 1e-3).window == (-1e-3, INF)
    assert Structure(find("square")).near_line(1, 1e-3) == (None, None)
    clipped = Structure(find("clipped_gelu"))  # at 10, where x - gelu(x) is below 1e-21
    assert present(clipped.near_line(1, 1e-3).window)[0] == pytest.approx(10 - 1e-3, rel=1e-15)


@pytest.mark.parametrize(
    ("name", "log_distance", "guess"),
    [
        ("colu", lambda x: 2 * mp.log(x) - x - mp.exp(x), 6.5),
        ("gelu", lambda x: mp.log(x * mp.erfc(x / mp.sqrt(2)) / 2), 37.1),
        ("telu", lambda x: mp.log(x * (1 - mp.tanh(mp.exp(x)))), 5.8),
        ("cloglog", lambda x: -mp.exp(x), 6.5),
    ],
)
def test_how_near_is_known_where_all_digits_cancel(
    name: str, log_distance: Callable[[mpf], mpf], guess: float
) -> None:
    near = Structure(find(name)).near_line(1, 1e-300)
    with mp.workdps(700):
        edge = float(mp.findroot(lambda x: log_distance(x) - mp.log(mpf(1e-300)), guess))
    assert present(near.window)[0] == pytest.approx(edge, rel=5e-16)
    assert near.undecided is None


def test_where_there_is_no_value_there_is_no_slope() -> None:
    """However steep it would be there: the function begins at 1/3."""
    segments = Structure(find("sqrt(3*x-1)+5*x"), (-20.0, 20.0)).flat(0.1).segments
    assert max(one.high for one in segments if one.kind == UNDEFINED_PIECE) == 1 / 3


def test_how_near_may_be_left_open() -> None:
    assert Structure(find("colu"), seconds=0.0).near_line(1, 1e-3).window is None


def test_slopes_on_an_interval_and_beside_a_number() -> None:
    gelu = Structure(find("gelu"))
    assert (gelu.slope_sign(-1.0, 1), gelu.slope_sign(0.0, -1)) == (-1, 1)
    tanh = Structure(find("tanh"))
    with mp.workdps(40):
        steepest = float(1 / mp.cosh(2) ** 2)
    assert tanh.steepest_on(2.0, 5.0) == steepest
    assert tanh.steepness.is_proved
    assert gelu.flat(1e-3).ranges[0].reaches_eps == (False, True)
    assert Structure(find("step")).flat(1e-3).ranges[0].reaches_eps == (False, False)


@pytest.mark.parametrize("eps", [0.0, 1e-300, 1e-3, 1e18])
def test_a_needle_between_two_doubles_parts_what_is_flat(eps: float) -> None:
    needle = "max(0, 1 - abs(3*x - 1 - 1e-17)*1e18)"
    (left, right) = edges(needle, eps)
    assert (left[0], right[1]) == (-INF, INF)
    assert left[1] == right[0] == 1 / 3
    assert edges(needle, 1e19) == [(-INF, INF)]


BETWEEN_DOUBLES = {
    "(x-pi)**3": lambda: mp.pi,
    "(x-pi)**5": lambda: mp.pi,
    "log(1+(x-e)**4)": lambda: mp.e,
    "erf((x-1/3)**3)": lambda: mpf(1) / 3,
}


@pytest.mark.parametrize("formula", BETWEEN_DOUBLES)
def test_a_range_narrower_than_doubles_is_enclosed_by_two(formula: str) -> None:
    with mp.workdps(60):
        place = BETWEEN_DOUBLES[formula]()
        found = [one for one in edges(formula, 1e-300) if one[0] < place < one[1]]
    assert len(found) == 1
    low, high = found[0]
    assert high - low <= 2 * math.ulp(high)


def test_a_window_has_what_is_nearest_to_a_double_inside() -> None:
    """What is narrower than doubles, at pi and at -pi, is not in [-pi, pi]."""
    assert [(one.low, one.high) for one in saturation(find("cos"), 1e-300).ranges] == [
        (-1e-300, 1e-300)
    ]
    assert len(saturation(find("snake"), 1e-300).ranges) == 6
