"""How far functions are apart, against closed forms and mpmath, which share no code with it."""

import math
from itertools import cycle

import numpy as np
import pytest
from mpmath import mp, mpf

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.structure.boxes import EVERYWHERE, Window
from actcli.structure.differences.apart import Apart
from tests.activations.known import PERIODS
from tests.oracle import exact

INF = math.inf


def apart(f: str, g: str, window: Window = EVERYWHERE, seconds: float = 2.0) -> Apart:
    return Apart(find(f), find(g), window, seconds)


SAME = [
    ("mish", "x*((1+exp(x))**2-1)/((1+exp(x))**2+1)"),
    ("tanh", "2*sigmoid(2*x)-1"),
    ("tanh", "(exp(x)-exp(-x))/(exp(x)+exp(-x))"),
    ("gelu", "0.5*x*(1+erf(x/sqrt(2)))"),
    ("gelu_tanh", "0.5*x*(1+tanh(sqrt(2/pi)*(x+0.044715*x**3)))"),
    ("hardtanh", "(abs(x+1)-abs(x-1))/2"),
    ("softplus", "max(x,0)+log1p(exp(-abs(x)))"),
    ("softplus:beta=3", "log(1+exp(3*x))/3"),
    ("log_cosh", "abs(x)+log1p(exp(-2*abs(x)))-log(2)"),
    ("asinh", "log(x+sqrt(x**2+1))"),
    ("isru", "x*(1+x**2)**(-0.5)"),
    ("hardswish", "x*hardsigmoid(x)"),
    ("gaussian", "e**(-x**2)"),
    ("logish", "x*(log(1+2*exp(x))-log(1+exp(x)))"),
    ("snake", "x+(1-cos(2*x))/2"),
    ("cos(x)", "sin(x+pi/2)"),
    ("sin(3*x)", "3*sin(x)-4*sin(x)**3"),
    ("log(exp(x))", "x"),
    ("x/3", "x*(1/3)"),
    ("x**3/x", "x**2"),
    ("sqrt(x)*sqrt(x)", "x"),
    ("log(x**2)", "2*log(x)"),
]


@pytest.mark.parametrize(("f", "g"), SAME)
def test_one_function_written_in_two_ways(f: str, g: str) -> None:
    found = apart(f, g)
    for one in (found.largest, found.steepest):
        assert (one.value, one.bound, one.places, one.undecided) == (0, 0, (), ())


@pytest.mark.parametrize(
    "formula",
    [
        "exp(-((gaussian(x**(1/3) % -x) - 1e72)/5.04e-10)**2)",
        "((x/-47 - 3)/-x*(max(-x, x) + x))**(-0.5) + x",
        "sqrt(1e-30 - (x - 0.3)**2)",
        "tan(x)",
        "floor(1/x)",
        "sign(sin(x))/x",
    ],
)
def test_a_function_and_itself_whatever_is_not_known_of_it(formula: str) -> None:
    found = apart(formula, formula)
    for one in (found.largest, found.steepest):
        assert (one.value, one.bound, one.places, one.undecided) == (0, 0, (), ())
        assert one.is_defined
    assert not apart("sqrt(x)", "sqrt(x)", (-3, -2)).largest.is_defined


@pytest.mark.parametrize(
    ("f", "g", "height", "steepness"),
    [
        ("x+1e-30", "x", 1e-30, 0),
        ("where(x>0,x,x+1e-300)", "x", 1e-300, INF),
        ("x+1e-30*tanh(x)", "x", 1e-30, 1e-30),
        ("where(3*x==1,5,0)", "where(3*x==1,5,0)+1", 1, 0),
        ("step", "step:at_zero=1", 1, INF),
        ("abs(x-0.7)+sign(x-0.7)", "abs(x-0.7)", 1, INF),
        ("where(x>1/3,1,2)", "0*x+1.5", 0.5, INF),
        ("where((x-3.3)**2<1e-18,7,0)", "0*x", 7, INF),
        ("1/(3*x-1)", "x", INF, INF),
        ("sqrt(abs(3*x-1))", "tanh", INF, INF),
        ("sign(x)*sqrt(abs(x))", "tanh", INF, INF),
        ("x**x", "x", INF, INF),
        ("log(x)", "log(x)+1", 1, 0),
        ("floor(x)", "x", 1, INF),
        ("abs(3*x-1)", "0*x", INF, 3),
        ("1/(1+x**2)", "where(x==0,0,sin(x)/x)", 1, INF),
    ],
)
def test_what_is_small_steep_or_at_one_number(
    f: str, g: str, height: float, steepness: float
) -> None:
    found = apart(f, g)
    for one, want in ((found.largest, height), (found.steepest, steepness)):
        assert one.is_proved
        assert one.value == pytest.approx(want, rel=1e-15, abs=0)


def test_a_needle_is_found_and_has_the_slope_of_its_flank() -> None:
    found = apart("x", "x+1e-3*exp(-((x-1000.123)*1000000)**2)")
    assert found.largest.value == pytest.approx(1e-3, rel=1e-15)
    assert found.largest.places == (1000.123,)
    with mp.workdps(30):
        flank = mpf(1e-3) * 10**6 * mp.sqrt(2) * mp.exp(mpf(-1) / 2)
        places = [float(mpf(1000.123) + side / mp.sqrt(2) / 10**6) for side in (-1, 1)]
    assert found.steepest.value == pytest.approx(float(flank), rel=1e-15)
    assert found.steepest.places == pytest.approx(places, rel=1e-15)


def test_the_steepest_difference_of_two_of_nearly_one_shape_is_proved() -> None:
    found = apart("gelu", "gelu_tanh").steepest
    with mp.workdps(30):
        inner = mp.sqrt(2 / mp.pi)

        def difference(x: mpf) -> mpf:
            return x * (mp.ncdf(x) - (1 + mp.tanh(inner * (x + mpf(0.044715) * x**3))) / 2)

        place = mp.findroot(lambda x: mp.diff(difference, x, 2), 2.0)
        assert found.value == pytest.approx(float(abs(mp.diff(difference, place))), rel=1e-9)
    assert found.places == pytest.approx((-float(place), float(place)))
    assert found.is_proved


@pytest.mark.parametrize(
    ("f", "g", "places", "steepest"),
    [
        ("tanh", "sin(x)", (-1, 1), None),
        ("x**8", "x**10", None, (-1, 1)),
        ("x", "0", (-1, 1), (-1, 1)),
        ("abs", "0", (-1, 1), (-1, 1)),
        ("x**2", "x", (-1,), (-1,)),
        ("exp(x)", "0", (1,), (1,)),
    ],
)
def test_both_ends_of_a_window_are_places(
    f: str, g: str, places: tuple[float, ...] | None, steepest: tuple[float, ...] | None
) -> None:
    found = apart(f, g, (-1.0, 1.0))
    assert places is None or found.largest.places == places
    assert steepest is None or found.steepest.places == steepest


def test_where_one_is_not_defined() -> None:
    assert not apart("log(x)", "sqrt(-1-x)").largest.is_defined
    assert not apart("log(x)", "sqrt(-x)").largest.is_defined
    edge = apart("sqrt(3*x-1)", "sqrt(3*x-1)+exp(-x)")
    assert edge.largest.value == pytest.approx(math.exp(-1 / 3), rel=1e-12)
    inside = apart("log(x)", "0*x", (1.0, 8.0))
    assert inside.largest.value == pytest.approx(math.log(8), rel=1e-15)
    assert inside.largest.places == (8,)
    assert inside.steepest.places == (1,)


def test_what_cannot_be_decided_is_said() -> None:
    one = apart("where(3*x==1,5,0)", "tanh").largest
    assert not one.is_proved
    assert one.value == 1
    assert one.bound >= 5 - math.tanh(1 / 3)
    ((low, high),) = one.undecided
    assert low <= 1 / 3 <= high


@pytest.mark.parametrize(
    ("f", "g", "height"),
    [
        ("tanh", "2*sigmoid(2*x)-1+1e-30", 1e-30),
        ("log(exp(x)+1e-300)", "log(exp(x))", INF),
        ("floor(x+1)", "floor(x)+1", 0),
        ("sqrt(x**2)", "x", INF),
        ("exp(log(abs(x)))", "x", INF),
        ("sin(x)**2+cos(x)**2", "0*x", 1),
        ("cosh(x)**2-sinh(x)**2", "2+0*x", 1),
    ],
)
def test_what_takes_too_long_has_a_bound(f: str, g: str, height: float) -> None:
    one = apart(f, g, seconds=0.1).largest
    assert one.value <= height <= one.bound
    assert (one.value > 0) == (height > 0)
    assert one.is_proved or one.undecided


FAR = 10.0 ** np.arange(-9, 6)
GRID = np.concatenate([-FAR, np.linspace(-12, 12, 4001), FAR])
RESTING = [name for name, cls in sorted(catalogue().items()) if name not in PERIODS]


@pytest.mark.parametrize(
    ("name", "partner"), [*zip(RESTING, cycle(("relu", "tanh")), strict=False)]
)
def test_no_function_of_the_catalogue_is_farther_at_any_point(name: str, partner: str) -> None:
    f, g = find(name), find(partner)
    found = Apart(f, g)
    values = np.abs(f.value(GRID) - g.value(GRID))
    slopes = np.abs(f.derivative(GRID) - g.derivative(GRID))
    for one, sizes, order in ((found.largest, values, 0), (found.steepest, slopes, 1)):
        assert one.is_proved
        assert sizes.max() <= one.bound * (1 + 1e-12) + 1e-13
        if math.isinf(one.value):
            continue
        for place in filter(math.isfinite, one.places):
            beside = [place, math.nextafter(place, INF), math.nextafter(place, -INF)]
            near = [abs(float(exact(f, x)[order] - exact(g, x)[order])) for x in beside]
            assert max(near) == pytest.approx(one.value, rel=1e-12)


@pytest.mark.parametrize(
    ("f", "g"), [("relu", "gelu"), ("relu", "silu"), ("relu", "mish"), ("gelu", "gelu_tanh")]
)
def test_what_cancels_at_the_ends_of_a_wide_range_hides_nothing(f: str, g: str) -> None:
    wide, everywhere = (
        Apart(find(f), find(g), window).largest for window in [(-1.7e308, 1e300), EVERYWHERE]
    )
    assert wide.is_proved
    assert (wide.value, wide.places) == (everywhere.value, everywhere.places)


def test_a_large_difference_at_the_end_of_a_range_is_finite() -> None:
    found = Apart(find("sin"), find("identity"), (-1e300, 1e300)).largest
    assert (found.value, found.places) == (1e300, (-1e300, 1e300))
