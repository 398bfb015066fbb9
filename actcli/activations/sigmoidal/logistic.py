"""The logistic function and what stands in for it."""

from __future__ import annotations

from functools import cached_property
from math import inf

from actcli.activations.registry import Named, activation, param
from actcli.numeric import elementary
from actcli.numeric.arrays import Array
from actcli.numeric.exponential import FAR
from actcli.numeric.floats import towards
from actcli.numeric.late import np
from actcli.numeric.piecewise import at_most, choose, constant, indicator, overwrite


@activation("sigmoid", "logistic", "expit")
class Sigmoid(Named):
    """The logistic function: rises from 0 to 1."""

    formula = "1 / (1 + exp(-x))"
    reference = "Verhulst 1845; torch.nn.Sigmoid"
    torch_gain = 1.0

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        # f = e/(1 + e) and f' = f/(1 + e) with e = exp(x)
        np.exp(x, out=y)
        below = np.add(y, 1, out=dy)
        y /= below
        np.divide(y, below, out=dy)
        if not at_most(x, -FAR):
            far = x > -FAR
            overwrite(y, far, lambda far: np.ones(1))
            overwrite(dy, far, lambda far: np.exp(-x[far]))
        if not at_most(dy, 0.25):  # rounding must not lift it over its maximum
            np.clip(dy, 0.0, 0.25, out=dy)


@activation("hardsigmoid")
class Hardsigmoid(Named):
    """A straight line clipped to 0 and 1, in place of the sigmoid."""

    formula = "min(max(slope*x + offset, 0), 1)"
    reference = "Courbariaux et al. 2015, arXiv:1511.00363; torch.nn.Hardsigmoid"

    slope: float = param(
        1 / 6,
        exact="1/6",  # as in torch: the kinks are -3 and 3
        least=-1e100,
        most=1e100,
        gap=1e-100,
        examples=(0.2, 0.5, 0.0, -0.5),
        doc="the slope of the line",
    )
    offset: float = param(
        0.5, least=-1e100, most=1e100, examples=(0.3, 1.7), doc="the height of the line at 0"
    )

    @cached_property
    def _kinks(self) -> tuple[float, float, float, float]:
        """Where the line is 0, what rounding took from that, and the doubles around its stretch."""
        from fractions import Fraction

        slope = Fraction(1, 6) if self.slope == 1 / 6 else Fraction(self.slope)
        zero, one = ((level - Fraction(self.offset)) / slope for level in (0, 1))
        left, right = sorted((zero, one))
        rest = zero - Fraction(float(zero))
        return float(zero), float(rest), towards(-inf, left), towards(inf, right)

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        """The kernel: the slope times the distance from where it is 0, so that nothing cancels."""
        if self.slope == 0:
            y[:] = constant(min(max(self.offset, 0.0), 1.0), x)
            dy[:] = constant(0.0, x)
            return
        zero, rest, left, right = self._kinks
        np.subtract(x, zero, out=y)
        if rest:
            y -= rest
        y *= self.slope
        y.clip(0.0, 1.0, out=y)
        choose((x > left) & (x < right), x, self.slope, 0.0, out=dy)


@activation("sparse_sigmoid")
class SparseSigmoid(Named):
    """A straight line from (-1, 0) to (1, 1), level on both sides."""

    formula = "min(max((x + 1) / 2, 0), 1)"
    reference = "Martins and Astudillo 2016, arXiv:1602.02068; jax.nn.sparse_sigmoid"

    def f(self, x: Array) -> Array:
        y = np.clip(x, -1.0, 1.0)
        y += 1
        y /= 2
        return y

    def df(self, x: Array) -> Array:
        y = indicator(np.abs(x) < 1, x)
        y /= 2
        return y


@activation("bipolar_sigmoid")
class BipolarSigmoid(Named):
    """The sigmoid stretched to rise from -1 to 1; equal to tanh(x/2)."""

    formula = "tanh(x / 2)"
    reference = "classic: (1 - exp(-x))/(1 + exp(-x))"

    def f(self, x: Array) -> Array:
        return np.tanh(x / 2)

    def df(self, x: Array) -> Array:
        return 2 * elementary.sigmoid_derivative(x)
