"""Where the exact result is a short number, the computed one is that number."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from mpmath import mpf

from actcli.activations.registry import Named
from actcli.numeric.arrays import Array
from tests.activations.known import kinks
from tests.activations.test_accuracy import variants
from tests.oracle import exact

POINTS = [n / 2 for n in range(-12, 13)]


def is_short(number: mpf) -> bool:
    """Whether it is 0.25 or -3 rather than 0.1: a fraction with a small power of two below."""
    rounded = float(number)
    return mpf(rounded) == number and Fraction(rounded).denominator <= 64


def blurred(got: Array, wanted: list[mpf], points: list[float]) -> Iterator[str]:
    for x, y, target in zip(points, got, wanted, strict=True):
        if is_short(target) and y != target:
            yield f"{float(y)!r} for {float(target)!r} at {x!r}"


@pytest.mark.parametrize("activation", [*variants()], ids=str)
def test_short_results_are_exact(activation: Named) -> None:
    points = [x for x in POINTS if x not in kinks(activation)]
    pairs = [exact(activation, x) for x in points]
    values, slopes = [value for value, _ in pairs], [slope for _, slope in pairs]
    assert not [*blurred(activation.value(points), values, points)]
    assert not [*blurred(activation.derivative(points), slopes, points)]
    for got, wanted in zip(activation.value_and_derivative(points), (values, slopes), strict=True):
        assert not [*blurred(got, wanted, points)]
