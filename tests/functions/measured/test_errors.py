"""How far measured points are from a function, against multiprecision arithmetic and numpy."""

from __future__ import annotations

import math

import ml_dtypes
import numpy as np
import pytest
from mpmath import mpf

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.find import find
from actcli.functions.measured.errors import Extreme, measurement
from actcli.functions.measured.points import Points
from actcli.numeric.narrow import FORMATS
from tests.oracle import exact

TYPES = {
    "float64": np.float64,
    "float32": np.float32,
    "float16": np.float16,
    "bfloat16": ml_dtypes.bfloat16,
}
X = np.linspace(-4, 4, 101)


@pytest.mark.parametrize("dtype", TYPES)
def test_a_number_is_rounded_as_the_format_rounds_it(dtype: str) -> None:
    random = np.random.default_rng(3)
    scales = np.ldexp(1.0, random.integers(-1074, 1023, 2000))
    x = np.concatenate([random.normal(size=2000) * scales, [0.0, math.inf, -math.inf, 65520.0]])
    with np.errstate(over="ignore"):
        wanted = x.astype(TYPES[dtype]).astype(np.float64)
    np.testing.assert_array_equal(FORMATS[dtype].rounded(x), wanted)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_unit_is_that_of_the_format(dtype: str) -> None:
    x = np.array([1.0, 1.5, 0.1, 3e-5, 1e-7, 60000.0], TYPES[dtype])
    np.testing.assert_array_equal(FORMATS[dtype].unit(x.astype(float)), np.spacing(x).astype(float))


def worst(activation: Activation, points: Points, unit: float) -> tuple[mpf, float]:
    """The largest error in units, and where, point by point in multiprecision."""
    errors = [
        (abs(mpf(y) - exact(activation, x)[0]) / mpf(unit), x)
        for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True)
    ]
    return max(errors)


@pytest.mark.parametrize("name", ["tanh", "gelu", "elu:alpha=0.7", "x*tanh(x)"])
def test_the_errors_are_those_from_the_exact_values(name: str) -> None:
    activation = find(name)
    y = np.asarray(activation.value(X)).astype(np.float32).astype(np.float64)
    found = measurement(activation, Points("k", "float32", X, y)).value
    size, _ = worst(activation, Points("k", "float32", X, y), 1.0)
    assert found.absolute.size == pytest.approx(float(size), rel=1e-12)
    here = exact(activation, found.absolute.at)[0]
    assert abs(mpf(found.absolute.got) - here) == size
    assert found.ulp.size <= 0.5000001


def test_half_a_unit_of_a_double_is_seen() -> None:
    y = np.tanh(X)
    found = measurement(find("tanh"), Points("k", "float64", X, y)).value.ulp
    units = [
        float(abs(mpf(a) - exact(find("tanh"), x)[0]) / mpf(math.ulp(a)))
        for x, a in zip(X.tolist(), y.tolist(), strict=True)
        if a
    ]
    assert found.size == pytest.approx(max(units), rel=1e-9)


def test_derivatives_are_measured_too() -> None:
    dy = np.where(X > 0, 1.0, 0.01)
    dy[7] += 1e-3
    found = measurement(find("leaky_relu"), Points("k", "float64", X, np.maximum(X, 0.01 * X), dy))
    assert found.value.absolute.size == pytest.approx(0, abs=1e-17)
    assert found.derivative is not None
    assert found.derivative.absolute.size == pytest.approx(1e-3)
    assert found.derivative.absolute.at == X[7]
    assert not found.is_within(1e-4)
    assert found.is_within(2e-3)


def test_what_is_no_number() -> None:
    x = np.array([-1.0, 1.0, 2.0, 70000.0])
    logs = np.array([math.nan, 0.0, math.log(2), math.log(60000)])
    good = Points("k", "float16", np.minimum(x, 60000), logs)
    assert measurement(find("log(x)"), good.rounded("float16")).value.ulp.size <= 0.5
    over = Points("k", "float16", x, np.array([0.0, 1.0, 2.0, math.inf]))
    assert measurement(find("relu"), over).value.absolute == Extreme(0.0, -1.0, 0.0, 0.0)
    lost = over._replace(y=np.array([0.0, math.nan, 2.0, math.inf]))
    assert measurement(find("relu"), lost).value.absolute.size == math.inf
    assert measurement(find("relu"), over._replace(dtype="float32")).value.rms == math.inf


def test_a_zero_that_should_be_one_is_exact() -> None:
    x = np.array([-1.0, 0.0, 2.0])
    found = measurement(find("relu"), Points("k", "float32", x, np.array([0.0, 0.0, 2.0]))).value
    assert (found.absolute.size, found.relative.size, found.ulp.size, found.rms) == (0, 0, 0, 0)
    found = measurement(find("relu"), Points("k", "float32", x, np.array([1e-9, 0.0, 2.0]))).value
    assert found.relative.size == math.inf
    assert found.rms == pytest.approx(1e-9 / math.sqrt(3))


def test_no_points_is_an_error() -> None:
    nothing = Points("k", "float64", X, X).within(100, 200)
    with pytest.raises(ActcliError, match="no point"):
        measurement(find("relu"), nothing)
