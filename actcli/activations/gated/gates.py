"""What gated functions have in common: a tail on the left that needs care.

A gate is what x is multiplied by. On the far left it underflows before the product does, and there
the kernels change to `scaled_exp`, which is seldom needed and costs a block without such points one
comparison.
"""

from __future__ import annotations

from abc import abstractmethod
from math import frexp
from typing import ClassVar

from actcli.activations.registry import Named
from actcli.activations.slope_roots import SILU
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import two_product
from actcli.numeric.exponential import FAR, LEVEL, scaled_exp
from actcli.numeric.late import np
from actcli.numeric.piecewise import overwrite
from actcli.numeric.root import Root


class ExponentialTail(Named):
    """x times a gate that falls off as tail*exp(x) on the left and has a limit on the right."""

    tail: ClassVar[float] = 1.0
    slope_root: ClassVar[Root]
    """Where f' is 0."""

    @abstractmethod
    def gate(self, x: Array) -> Array:
        """f(x)/x, for -700 <= x <= 40."""

    @abstractmethod
    def slope(self, x: Array) -> Array:
        """f'(x), for -700 <= x <= 40."""

    def gate_and_slope(self, x: Array) -> tuple[Array, Array]:
        """Both; overridden where they share work."""
        return self.gate(x), self.slope(x)

    def f(self, x: Array) -> Array:
        return self._value(self.gate(np.clip(x, FAR, 40)), x)

    def df(self, x: Array) -> Array:
        return self._derivative(self.slope(np.clip(x, FAR, 40)), x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        gate, slope = self.gate_and_slope(np.clip(x, FAR, 40))
        y[:] = self._value(gate, x)
        dy[:] = self._derivative(slope, x)

    def _value(self, gate: Array, x: Array) -> Array:
        gate *= x
        overwrite(gate, x < FAR, lambda far: scaled_exp(self.tail * x[far], x[far]))
        return gate

    def _derivative(self, slope: Array, x: Array) -> Array:
        overwrite(slope, x < FAR, lambda far: scaled_exp(self.tail * (x[far] + 1), x[far]))
        self.slope_root.overwrite_near(slope, x)
        return slope


class SelfGated(Named):
    """x*sigmoid(steepness*x) for a steepness of 0 or more."""

    @property
    @abstractmethod
    def steepness(self) -> float:
        """The factor of x in the gate."""

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        if self.steepness == 1:
            _fill_silu(x, y, dy)
        else:
            _fill_scaled_silu(x, *_product(x, self.steepness), y, dy)


def _fill_silu(x: Array, y: Array, dy: Array) -> None:
    """Put x*s into y and s*((1 + x) + e)*r into dy, with e = exp(x), r = 1/(1 + e), s = e*r.

    Near the root of the derivative 1 + x is exact, so that its series is needed close by only.
    """
    e = np.exp(x, out=y)
    r = e + 1
    np.reciprocal(r, out=r)
    np.add(x, 1, out=dy)
    dy += e
    e *= r
    r *= e
    dy *= r
    y *= x
    far = x < FAR
    overwrite(y, far, lambda far: scaled_exp(x[far], x[far]))
    overwrite(dy, far, lambda far: scaled_exp(x[far] + 1, x[far]))
    far = x > LEVEL
    overwrite(y, far, lambda far: x[far])
    overwrite(dy, far, lambda far: _slope_far_right(np.minimum(x[far], -FAR)))
    _CLOSE.overwrite_near(dy, x)


def _slope_far_right(x: Array) -> Array:
    """1 + (x - 1)*exp(-x), the derivative to terms in exp(-2*x)."""
    y: Array = 1 + (x - 1) * np.exp(-x)
    return y


_CLOSE = SILU.within(0.1)


def _fill_scaled_silu(x: Array, u: Array, lo: Array, y: Array, dy: Array) -> None:
    """Put x*s into y and s*(1 + r*u) into dy, s = e/(1 + e), r = 1/(1 + e), e = exp(u + lo)."""
    e = np.exp(u)
    e += e * lo
    np.add(e, 1, out=dy)
    np.divide(e, dy, out=y)
    np.reciprocal(dy, out=dy)
    dy *= u
    dy += 1
    dy *= y
    y *= x
    far = u < FAR
    overwrite(y, far, lambda far: scaled_exp(x[far] * (1 + lo[far]), u[far]))
    overwrite(dy, far, lambda far: scaled_exp((1 + u[far]) * (1 + lo[far]), u[far]))
    far = u > -FAR
    overwrite(y, far, lambda far: x[far])
    overwrite(dy, far, lambda far: np.ones(1))
    SILU.overwrite_near(dy, u, lo)


def _product(x: Array, factor: float) -> tuple[Array, Array]:
    """x*factor = hi + lo for a factor of 0 or more, cut where nothing is left of exp."""
    fraction, exponent = frexp(factor)
    x = np.clip(x * 2.0 ** (exponent - 1), -1500, 1500)
    return two_product(x, 2 * fraction)
