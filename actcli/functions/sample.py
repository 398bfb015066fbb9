"""Values and derivatives at given points, in blocks: any number of points in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from actcli.activations.base import Activation
from actcli.functions.derivatives.formula import SecondDerivative, derivative_formula
from actcli.numeric.arrays import Array
from actcli.results import Column

ROWS = 1 << 13
"""Rows made and written at once."""


@dataclass(frozen=True)
class Sample:
    """x, f(x) and f'(x); the columns are made when they are read."""

    activation: str
    formula: str
    params: Mapping[str, float]
    x: Column
    """The points."""
    value: Column
    """f(x), of the same length; null where it is not finite."""
    derivative: Column
    """f'(x), of the same length."""
    second_derivative: Column | None
    """f''(x), if it was asked for; not a number where f' has a kink or a jump."""
    derivative_formula: str | None
    """f' as a formula in x; None where it is too long."""
    second_derivative_formula: str | None
    """f'' as a formula in x, if it was asked for."""
    _value_and_derivative: Callable[[Array], tuple[Array, Array]]
    _second: Callable[[Array], Array] | None

    def blocks(self) -> Iterator[tuple[Array, ...]]:
        """x, f(x), f'(x) and maybe f''(x) in blocks, value and derivative made together."""
        for x in self.x:
            second = () if self._second is None else (self._second(x),)
            yield x, *map(_plain_zeros, (*self._value_and_derivative(x), *second))


def _of(function: Callable[[Array], Array], x: Array) -> Array:
    return _plain_zeros(function(x))


def _plain_zeros(numbers: Array) -> Array:
    """The same with 0 for -0, the sign of which says nothing of the function."""
    return np.add(numbers, 0.0, out=numbers)


def sample(activation: Activation, x: Column, order: int = 1) -> Sample:
    """The function and its derivatives, up to the first or the second, at the points of a column.

    Raises:
        ActcliError: the second derivative is asked for of too long a formula.
    """
    second = SecondDerivative.of(activation) if order > 1 else None
    return Sample(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        x=x,
        value=x.through(partial(_of, activation.value)),
        derivative=x.through(partial(_of, activation.derivative)),
        second_derivative=x.through(partial(_of, second)) if second else None,
        derivative_formula=derivative_formula(activation),
        second_derivative_formula=derivative_formula(activation, 2) if second else None,
        _value_and_derivative=activation.value_and_derivative,
        _second=second,
    )


def evenly_spaced(low: float, high: float, count: int) -> Column:
    """`count` points from low to high, both ends exact, the others rounded from the exact place."""
    return Column(partial(_spaced, low, high, count))


def _spaced(low: float, high: float, count: int) -> Iterator[Array]:
    for start in range(0, count, ROWS):
        index = np.arange(start, min(start + ROWS, count), dtype=np.float64)
        x = _between(low, high, index, max(count - 1, 1))
        if start + ROWS >= count > 1:
            x[-1] = high
        yield x


def _between(low: float, high: float, index: Array, last: int) -> Array:
    if _is_short(low, last) and _is_short(high, last):
        return (low * (last - index) + high * index) / last
    span = high - low
    if np.isfinite(span * last):
        return low + span * index / last
    share = index / last
    return low * (1 - share) + high * share


def _is_short(end: float, last: int) -> bool:
    """Whether the products of an end with the counts up to `last` are exact."""
    bits = end.as_integer_ratio()[0].bit_length() + last.bit_length()
    return bits <= 53 and abs(end) < 2.0**900


def given(points: Array) -> Column:
    """The points of an array, in blocks."""
    return Column(partial(_blocks, points.reshape(-1)))


def _blocks(flat: Array) -> Iterator[Array]:
    for start in range(0, flat.size, ROWS):
        yield np.ascontiguousarray(flat[start : start + ROWS], np.float64)
