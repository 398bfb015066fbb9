"""Means over normal numbers, against closed forms and two other quadratures."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from actcli.activations.base import Activation
from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.meanfield.moments import cuts, enclosed, number, quick
from actcli.numeric.arrays import Array
from actcli.numeric.integrals.gaussian import expectation, mean_products
from tests.activations.known import is_endless
from tests.oracle import exact_derivative, exact_value

SPREADS = (1e-6, 1e-3, 0.1, 1.0, 7.0, 100.0, 1e4)
VARIANTS = [
    text
    for name, cls in catalogue().items()
    for text in (name, *(f"{name}:{p.name}={p.examples[0]}" for p in cls.parameters()))
]


def test_an_odd_function_has_mean_0() -> None:
    assert expectation(lambda x: np.tanh(x)[np.newaxis], 3.0)[0] == 0


@pytest.mark.parametrize("q", SPREADS)
def test_closed_forms(q: float) -> None:
    for name, second, second_slope in (
        ("relu", q / 2, 0.5),
        ("leaky_relu:negative_slope=0.2", q * 1.04 / 2, 1.04 / 2),
        ("erf", 2 / math.pi * math.asin(2 * q / (1 + 2 * q)), 4 / math.pi / math.sqrt(1 + 4 * q)),
        ("sin", -math.expm1(-2 * q) / 2, (1 + math.exp(-2 * q)) / 2),
        ("cube", 15 * q**3, 27 * q**2),
    ):
        for found in (enclosed(find(name), q), quick(find(name), q)):
            assert float(found.second) == pytest.approx(second, rel=1e-13)
            assert float(found.second_slope) == pytest.approx(second_slope, rel=1e-13)


@pytest.mark.parametrize("q", SPREADS)
def test_gelu_in_closed_form(q: float) -> None:
    """By parts: E x^2 Phi^2 = q E Phi^2 + q^2 E (2 phi^2 - 2 x phi Phi)."""
    with mp.workdps(40):
        v = mp.mpf(q)
        gate = mp.mpf(1) / 4 + mp.asin(v / (1 + v)) / (2 * mp.pi)
        mean = v / mp.sqrt(2 * mp.pi * (1 + v))
        second = v * gate + v * v / (mp.pi * mp.sqrt(1 + 2 * v) * (1 + v))
    found = enclosed(find("gelu"), q)
    assert float(found.mean) == pytest.approx(float(mean), rel=1e-15)
    assert float(found.second) == pytest.approx(float(second), rel=1e-15)


@pytest.mark.parametrize("q", [1e-6, 1.0, 50.0, 150.0])
def test_a_product_that_overflows_where_it_does_not_count(q: float) -> None:
    found = mean_products(lambda x: (np.exp(x)[np.newaxis],) * 2, q)[0]
    assert found == pytest.approx(math.exp(2 * q), rel=1e-13)


@pytest.mark.parametrize("g", [np.exp, lambda x: np.exp(x * x), lambda x: 1 / x**2])
def test_what_is_infinite_is_not_a_number(g: Callable[[Array], Array]) -> None:
    assert not np.isfinite(expectation(lambda x: g(x)[np.newaxis], 1e4)[0])


@pytest.mark.parametrize("name", VARIANTS)
def test_the_catalogue_against_tanh_sinh(name: str) -> None:
    """The same kernels under another rule: what differs is the quadrature."""
    activation = find(name)
    for q in (1e-6, 0.1, 1.0, 100.0, 1e4):
        if name == "exponential" and q > 10:
            continue  # its squares overflow, see above
        x, weights = _tanh_sinh(_segments(activation, q), math.sqrt(q))
        f, df = activation.value_and_derivative(x)
        proved, fast = enclosed(activation, q), quick(activation, q)
        assert not proved.open
        slopes: list[Any] = [fast.second_slope]
        growth: list[Any] = [fast.growth]
        rows: list[tuple[Array, list[Any]]] = [
            (f, [proved.mean]),
            (f**2, [proved.second, fast.second]),
            (x / q * f, [proved.slope]),  # by Stein's lemma
            (df**2, slopes),
            (x * f * df, growth),
        ]
        if proved.jumps:
            assert number(proved.second_slope) == math.inf
        else:
            slopes.append(proved.second_slope)
            growth.append(proved.growth)
        for y, means in rows:
            parts = y * weights
            integral, size = math.fsum(parts.tolist()), float(np.abs(parts).sum())
            for mean in means:
                assert abs(float(mean) - integral) <= 1e-13 * size + 1e-40, (q, mean, integral)


def _segments(activation: Activation, q: float) -> np.ndarray:
    """Ends, in x, between which the integrand is analytic and has no more than a feature or two."""
    far = (20 if str(activation) == "exponential" else 14) * math.sqrt(q)
    broken = [place for place in cuts(activation, q) if abs(place) < far]
    ladder = np.concatenate([np.arange(0.0, 40.0, 1.0), 40 * 1.3 ** np.arange(30)])
    if is_endless(activation):
        ladder = np.arange(0.0, max(far, 1), 2 / max(1, *activation.params.values(), 0))
    ladder = np.concatenate([ladder, np.linspace(0, far, 15)])
    ladder = ladder[ladder < far]
    named = [p + d for p in activation.params.values() for d in (-0.2, -0.05, 0, 0.05, 0.2)]
    named = [place for place in named if abs(place) < far]
    return np.unique(np.concatenate([-ladder, ladder, broken, named, [-far, far]]))


@cache
def _rule() -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(-3.2, 3.2, 81)
    s = math.pi / 2 * np.sinh(t)
    return np.tanh(s), (t[1] - t[0]) * math.pi / 2 * np.cosh(t) / np.cosh(s) ** 2


def _tanh_sinh(ends: np.ndarray, scale: float) -> tuple[Array, Array]:
    """Where an integrand over a normal number of this deviation is looked at, and its weights."""
    nodes, weights = _rule()
    half = np.diff(ends)[:, None] / 2
    x = (ends[:-1, None] + half) + half * nodes
    z = x / scale
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) / scale
    return x.reshape(-1), (density * weights * half).reshape(-1)


@pytest.mark.parametrize("name", ["mish", "selu", "softplus", "smelu", "silu", "hardswish"])
@pytest.mark.parametrize("q", [1e-6, 1.0, 1e4])
def test_against_mpmath(name: str, q: float) -> None:
    """Formula and quadrature both in multiprecision."""
    activation = find(name)
    scale = math.sqrt(q)
    places = sorted({0.0, *(k for k in cuts(activation, q) if abs(k) < 13 * scale)})
    steps = [float(s) for s in (*range(1, 14, 2), *(v / scale for v in (3, 10, 40)))]
    ends = sorted(
        {p / scale for p in places} | {s for s in steps if s < 13} | {-s for s in steps if s < 13}
    )

    def mean(g: Callable[[float], mpf]) -> float:
        def weighted(z: mpf) -> mpf:
            return g(float(z) * scale) * mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)

        with mp.workdps(20):
            return float(mp.quad(weighted, ends, method="gauss-legendre", maxdegree=4))

    second = mean(lambda x: exact_value(activation, x) ** 2)
    second_slope = mean(lambda x: exact_derivative(activation, x) ** 2)
    for found in (enclosed(activation, q), quick(activation, q)):
        assert float(found.second) == pytest.approx(second, rel=1e-13)
        assert float(found.second_slope) == pytest.approx(second_slope, rel=1e-13)
