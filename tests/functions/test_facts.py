"""Facts against closed forms, against mpmath, and against the functions they are about."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp

from actcli.activations.base import Activation, Line
from actcli.activations.registry import Named, catalogue
from actcli.errors import ActcliError
from actcli.find import find
from actcli.formats.json import dumps
from actcli.formula import expression
from actcli.functions.facts import Facts, Interval, facts
from actcli.numeric.arrays import Array
from actcli.numeric.floats import binade_grid, from_ordinal, ordinal, ulp, ulps_apart
from actcli.reports.info import FactsReport
from tests.activations.known import is_endless
from tests.activations.known import kinks as known_kinks
from tests.present import present

inf = math.inf


def variants() -> Iterator[Named]:
    """Every activation at its default parameters and with each parameter at its examples."""
    for cls in catalogue().values():
        yield cls()
        for declared in cls.parameters():
            for example in declared.examples:
                yield cls(**{declared.name: example})


@cache
def known(activation: Activation) -> Facts:
    return facts(activation)


def of(text: str) -> Facts:
    return known(find(text))


# The oracle: the same functions in mpmath.

WIDE: dict[str, Callable[[Any], Any]] = {
    "gelu": lambda x: x * mpmath.ncdf(x),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "gelu_tanh": lambda x: (
        x / 2 * (1 + mpmath.tanh(mpmath.sqrt(2 / mp.pi) * (x + mpmath.mpf(0.044715) * x**3)))
    ),
    "serf": lambda x: x * mpmath.erf(mpmath.log1p(mpmath.exp(x))),
    "telu": lambda x: x * mpmath.tanh(mpmath.exp(x)),
    "dsilu": lambda x: mpmath.diff(lambda t: t / (1 + mpmath.exp(-t)), x),
}


@pytest.mark.parametrize(
    ("text", "name", "near"),
    [
        ("gelu", "gelu", -0.75),
        ("x*norm_cdf(x)", "gelu", -0.75),
        ("silu", "silu", -1.28),
        ("x/(1 + exp(-x))", "silu", -1.28),
        ("mish", "mish", -1.19),
        ("x*tanh(softplus(x))", "mish", -1.19),
        ("gelu_tanh", "gelu_tanh", -0.75),
        ("serf", "serf", -1.19),
        ("telu", "telu", -1.08),
        ("dsilu", "dsilu", 2.4),
    ],
)
def test_extremum_is_where_mpmath_finds_it(text: str, name: str, near: float) -> None:
    f = WIDE[name]
    with mp.workdps(40):
        x = mpmath.findroot(lambda t: mpmath.diff(f, t), near)
        value = f(x)
    found = min(of(text).extrema, key=lambda extremum: abs(extremum.x - near))
    assert ulps_apart(found.x, float(x)) <= 2
    assert ulps_apart(found.value, float(value)) <= 4
    assert found.kind == ("maximum" if near > 0 else "minimum")


@pytest.mark.parametrize(
    ("text", "low", "high", "low_attained", "high_attained"),
    [
        ("sigmoid", 0.0, 1.0, False, False),
        ("1/(1 + exp(-x))", 0.0, 1.0, False, False),
        ("tanh", -1.0, 1.0, False, False),
        ("softsign", -1.0, 1.0, False, False),
        ("atan", -math.pi / 2, math.pi / 2, False, False),
        ("hardtanh", -1.0, 1.0, True, True),
        ("relu", 0.0, inf, True, False),
        ("relu6", 0.0, 6.0, True, True),
        ("softplus", 0.0, inf, False, False),
        ("elu:alpha=0.7", -0.7, inf, False, False),
        ("asinh", -inf, inf, False, False),
        ("symlog", -inf, inf, False, False),
        ("gelu", -0.16997120747990369, inf, True, False),
        ("gaussian", 0.0, 1.0, False, True),
        ("hardswish", -0.375, inf, True, False),
        ("relu_squared", 0.0, inf, True, False),
        ("step", 0.0, 1.0, True, True),
        ("sin", -1.0, 1.0, True, True),
        ("gcu", -inf, inf, False, False),
        ("snake", -inf, inf, False, False),
        ("sinc", -0.21723362821122166, 1.0, True, True),
        ("1/x", -inf, inf, False, False),
        ("log(x)", -inf, inf, False, False),
        ("sqrt(x)", 0.0, inf, True, False),
        ("exp(-x)", 0.0, inf, False, False),
        ("x*exp(-x**2/1e12)", -math.sqrt(5e11 / math.e), math.sqrt(5e11 / math.e), True, True),
        ("where(x > 0, 1, -1)*tanh(x)", 0.0, 1.0, True, False),
        ("3", 3.0, 3.0, True, True),
        ("x%1", 0.0, 1.0, True, False),
        ("-(x%1)", -1.0, 0.0, False, True),
        ("0.5 - x%1", -0.5, 0.5, False, True),
    ],
)
def test_range(text: str, low: float, high: float, low_attained: bool, high_attained: bool) -> None:
    found = of(text).range
    for got, wanted in ((found.low, low), (found.high, high)):
        assert got == wanted or ulps_apart(got, wanted) <= 4
    assert (found.low_attained, found.high_attained) == (low_attained, high_attained)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sigmoid", "strictly increasing"),
        ("snake", "strictly increasing"),
        ("x**3", "strictly increasing"),
        ("x - tanh(x)", "strictly increasing"),
        ("hardshrink", "nondecreasing"),
        ("relu", "nondecreasing"),
        ("step", "nondecreasing"),
        ("exp(-x)", "strictly decreasing"),
        ("min(-x, 0)", "nonincreasing"),
        ("where(x > 0, x, x + 1)", "no"),
        ("1/x", "no"),
        ("gelu", "no"),
        ("7", "constant"),
    ],
)
def test_monotone(text: str, wanted: str) -> None:
    assert of(text).monotone == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("step", "jump"),
        ("hardshrink", "jump"),
        ("1/x", "jump"),
        ("relu", "kink"),
        ("elu:alpha=0.7", "kink"),
        ("sqrt(abs(x))", "kink"),
        ("abs(3*x - 1)", "kink"),
        ("elu", "C1"),
        ("celu:alpha=0.7", "C1"),
        ("softsign", "C1"),
        ("symlog", "C1"),
        ("smelu", "C1"),
        ("sparse_plus", "C1"),
        ("relu_squared", "C1"),
        ("sqnl", "C1"),
        ("isrlu", "C2"),
        ("max(x, 0)**2.5", "C2"),
        ("max(x, 0)**3", "C2"),
        ("max(x, 0)**4", "C3"),
        ("max(x, 0)**5", "C4"),
        ("gelu", "smooth"),
        ("log_cosh", "smooth"),
        ("abs(x) + log1p(exp(-2*abs(x)))", "smooth"),
        ("abs(x)*x*0 + tanh(abs(x))**2", "smooth"),
    ],
)
def test_smoothness(text: str, wanted: str) -> None:
    assert of(text).smoothness == wanted


@pytest.mark.parametrize("text", ["((x)**(pi))**(x)", "where(x > 5e-324, x, 0)", "x**x**x"])
def test_smoothness_of_steps_too_small_to_divide_by(text: str) -> None:
    found = of(text)
    assert found.smoothness in ("jump", "kink", "C1", "smooth") or not found.proved


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tanh", "odd"),
        ("(1 - exp(-x))/(1 + exp(-x))", "odd"),
        ("1/x", "odd"),
        ("gaussian", "even"),
        ("log(cosh(x))", "even"),
        ("0*x", "even"),
        ("gelu", "none"),
        ("log(x)", "none"),
        ("x + where(x > 100, 1e-9*x, 0)", "none"),
    ],
)
def test_symmetry(text: str, wanted: str) -> None:
    assert of(text).symmetry == wanted


@pytest.mark.parametrize(
    ("text", "x", "values", "slopes", "convention"),
    [
        ("relu", 0.0, (0, 0), (0, 1), 0),
        ("max(x, 0)", 0.0, (0, 0), (0, 1), 0),
        ("leaky_relu", 0.0, (0, 0), (0.01, 1), 0.01),
        ("hardswish", -3.0, (0, 0), (0, -0.5), 0),
        ("hardswish", 3.0, (3, 3), (1.5, 1), 1),
        ("relu6", 6.0, (6, 6), (1, 0), 0),
        ("hardtanh", 1.0, (1, 1), (1, 0), 0),
        ("step", 0.0, (0, 1), (0, 0), 0),
        ("hardshrink", 0.5, (0, 0.5), (0, 1), 0),
        ("selu", 0.0, (0, 0), (1.7580993408473766, 1.0507009873554805), 1.7580993408473766),
        ("1/x", 0.0, (-inf, inf), (-inf, -inf), -inf),
        ("abs(3*x - 1)", 1 / 3, (0, 0), (-3, 3), -3),
        ("sqrt(abs(x - 2))", 2.0, (0, 0), (-inf, inf), None),
        ("log(abs(x - 1))", 1.0, (-inf, -inf), (-inf, inf), None),
        ("where(x > 2, x**2, exp(x - 2))", 2.0, (1, 4), (1, 4), 1),
    ],
)
def test_kinks_have_exact_sides(
    text: str, x: float, values: tuple[float, float], slopes: tuple[float, float], convention: Any
) -> None:
    (kink,) = [kink for kink in of(text).kinks if ulps_apart(kink.x, x) <= 1]
    assert (kink.value_left, kink.value_right) == values
    assert (kink.derivative_left, kink.derivative_right) == slopes
    assert convention is None or kink.derivative == convention


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sigmoid", 0.25),
        ("tanh", 1.0),
        ("softplus", 1.0),
        ("hardswish", 1.5),
        ("snake", 2.0),
        ("sin:omega=30", 30.0),
        ("gaussian", math.sqrt(2 / math.e)),
        ("selu", 1.7580993408473766),
        ("asinh", 1.0),
        ("3", 0.0),
        ("step", inf),
        ("gcu", inf),
        ("x**2", inf),
        ("sqrt(x)", inf),
        ("exp(x)", inf),
        ("x*log(1 + x**2)", inf),
    ],
)
def test_lipschitz(text: str, wanted: float) -> None:
    assert of(text).lipschitz == wanted or ulps_apart(of(text).lipschitz, wanted) <= 4


@pytest.mark.parametrize(("name", "near"), [("gelu", 1.41), ("silu", 2.4), ("mish", 1.5)])
def test_lipschitz_is_the_steepest_slope_that_mpmath_finds(name: str, near: float) -> None:
    f = WIDE[name]
    with mp.workdps(40):
        steepest = mpmath.findroot(lambda t: mpmath.diff(f, t, 2), near)
        slope = float(mpmath.diff(f, steepest))
    assert ulps_apart(of(name).lipschitz, slope) <= 8


@pytest.mark.parametrize(
    ("text", "roots", "zero_on"),
    [
        ("gelu", [0.0], []),
        ("softplus", [], []),
        ("relu", [], [(-inf, 0.0)]),
        ("hardswish", [0.0], [(-inf, -3.0)]),
        ("hardshrink", [], [(-0.5, 0.5)]),
        ("triangle", [], [(-inf, -1.0), (1.0, inf)]),
        ("x**3", [0.0], []),
        ("(x - 0.3)**2", [0.3], []),
        ("x**2 - 2", [-math.sqrt(2), math.sqrt(2)], []),
        ("abs(3*x - 1)", [1 / 3], []),
        ("sign(x)", [0.0], []),
        ("1/x", [], []),
        ("tan(x)", [0.0], []),
        ("ricker", [-1.0, 1.0], []),
        ("x**2.5", [0.0], []),
        ("sqrt(x)", [0.0], []),
        ("0*x", [], [(-inf, inf)]),
    ],
)
def test_roots(text: str, roots: list[float], zero_on: list[tuple[float, float]]) -> None:
    found = of(text)
    assert len(found.roots) == len(roots)
    for got, wanted in zip(found.roots, roots, strict=True):
        assert ulps_apart(got, wanted) <= 1
    assert list(found.zero_on) == [Interval(*one) for one in zero_on]


@pytest.mark.parametrize(
    ("text", "points", "fixed_on"),
    [
        ("sigmoid", [0.6590460684074066], []),
        ("cos", [0.7390851332151607], []),
        ("tanh", [0.0], []),
        ("tanhshrink", [0.0], []),
        ("log_cosh", [0.0], []),
        ("gelu", [0.0], []),
        ("softplus", [], []),
        ("relu", [], [(0.0, inf)]),
        ("identity", [], [(-inf, inf)]),
        ("hardshrink", [0.0], [(-inf, -0.5), (0.5, inf)]),
        ("relu6", [], [(0.0, 6.0)]),
        ("x**2", [0.0, 1.0], []),
        ("x**2.5", [0.0, 1.0], []),
        ("x + (x - 2)**2", [2.0], []),
        ("snake", [math.pi * k for k in range(-3, 4)], []),
        ("gompertz", [float(mpmath.lambertw(1).real)], []),
    ],
)
def test_fixed_points(text: str, points: list[float], fixed_on: list[tuple[float, float]]) -> None:
    found = of(text)
    assert len(found.fixed_points) == len(points)
    for got, wanted in zip(found.fixed_points, points, strict=True):
        assert ulps_apart(got, wanted) <= 4
    assert list(found.fixed_on) == [Interval(*one) for one in fixed_on]


def test_flat_in_double_precision_is_not_flat() -> None:
    assert of("sigmoid").monotone == of("softplus").monotone == "strictly increasing"
    assert of("gaussian").zero_on == of("exp(x)").zero_on == []


def test_extrema_are_isolated() -> None:
    assert of("relu").extrema == of("triangle").extrema[1:] == []
    assert of("max(abs(x) - 1, 0)").extrema == []
    assert [(e.x, e.value, e.kind) for e in of("abs(x)").extrema] == [(0.0, 0.0, "minimum")]


def test_ends() -> None:
    assert of("gelu").left == of("x*norm_cdf(x)").left == Line(0.0, 0.0)
    assert of("tanhshrink").right == Line(1.0, -1.0)
    assert of("asinh").right is None


def test_a_function_that_turns_for_ever_says_where_it_was_seen() -> None:
    assert of("sin").window == (-math.pi, math.pi)
    assert of("gcu").window == (-10.0, 10.0)
    assert facts(find("gcu"), (-1.0, 1.0)).roots == [0.0]
    assert of("gelu").window is None
    assert "seen from -10 to 10" in of("gcu").notes[0]


@pytest.mark.parametrize("text", ["sqrt(-1 - x**2)", "log(-exp(x))", "sqrt(sin(x) - 2)"])
def test_a_function_without_values_has_no_facts(text: str) -> None:
    with pytest.raises(ActcliError, match="has no value anywhere"):
        of(text)


def test_a_row_shows_intervals() -> None:
    (row,) = FactsReport(of("relu")).rows()
    assert (row["roots"], row["zero_on"], row["fixed_on"]) == ("", "-inf..0.0", "0.0..inf")
    (row,) = FactsReport(of("hardshrink")).rows()
    assert (row["zero_on"], row["fixed_on"]) == ("-0.5..0.5", "-inf..-0.5 0.5..inf")


def test_the_keys_of_json_and_of_rows_stay() -> None:
    kink = {"x", "value_left", "value_right", "derivative_left", "derivative_right", "derivative"}
    found = as_plain(of("relu"))
    assert list(found)[:15] == [
        *("activation", "formula", "params", "range", "monotone", "symmetry", "smoothness"),
        *("extrema", "kinks", "left", "right", "lipschitz", "roots", "fixed_points", "zero_on"),
    ]
    assert kink <= found["kinks"][0].keys()
    assert b'"range":{"low":0.0,"high":null,"low_attained":true,' in dumps(of("relu"))
    rows = [row for text in ("relu", "x**2", "sin") for row in FactsReport(of(text)).rows()]
    assert all(tuple(row) == FactsReport.header for row in rows)


def test_where_there_is_no_value_there_is_no_derivative() -> None:
    with pytest.raises(ActcliError, match="no value anywhere"):
        facts(find("x % (1 - 1)"))


def test_values_at_single_numbers_only() -> None:
    found = facts(find("sqrt(-(x**2))"))
    assert "at single numbers only" in found.notes[-1]


@pytest.mark.parametrize(
    ("formula", "note"),
    [
        ("x**x", "below 0 but at isolated numbers, as -1"),
        ("(2 - x)**(2 - x)", "above 2 but at isolated numbers, as 3"),
        ("log(x - 1e300)", "below 1e+300"),
        ("sqrt(3.5 - x)", "above 3.5"),
    ],
)
def test_isolated_numbers_with_a_value_are_noted(formula: str, note: str) -> None:
    assert of(formula).notes[-1].endswith(f" is not a number {note}")


# What holds for every function.


@pytest.fixture(scope="module", params=variants(), ids=str)
def activation(request: pytest.FixtureRequest) -> Named:
    named: Named = request.param
    return named


def everywhere(activation: Activation) -> Array:
    """Doubles of every size, those beside the kinks among them; within reach of an endless one."""
    random = np.random.default_rng(7)
    exponents = random.integers(-1074, 1024, 4000)
    kinks = np.array(known_kinks(activation), np.float64)
    points = [
        np.ldexp(random.uniform(1, 2, 4000), exponents) * random.choice([-1, 1], 4000),
        random.uniform(-12, 12, 4000),
        binade_grid(1),
        from_ordinal(ordinal(kinks)[:, None] + np.arange(-3, 4)).ravel(),
    ]
    return np.unique(np.concatenate(points))


def test_values_are_within_the_range(activation: Named) -> None:
    x, reach = everywhere(activation), known(activation).range
    y = activation.value(x)
    assert np.all(y >= reach.low - 4 * ulp(reach.low)), x[np.argmin(y)]
    assert np.all(y <= reach.high + 4 * ulp(reach.high)), x[np.argmax(y)]


def test_slopes_are_within_the_lipschitz_constant(activation: Named) -> None:
    x, bound = everywhere(activation), known(activation).lipschitz
    assert np.all(np.abs(activation.derivative(x)) <= bound + 8 * ulp(bound))


def test_monotone_is_what_the_values_do(activation: Named) -> None:
    x, claim = everywhere(activation), known(activation).monotone
    y = activation.value(x)
    with np.errstate(invalid="ignore"):
        moves = np.diff(y)
        roundoff = 8 * ulp(y)[1:]
    rises, falls = bool(np.any(moves > roundoff)), bool(np.any(moves < -roundoff))
    assert (rises, falls) == {
        "strictly increasing": (True, False),
        "nondecreasing": (True, False),
        "constant": (False, False),
        "nonincreasing": (False, True),
        "strictly decreasing": (False, True),
        "no": (True, True),
    }[present(claim)]


def test_symmetry_is_what_the_values_show(activation: Named) -> None:
    x = everywhere(activation)
    here, there = activation.value(x), activation.value(-x)
    mirrored = {
        "even": bool(np.all(ulps_apart(here, there) <= 16)),
        "odd": bool(np.all(ulps_apart(here, -there) <= 16)),
    }
    claim = known(activation).symmetry
    assert claim == next((name for name, holds in mirrored.items() if holds), "none")


def test_roots_and_fixed_points_are_such(activation: Named) -> None:
    found = known(activation)
    for level, places, intervals in (
        (0.0, found.roots, found.zero_on),
        (1.0, found.fixed_points, found.fixed_on),
    ):
        for x in places:
            around = np.array([x - 4 * ulp(x), x, x + 4 * ulp(x)])
            rise = np.abs(activation.derivative(around) - level).max() * 8 * ulp(x)
            gap = np.abs(activation.value(around) - level * around).min()
            assert gap <= rise + 4 * ulp(level * x), x
        for one in intervals:
            inside = np.linspace(max(one.low, -1e9), min(one.high, 1e9), 101)[1:-1]
            assert np.all(activation.value(inside) == level * inside)


def test_no_sign_change_is_missed(activation: Named) -> None:
    """Where a dense grid shows f or f - x change sign, a root, a kink or an interval is."""
    found = known(activation)
    low, high = found.window or (-20.0, 20.0)
    x = np.linspace(low, high, 20_001) + 1e-5
    kinks = [kink.x for kink in found.kinks]
    for level, places, intervals in (
        (0.0, found.roots, found.zero_on),
        (1.0, found.fixed_points, found.fixed_on),
    ):
        gap = activation.value(x) - level * x
        clear = np.flatnonzero(np.abs(gap) > 8 * ulp(x) * level)
        known_places = np.array([*places, *kinks, *(e for i in intervals for e in (i.low, i.high))])
        for before, after in pairwise(clear[gap[clear] != 0]):
            a, b = x[before], x[after]
            if np.sign(gap[before]) == np.sign(gap[after]):
                continue
            assert np.any((known_places >= a) & (known_places <= b)), (level, a, b)


def test_extrema_stand_out(activation: Named) -> None:
    for extremum in known(activation).extrema:
        beside = extremum.x + 1e-3 * max(abs(extremum.x), 1e-4) * np.array([-1, 1])
        rise = activation.value(beside) - extremum.value
        assert np.all(rise > 0 if extremum.kind == "minimum" else rise < 0)


def test_kinks_are_the_known_ones(activation: Named) -> None:
    found = known(activation)
    if not is_endless(activation):
        assert tuple(kink.x for kink in found.kinks) == known_kinks(activation)


def as_plain(value: Any) -> Any:
    """Dataclasses and named tuples as dictionaries, all the way down; what is private left out."""
    if is_dataclass(value):
        names = [field.name for field in fields(value) if not field.name.startswith("_")]
        return {name: as_plain(getattr(value, name)) for name in names}
    if hasattr(value, "_asdict"):
        return {key: as_plain(one) for key, one in value._asdict().items()}
    return [as_plain(one) for one in value] if isinstance(value, list | tuple) else value


def typed(activation: Named) -> Activation:
    """The formula of a catalogue entry, its parameters written out."""
    text = activation.formula
    for name, value in activation.params.items():
        text = re.sub(rf"\b{name}\b", f"({value!r})", text)
    return expression(text)


def test_a_formula_has_the_facts_of_its_catalogue_entry(activation: Named) -> None:
    ours, theirs = (as_plain(known(one)) for one in (activation, typed(activation)))
    about = {"activation", "formula", "params", "family", "summary", "reference", "notes"}
    about |= {"frameworks", "entry"}
    for one, other in zip(ours["kinks"], theirs["kinks"], strict=True):
        if one["x"] != other["x"]:  # a kink between two doubles
            one |= {key: other[key] for key in ("value", "derivative")}
    for each in (ours, theirs):
        each["saturation"] = {k: v for k, v in each["saturation"].items() if k not in about}
    for key in ours.keys() - about:
        assert_alike(ours[key], theirs[key], key)


def assert_alike(ours: Any, theirs: Any, key: str) -> None:
    """Equal but for the roundoff that a formula cannot avoid."""
    if isinstance(ours, dict):
        for name in ours:
            assert_alike(ours[name], theirs[name], f"{key}.{name}")
    elif isinstance(ours, list | tuple):
        assert len(ours) == len(theirs), f"{key}: {ours} and {theirs}"
        for one, other in zip(ours, theirs, strict=True):
            assert_alike(one, other, key)
    elif isinstance(ours, float) and isinstance(theirs, float):
        edge = key.startswith("saturation.")  # as far off as a roundoff of the slope carries it
        rel_tol, abs_tol = (1e-8, 1e-12) if edge else (1e-13, 1e-15)
        assert math.isclose(ours, theirs, rel_tol=rel_tol, abs_tol=abs_tol), (
            f"{key}: {ours}, {theirs}"
        )
    else:
        assert ours == theirs, key


@pytest.mark.parametrize("steps", [3, 32, 256, 1000, 2.0**20])
def test_a_fine_staircase_is_seen_by_its_steps(steps: float) -> None:
    found = facts(find(f"floor(x*{steps!r})/{steps!r}"))
    assert found.proved
    assert found.monotone == "nondecreasing"
    assert found.window is not None
    low, high = (n * steps for n in found.window)
    expected = [n / steps for n in range(math.ceil(low), math.floor(high) + 1)]
    assert [kink.x for kink in found.kinks] == expected
    assert [kink.value for kink in found.kinks] == expected
    assert len(expected) > 10


def test_a_window_is_where_one_that_turns_for_ever_is_looked_at() -> None:
    found = facts(find("floor(x*256)/256"), (3.0, 3.01))
    assert found.window == (3.0, 3.01)
    assert [kink.x for kink in found.kinks] == [3.0, 3 + 1 / 256, 3 + 2 / 256]
    assert not facts(find("relu"), (-1.0, 1.0)).window
    assert "does not turn for ever" in facts(find("relu"), (-1.0, 1.0)).notes[0]


@pytest.mark.parametrize(("ulps", "is_listed"), [(0, True), (4, True), (5, False)])
def test_a_place_at_the_end_of_a_window_is_in_it(ulps: int, is_listed: bool) -> None:
    """Of a function that turns for ever; four units in the last place are roundoff."""
    top = math.pi / 2
    for low, high in ((0.1, top - ulps * math.ulp(top)), (-top + ulps * math.ulp(top), -0.1)):
        assert bool(facts(find("sin"), window=(low, high)).extrema) == is_listed


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh"])
def test_of_what_has_a_value_everywhere_there_is_nothing_to_note(name: str) -> None:
    assert not of(name).notes
