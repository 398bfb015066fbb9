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
from actcli.numeric.elementary import FAR, scaled_exp, two_product
from actcli.numeric.late import np
from actcli.numeric.piecewise import Places, overwrite
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


class SigmoidGated(Named):
    """x*sigmoid(u(x)) for an increasing u, known to more digits than a double holds."""

    @abstractmethod
    def overwrite_near_root(self, dy: Array, x: Array, u: Array, lo: Array | None) -> None:
        """Make f' accurate where it is nearly 0; u + lo is the exponent."""

    @abstractmethod
    def exponent(self, x: Array) -> tuple[Array, Array | None]:
        """u(x) = hi + lo, None for a lo of 0; beyond a thousand it may be cut."""

    @abstractmethod
    def growth(self, x: Array, u: Array) -> Array:
        """x*u'(x)."""

    def f(self, x: Array) -> Array:
        u, lo = self.exponent(x)
        y, r = np.empty_like(x), np.empty_like(x)
        _sigmoids(u, lo, y, r)
        y *= x
        overwrite(y, u < FAR, lambda far: _times_exp(x[far], u, lo, far))
        overwrite(y, u > -FAR, lambda far: x[far])
        return y

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        # f = x*s and f' = s*(1 + r*x*u') with s = e/(1 + e), r = 1/(1 + e) and e = exp(u)
        u, lo = self.exponent(x)
        growth = self.growth(x, u)
        _sigmoids(u, lo, y, dy)
        dy *= growth
        dy += 1
        dy *= y
        y *= x
        far = u < FAR
        overwrite(y, far, lambda far: _times_exp(x[far], u, lo, far))
        overwrite(dy, far, lambda far: _times_exp(1 + growth[far], u, lo, far))
        far = u > -FAR
        overwrite(y, far, lambda far: x[far])
        overwrite(dy, far, lambda far: np.ones(1))
        self.overwrite_near_root(dy, x, u, lo)


def product(x: Array, factor: float) -> tuple[Array, Array | None]:
    """x*factor = hi + lo; None stands for a lo of 0. The factor is > 0."""
    if factor == 1:
        return x, None
    fraction, exponent = frexp(factor)
    x = np.clip(x * 2.0 ** (exponent - 1), -1500, 1500)
    return (x, None) if fraction == 0.5 else two_product(x, 2 * fraction)


def _sigmoids(u: Array, lo: Array | None, s: Array, r: Array) -> None:
    """Put sigmoid(u + lo) into s and sigmoid(-u - lo) into r, for -700 <= u <= 700."""
    np.exp(u, out=s)
    if lo is not None:
        s += s * lo
    np.add(s, 1, out=r)
    s /= r
    np.divide(1, r, out=r)


def _times_exp(m: Array, u: Array, lo: Array | None, where: Places) -> Array:
    """m*exp(u + lo); m holds the chosen points only."""
    return scaled_exp(m if lo is None else m * (1 + lo[where]), u[where])
