"""Means over normal inputs, against closed forms and quadrature in mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from flint import arb, ctx
from mpmath import mp, mpf

from actcli.find import find
from actcli.structure.integrals.means import means

INFINITY = arb.pos_inf()
A = 0.24
"""The double: a closed form has to take it as it is."""


def encloses(ball: Any, true: Any, precision: float = 1e-14) -> bool:
    """Whether a ball holds a number, which is known to 30 digits, and is narrow beside it."""
    with mp.workdps(40):
        middle, radius = (mpf(x.str(40, radius=False)) for x in (ball.mid(), ball.rad()))
        near = abs(middle - true) <= radius + abs(true) * mpf(10) ** -25
        return bool(near and radius <= precision * (abs(true) or 1))


def power(p: float) -> Any:
    """E |x|**p."""
    return mpf(2) ** (mpf(p) / 2) * mp.gamma((mpf(p) + 1) / 2) / mp.sqrt(mp.pi)


def tail(x: Any) -> Any:
    """The probability beyond x."""
    return mp.erfc(x / mp.sqrt(2)) / 2


CLOSED: dict[tuple[str, float], Callable[[], dict[str, Any]]] = {
    ("relu", 1.0): lambda: {
        "mean": 1 / mp.sqrt(2 * mp.pi),
        "second": mpf(0.5),
        "variance": mpf(0.5) - 1 / (2 * mp.pi),
        "slope": mpf(0.5),
        "second_slope": mpf(0.5),
        "growth": mpf(0.5),
    },
    ("exp(x)", 2.0): lambda: {
        "mean": mp.e,
        "second": mp.exp(4),
        "variance": mp.exp(4) - mp.exp(2),
        "growth": 2 * 2 * mp.exp(4),
    },
    ("sin(x)", 3.0): lambda: {
        "mean": mpf(0),
        "second": (1 - mp.exp(-6)) / 2,
        "slope": mp.exp(-mpf(1.5)),
        "second_slope": (1 + mp.exp(-6)) / 2,
    },
    ("exp(0.24*x**2)", 1.0): lambda: {
        "second": (1 - 4 * mpf(A)) ** -0.5,
        "second_slope": 4 * mpf(A) ** 2 * (1 - 4 * mpf(A)) ** -1.5,
    },
    ("abs(x)**0.51", 1.0): lambda: {
        "mean": power(0.51),
        "second": power(2 * mpf(0.51)),
        "slope": mpf(0),
        "second_slope": mpf(0.51) ** 2 * power(2 * mpf(0.51) - 2),
    },
    ("abs(x)**(-0.45)", 1.0): lambda: {"second": power(-2 * mpf(0.45)), "slope": None},
    ("log(x**2)", 1.0): lambda: {
        "mean": -mp.euler - mp.log(2),
        "second": (mp.euler + mp.log(2)) ** 2 + mp.pi**2 / 2,
        "variance": mp.pi**2 / 2,
        "slope": None,
    },
    ("step", 4.0): lambda: {
        "mean": mpf(0.5),
        "variance": mpf(0.25),
        "slope": 1 / mp.sqrt(8 * mp.pi),
        "second_slope": None,
    },
    ("where(x > 30, 1, 0)", 1.0): lambda: {"mean": tail(30), "slope": mp.npdf(30)},
    ("where(3*x > 1, 2, -1)", 1.0): lambda: {
        "mean": 3 * tail(mpf(1) / 3) - 1,
        "slope": 3 * mp.npdf(mpf(1) / 3),
        "second_slope": None,
    },
    ("max(3*x - 1, 0)", 1.0): lambda: {
        "mean": 3 * mp.npdf(mpf(1) / 3) - tail(mpf(1) / 3),
        "slope": 3 * tail(mpf(1) / 3),
        "second_slope": 9 * tail(mpf(1) / 3),
    },
    ("x+1-x", 30.0): lambda: {"mean": mpf(1), "second": mpf(1), "slope": mpf(0)},
    ("floor(x)", 1.0): lambda: {
        "mean": -mpf(0.5),
        "slope": mp.fsum(mp.npdf(n) for n in range(-40, 41)),
        "second_slope": None,
    },
    ("floor(x*256)/256", 1.0): lambda: {
        "mean": -mpf(1) / 512,
        "second": 1 + mpf(1) / (3 * 256**2),
        "slope": mpf(1),
        "second_slope": None,
    },
    ("x % 0.1", 1.0): lambda: {"mean": mpf(0.1) / 2, "second": mpf(0.1) ** 2 / 3},
    ("snake:alpha=1e6", 1.0): lambda: {
        "mean": mpf(10) ** -6 / 2,
        "second": 1 + mpf(10) ** -12 * 3 / 8,
        "second_slope": mpf(1.5),
    },
    ("gelu", 1e300): lambda: {
        "mean": mp.sqrt(mpf(1e300) / (2 * mp.pi)),
        "second": mpf(1e300) / 2,
        "slope": mpf(0.5),
        "second_slope": mpf(0.5),
    },
    ("gelu", 1e-300): lambda: {
        "mean": mpf(1e-300) / mp.sqrt(2 * mp.pi),
        "second": mpf(1e-300) / 4,
        "second_slope": mpf(0.25),
    },
    ("sigmoid", 1e-300): lambda: {
        "mean": mpf(0.5),
        "variance": mpf(1e-300) / 16,
        "growth": mpf(1e-300) / 16,
    },
    ("silu:beta=1e6", 1.0): lambda: {
        "mean": mpf("0.398942280400776444192209892647"),
        "second_slope": mpf("0.500000085763822444155913610939"),
    },
    ("0*x + 3", 1.0): lambda: {"mean": mpf(3), "variance": mpf(0), "slope": mpf(0)},
}
"""None is infinite."""


@pytest.mark.parametrize(("name", "q"), CLOSED)
def test_closed_forms(name: str, q: float) -> None:
    with mp.workdps(40):
        known = CLOSED[name, q]()
    found = means(find(name), q)
    assert not found.open
    for key, true in known.items():
        ball = getattr(found, key)
        assert ball == INFINITY if true is None else encloses(ball, true), key


QUADRATURE: dict[str, Callable[[Any], Any]] = {
    "tanh": mp.tanh,
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "x/(1 + x**2)": lambda x: x / (1 + x * x),
    "max(0.05 + 0.5*x, x*exp(-x))": lambda x: max(mpf(0.05) + x / 2, x * mp.exp(-x)),
}


@pytest.mark.parametrize("q", [0.01, 30.0])
@pytest.mark.parametrize("name", QUADRATURE)
def test_quadrature(name: str, q: float) -> None:
    f, found = QUADRATURE[name], means(find(name), q)
    assert not found.open
    with mp.workdps(30):
        unit = mp.sqrt(mpf(q))
        ends = [z * unit for z in range(-12, 13, 2)]
        if name.startswith("max"):
            gap = lambda x: mpf(0.05) + x / 2 - x * mp.exp(-x)  # noqa: E731
            crossings = [mp.findroot(gap, near) for near in (0.1, 0.5)]
            ends = sorted([*ends, *crossings, *(mpf(n) for n in range(-12, 13) if n)])
        for key, n in (("mean", 1), ("second", 2)):
            true = mp.quad(lambda x, n=n: f(x) ** n * mp.npdf(x, 0, unit), ends, maxdegree=8)
            assert encloses(getattr(found, key), 0 if abs(true) < 1e-25 else true), key


@pytest.mark.parametrize(
    "name",
    [
        *("exp(0.26*x**2)", "exp(0.25*x**2)", "exp(abs(x)**2.5)", "1/x", "abs(x)**(-0.5)"),
        *("tan(x)", "1/(3*x - 1)", "(x**2 - 2)**-2", "x + 1/sin(x)", "abs(x - 1)**-0.7"),
    ],
)
def test_what_has_no_mean_square(name: str) -> None:
    assert means(find(name), 1.0).second == INFINITY


@pytest.mark.parametrize("name", ["sqrt(abs(x))", "log(abs(x))", "where(x > 1000, 1, 0)"])
def test_a_slope_without_a_mean_square(name: str) -> None:
    found = means(find(name), 1.0)
    assert found.second_slope == INFINITY
    assert found.second.is_finite()


@pytest.mark.parametrize(
    ("name", "jumps"),
    [
        ("relu", ()),
        ("hardshrink", (-0.5, 0.5)),
        ("where(x > 1, x + 1e-10, x)", (1.0,)),
        ("where(x > 0, x, x + 1e-300)", (0.0,)),
        ("sign(x)*abs(x)", ()),
        ("tanh(x)/x", ()),
    ],
)
def test_jumps(name: str, jumps: tuple[float, ...]) -> None:
    assert means(find(name), 1.0).jumps == jumps


@pytest.mark.parametrize(
    ("name", "second"),
    [
        # (1 - E cos(2/x))/2, by quadrature in 1/x between the zeros of cos(2/x)
        ("sin(1/x)", 0.57820),
        ("x*sin(1/x)", 0.4272562108914309),
    ],
)
def test_little_time_leaves_a_wide_enclosure(name: str, second: float) -> None:
    found = means(find(name), 1.0, seconds=0.1)
    assert found.open
    assert found.second.overlaps(arb(second, 1e-5))


@pytest.mark.parametrize(
    "name", ["sqrt(x)", "log(x)", "sqrt(x**2 - 1)", "where(x <= 0, x, log(-x))"]
)
def test_a_function_that_is_not_defined_on_an_interval(name: str) -> None:
    """A place in it is named."""
    place = means(find(name), 1.0).undefined
    assert place is not None
    assert math.isnan(find(name).value(place))


def test_fine_steps_and_coarse_ones_are_one_function() -> None:
    """One is averaged over a cell, the other step by step."""
    fine, coarse = (means(find("floor(x)"), q) for q in (1.7**2, 1.6**2))
    for found, q in ((fine, 1.7**2), (coarse, 1.6**2)):
        waves = mp.exp(-2 * mp.pi**2 * q)
        assert abs(found.slope - 1) < 3 * float(waves) + 1e-16


@pytest.mark.parametrize(("height", "slope"), [(1e-3, 0.0), (1.0, 0.0), (1e3, 0.0), (1.0, 2 / 0.6)])
def test_a_wave_finer_than_the_inputs_has_a_mean_that_its_cell_has_not(
    height: float, slope: float
) -> None:
    """E cos(w x + p) = exp(-w**2/2) cos(p): next to nothing, and in the enclosure."""
    wave = means(find(f"{slope!r}*x + {height!r}*cos(2*pi*(x/0.6 - 0.05))"), 1.0).mean
    with ctx.workprec(300):
        true = arb(height) * (-2 * (arb.pi() / arb(0.6)) ** 2).exp() * (arb.pi() / 10).cos()
        size = 1 + height + 2 * 0.6 * slope
        assert wave.contains(true)
        assert wave.rad() <= 30 * (1 + slope) * size**2 * true / height
