"""Parameters that frameworks accept: accepted here, and what they make of a function."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.find import find
from tests.activations.known import is_endless, kinks
from tests.activations.test_accuracy import DERIVATIVE_ULPS, VALUE_ULPS
from tests.oracle import exact, ulps

X = np.array([-700.0, -3.5, -1.25, -0.5, -1e-9, 0.0, 3e-300, 0.3, 1.1, 2.75, 40.0, 1e6])


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("elu:alpha=0", "relu"),
        ("hardshrink:lambd=0", "identity"),
        ("hardshrink:lambd=-1", "identity"),
        ("softshrink:lambd=0", "identity"),
        ("silu:beta=0", "x/2"),
        ("tf.nn.silu:beta=0", "x/2"),
        ("silu:beta=-1", "x*sigmoid(-x)"),
        ("quick_gelu:alpha=0", "x/2"),
        ("squareplus:b=0", "(x + abs(x))/2"),
        ("hardsigmoid:slope=0", "0*x + 0.5"),
        ("onnx.HardSigmoid:alpha=0,beta=3", "0*x + 1"),
        ("hardsigmoid:slope=-0.5", "min(max(0.5 - x/2, 0), 1)"),
        ("celu:alpha=-2", "where(x > 0, x, -2*expm1(-x/2))"),
        ("softplus:beta=-1", "-softplus(-x)"),
    ],
)
def test_what_a_special_value_makes_of_a_function(text: str, same: str) -> None:
    one, other = find(text), find(same)
    for ours, theirs in zip(
        one.value_and_derivative(X), other.value_and_derivative(X), strict=True
    ):
        np.testing.assert_array_max_ulp(ours, theirs, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("celu:alpha=0", "celu: alpha must not be 0: the formula divides by it"),
        ("softplus:beta=0", "softplus: beta must not be 0: the formula divides by it"),
        ("celu:alpha=1e-200", "at most 1e+100, and at least 1e-100 in size, not 1e-200"),
        ("softshrink:lambd=-1", "softshrink: lambd must be at least 0, not -1"),
        (
            "squareplus:b=1e-200",
            "b must be at least 0 and at most 1e+100, and 0 or at least 1e-100",
        ),
    ],
)
def test_what_is_refused_and_why(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(text)
    assert message in str(caught.value)


EXTREMES = (-1e300, -1e100, -1e-100, -1e-300, 1e-300, 1e-100, 1e100, 1e300)


def extreme() -> Iterator[Named]:
    for cls in catalogue().values():
        for declared in cls.parameters():
            for value in EXTREMES:
                try:
                    yield cls(**{declared.name: value})
                except UsageError:
                    continue


@pytest.mark.parametrize("activation", [*extreme()], ids=lambda one: one.entry)
def test_the_promise_holds_at_extreme_parameters(activation: Named) -> None:
    if is_endless(type(activation)()):
        pytest.skip("accurate as a neighbouring double is")
    value = next(v for v in activation.params.values() if abs(v) in {abs(e) for e in EXTREMES})
    x = [p for p in [*X, *(X / value), *(X * value)] if np.isfinite(p) and p]
    x = [p for p in x if p not in kinks(type(activation)())]
    for p, y, slope in zip(x, *activation.value_and_derivative(x), strict=True):
        wanted = exact(activation, p)
        assert ulps(y, wanted[0]) <= VALUE_ULPS, (p, y)
        assert ulps(slope, wanted[1]) <= DERIVATIVE_ULPS, (p, slope)
