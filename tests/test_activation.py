"""The way from an array of any size to the kernels and back."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.activations.base import BLOCK, Activation
from actcli.numeric.arrays import Array


class Doubled(Activation):
    """The least that a subclass has to write."""

    formula = "2*x"

    def f(self, x: Array) -> Array:
        return 2 * x

    def df(self, x: Array) -> Array:
        return np.where(x == x, 2, x)


class Tripled(Doubled):
    """One that writes into the memory it is given."""

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.multiply(x, 3, out=y)
        dy[:] = 3


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
@pytest.mark.parametrize(("activation", "factor"), [(Doubled(), 2), (Tripled(), 3)])
def test_every_block_is_written(activation: Activation, factor: float, size: int) -> None:
    x = np.arange(size) - 7.0
    value, derivative = activation.value_and_derivative(x)
    np.testing.assert_array_equal(value, factor * x)
    np.testing.assert_array_equal(derivative, np.full(size, factor))
    np.testing.assert_array_equal(activation.value(x), factor * x)


def test_results_are_the_callers_own() -> None:
    x = np.arange(5.0)
    results = [Tripled().value(x), *Tripled().value_and_derivative(x), Doubled().derivative(x)]
    for n, one in enumerate(results):
        assert not any(np.shares_memory(one, other) for other in [x, *results[:n]])
        assert one.flags.writeable


def test_strides_and_scalars() -> None:
    x = np.arange(24.0).reshape(4, 6)[::2, ::-3]
    value, derivative = Doubled().value_and_derivative(x)
    np.testing.assert_array_equal(value, 2 * x)
    assert derivative.shape == x.shape
    assert Doubled().value(1.5) == 3
    assert isinstance(Doubled().value(1.5), float)
