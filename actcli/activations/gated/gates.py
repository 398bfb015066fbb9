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
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import two_product
from actcli.numeric.exponential import FAR, scaled_exp
from actcli.numeric.late import np
from actcli.numeric.piecewise import Places, at_least, at_most, overwrite
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
            _fill_self_gated(x, x, None, y, dy)
        else:
            _fill_self_gated(x, *_product(x, self.steepness), y, dy)


def _fill_self_gated(x: Array, u: Array, rest: Array | None, y: Array, dy: Array) -> None:
    """Put x*s into y and s*(1 + u + e)/(1 + e) into dy, with s = e/(1 + e) and e = exp(u + rest).

    Near the root of the derivative 1 + u is exact, so that the sum needs another form only where
    the error of e shows.
    """

    def low(places: Places) -> Array | float:
        return 0.0 if rest is None else rest[places]

    e = np.exp(u, out=y)
    np.add(u, 1, out=dy)
    if rest is not None:
        e += e * rest
        dy += rest
    dy += e
    close = 0.037 if rest is None else 0.125
    near = (u > _SLOPE_ROOT - close) & (u < _SLOPE_ROOT + close)
    overwrite(dy, near, lambda near: one_plus_u_plus_exp(u[near], low(near)))
    below = e + 1
    y /= below
    dy *= y
    dy /= below
    y *= x
    if not (at_least(u, FAR) and at_most(u, -FAR)):
        far = u < FAR
        overwrite(y, far, lambda far: scaled_exp(x[far] * (1 + low(far)), u[far]))
        overwrite(dy, far, lambda far: scaled_exp((1 + u[far]) * (1 + low(far)), u[far]))
        far = u > -FAR
        overwrite(y, far, lambda far: x[far])
        overwrite(dy, far, lambda far: np.ones(1))


_SLOPE_ROOT, _SLOPE_ROOT_LOW = -1.2784645427610737, -1.0946994183093437e-16
"""Where 1 + u + exp(u) is 0, in two parts."""


def one_plus_u_plus_exp(u: Array, low: Array | float = 0.0) -> Array:
    """1 + v + exp(v), v = u + low, as d + exp(root)*(exp(d) - 1), d = v - root: nothing cancels."""
    d = (u - _SLOPE_ROOT) + (low - _SLOPE_ROOT_LOW)
    y: Array = np.expm1(d)
    y *= -1 - _SLOPE_ROOT
    y += d
    return y


def _product(x: Array, factor: float) -> tuple[Array, Array]:
    """x*factor = hi + lo for a factor of 0 or more, cut where nothing is left of exp."""
    fraction, exponent = frexp(factor)
    x = np.clip(x * 2.0 ** (exponent - 1), -1500, 1500)
    return two_product(x, 2 * fraction)
