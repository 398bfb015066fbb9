"""Sigmoidal functions: they rise from one level to another, or ever more slowly."""

from __future__ import annotations

from functools import cached_property
from math import sqrt

import numpy as np

from actcli.activation import Array, Line
from actcli.catalogue.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric import elementary
from actcli.numeric.doubledouble import (
    exp_dd,
    exp_to_dd,
    quotient,
    times_constant,
    two_sum,
)
from actcli.numeric.exponential import FAR
from actcli.numeric.piecewise import choose, indicator, mend


@activation("sigmoid", "logistic", "expit")
class Sigmoid(Named):
    """The logistic function: rises from 0 to 1."""

    formula = "1 / (1 + exp(-x))"
    reference = "Verhulst 1845; torch.nn.Sigmoid"
    torch_gain = 1.0
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        return elementary.sigmoid(x)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        # f = e/(1 + e) and f' = f/(1 + e) with e = exp(x)
        np.exp(x, out=y)
        np.add(y, 1, out=dy)
        y /= dy
        np.divide(y, dy, out=dy)
        far = x > -FAR
        mend(y, far, lambda far: np.ones(1))
        mend(dy, far, lambda far: np.exp(-x[far]))


@activation("hardsigmoid")
class Hardsigmoid(Named):
    """A straight line clipped to 0 and 1, in place of the sigmoid."""

    formula = "min(max(slope * x + offset, 0), 1)"
    reference = "Courbariaux et al. 2015, arXiv:1511.00363; torch.nn.Hardsigmoid"
    left = Line(0)
    right = Line(0, 1)

    slope: float = param(1 / 6, above=0.0, examples=(0.2, 0.5), doc="the slope of the line")
    offset: float = param(0.5, examples=(0.3, 1.7), doc="the height of the line at 0")

    @property
    def kinks(self) -> tuple[float, float]:
        low, _, high = self._kinks
        return low, high

    @cached_property
    def _kinks(self) -> tuple[float, float, float]:
        """The lower kink, what rounding took from it, and the upper one."""
        from fractions import Fraction

        slope, offset = Fraction(self.slope), Fraction(self.offset)
        low, high = -offset / slope, (1 - offset) / slope
        return float(low), float(low - Fraction(float(low))), float(high)

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        """The kernel: the slope times the distance from the lower kink, so that nothing cancels."""
        low, rest, high = self._kinks
        np.subtract(x, low, out=y)
        y -= rest
        y *= self.slope
        np.clip(y, 0.0, 1.0, out=y)
        choose((x > low) & (x < high), x, self.slope, 0.0, out=dy)


@activation("sparse_sigmoid")
class SparseSigmoid(Named):
    """A straight line from (-1, 0) to (1, 1), level on both sides."""

    formula = "min(max((x + 1) / 2, 0), 1)"
    reference = "Martins and Astudillo 2016, arXiv:1602.02068; jax.nn.sparse_sigmoid"
    left = Line(0)
    right = Line(0, 1)
    kinks = (-1.0, 1.0)

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
    left = Line(0, -1)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        return np.tanh(x / 2)

    def df(self, x: Array) -> Array:
        return 2 * elementary.sigmoid_derivative(x)


@activation("tanh")
class Tanh(Named):
    """The hyperbolic tangent: rises from -1 to 1 with slope 1 at 0."""

    formula = "tanh(x)"
    reference = "torch.nn.Tanh"
    torch_gain = 5 / 3
    left = Line(0, -1)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        return np.tanh(x)

    def df(self, x: Array) -> Array:
        return elementary.tanh_derivative(x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.tanh(x, out=y)
        elementary.tanh_derivative(x, out=dy)


@activation("hardtanh")
class Hardtanh(Named):
    """The input clipped to an interval."""

    formula = "min(max(x, min_val), max_val)"
    reference = "Collobert 2004, thesis; torch.nn.Hardtanh"

    min_val: float = param(-1.0, examples=(0.0, -0.3), doc="the level on the left")
    max_val: float = param(1.0, examples=(6.0, 0.7), doc="the level on the right")

    def check(self) -> None:
        if self.min_val >= self.max_val:
            raise UsageError(
                f"hardtanh: min_val must be less than max_val, "
                f"not {self.min_val:g} and {self.max_val:g}"
            )

    @property
    def kinks(self) -> tuple[float, ...]:
        return (self.min_val, self.max_val)

    @property
    def left(self) -> Line:
        return Line(0, self.min_val)

    @property
    def right(self) -> Line:
        return Line(0, self.max_val)

    def f(self, x: Array) -> Array:
        return np.clip(x, self.min_val, self.max_val)

    def df(self, x: Array) -> Array:
        return indicator((x > self.min_val) & (x < self.max_val), x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.clip(x, self.min_val, self.max_val, out=y)
        indicator((x > self.min_val) & (x < self.max_val), x, out=dy)


@activation("lecun_tanh", "scaled_tanh", "stanh")
class LeCunTanh(Named):
    """The hyperbolic tangent scaled to pass near (-1, -1) and (1, 1)."""

    formula = "1.7159 * tanh(2 * x / 3)"
    reference = "LeCun et al. 1998, Efficient BackProp"
    left = Line(0, -1.7159)
    right = Line(0, 1.7159)

    def f(self, x: Array) -> Array:
        return 1.7159 * np.tanh(x / 1.5)

    def df(self, x: Array) -> Array:
        h = exp_dd(*times_constant(-np.abs(x), 2 / 3, 3.700743415417188e-17))
        y = 2 * h / (1 + h * h)
        return 1.7159 / 1.5 * y * y


@activation("softsign")
class Softsign(Named):
    """A hyperbola on each side: rises from -1 to 1 with heavy tails."""

    formula = "x / (1 + abs(x))"
    reference = "Bergstra et al. 2009, technical report; torch.nn.Softsign"
    left = Line(0, -1)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        y = np.clip(x, -1e300, 1e300)  # where it is level already: inf/inf is not a number
        y /= 1 + np.abs(y)
        return y

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.clip(x, -1e300, 1e300, out=y)
        below = np.abs(y)
        below += 1
        y /= below
        np.divide(1, below, out=dy)
        dy /= below


@activation("elliott")
class Elliott(Named):
    """The softsign moved to rise from 0 to 1."""

    formula = "0.5 * x / (1 + abs(x)) + 0.5"
    reference = "Elliott 1993, technical report"
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        tail = 0.5 / (np.abs(x) + 1)
        return np.where(x >= 0, 1 - tail, tail)

    def df(self, x: Array) -> Array:
        below = np.abs(x) + 1
        y: Array = 0.5 / below
        y /= below
        return y


@activation("erf")
class Erf(Named):
    """The error function: rises from -1 to 1."""

    formula = "erf(x)"
    reference = "DLMF 7.2.1; torch.erf"
    left = Line(0, -1)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        return elementary.erf(x)

    def df(self, x: Array) -> Array:
        return elementary.erf_derivative(x)


@activation("norm_cdf", "ndtr")
class NormCDF(Named):
    """The standard normal distribution function: rises from 0 to 1."""

    formula = "norm_cdf(x)"
    reference = "DLMF 7.2.2 rescaled; torch.special.ndtr"
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        return elementary.norm_cdf(x)

    def df(self, x: Array) -> Array:
        return elementary.norm_pdf(x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        y[:], dy[:] = elementary.norm_cdf_and_pdf(x)


@activation("laplace")
class Laplace(Named):
    """A normal distribution function close to the square of ReLU near 0, but bounded."""

    formula = "norm_cdf((x - mu) / sigma)"
    reference = "Ma et al. 2022, arXiv:2209.10655; transformers LaplaceActivation"
    left = Line(0)
    right = Line(0, 1)

    mu: float = param(0.707107, examples=(0.0, -1.3), doc="where it is one half")
    sigma: float = param(0.282095, above=0.0, examples=(0.01, 1.7), doc="the standard deviation")

    def f(self, x: Array) -> Array:
        z, rest = self._standardized(x)
        y, density = elementary.norm_cdf_and_pdf(z)
        density *= rest
        y += density
        return y

    def df(self, x: Array) -> Array:
        z, rest = self._standardized(x)
        scale = 1 / (self.sigma * sqrt(2 * np.pi))
        return elementary.scaled_exp_minus_half_square(scale - scale * z * rest, z)

    def _standardized(self, x: Array) -> tuple[Array, Array]:
        """(x - mu)/sigma beyond 53 bits where the tails have not ended."""
        difference, difference_low = two_sum(x, np.asarray(-self.mu))
        z, rest = quotient(difference, self.sigma)
        rest += difference_low / self.sigma
        return np.clip(z, -55, 55), np.where(np.abs(z) < 55, rest, 0.0)


@activation("atan", "arctan")
class Atan(Named):
    """The inverse tangent: rises from -pi/2 to pi/2."""

    formula = "atan(x)"
    reference = "DLMF 4.23.3; torch.atan"
    left = Line(0, -np.pi / 2)
    right = Line(0, np.pi / 2)

    def f(self, x: Array) -> Array:
        return np.arctan(x)

    def df(self, x: Array) -> Array:
        return elementary.atan_derivative(x)


@activation("asinh", "arcsinh")
class Asinh(Named):
    """The inverse hyperbolic sine: a logarithm on both sides."""

    formula = "asinh(x)"
    reference = "DLMF 4.37.1; torch.asinh"

    def f(self, x: Array) -> Array:
        return np.arcsinh(x)

    def df(self, x: Array) -> Array:
        a = np.abs(x)
        near = np.minimum(a, 2.0**60)
        y: Array = 1 / np.maximum(np.sqrt(1 + near * near), a)
        return y


@activation("symlog")
class Symlog(Named):
    """The logarithm of 1 + |x| with the sign of x."""

    formula = "where(x > 0, log1p(x), -log1p(-x))"
    reference = "Hafner et al. 2023, arXiv:2301.04104"

    def f(self, x: Array) -> Array:
        return np.copysign(np.log1p(np.abs(x)), x)

    def df(self, x: Array) -> Array:
        y: Array = 1 / (np.abs(x) + 1)
        return y


@activation("isru")
class ISRU(Named):
    """Inverse square root unit: rises from -1/sqrt(alpha) to 1/sqrt(alpha)."""

    formula = "x / sqrt(1 + alpha * x**2)"
    reference = "Carlile et al. 2017, arXiv:1710.09967"

    alpha: float = param(1.0, above=0.0, examples=(0.7, 3.0), doc="the plateaus, as 1/height**2")

    @property
    def left(self) -> Line:
        return Line(0, -1 / sqrt(self.alpha))

    @property
    def right(self) -> Line:
        return Line(0, 1 / sqrt(self.alpha))

    def f(self, x: Array) -> Array:
        level = 2.0**60 / sqrt(self.alpha)  # from there on it is level to a double
        y = np.clip(x, -level, level)
        return y / np.sqrt(1 + self.alpha * y * y)

    def df(self, x: Array) -> Array:
        s = 1 + self.alpha * x * x
        return 1 / s / np.sqrt(s)


@activation("sqnl", "square_nonlinearity")
class SQNL(Named):
    """Two parabolas in place of tanh: reaches -1 at -2 and 1 at 2."""

    formula = "where(abs(x) < 2, x - sign(x) * x**2 / 4, sign(x))"
    reference = "Wuraola and Patel 2018, IJCNN"
    left = Line(0, -1)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        y = np.clip(x, -2.0, 2.0)
        return y * (1 - np.abs(y) / 4)

    def df(self, x: Array) -> Array:
        return 1 - np.minimum(np.abs(x), 2.0) / 2


@activation("cloglog", "complementary_log_log")
class Cloglog(Named):
    """The inverse of the complementary log-log link: rises from 0 to 1, faster at the top."""

    formula = "-expm1(-exp(x))"
    reference = "McCullagh and Nelder 1989, section 4.3"
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        return -np.expm1(-np.exp(x))

    def df(self, x: Array) -> Array:
        return _gumbel_density(x)


@activation("gompertz")
class Gompertz(Named):
    """The Gompertz curve: rises from 0 to 1, faster at the bottom."""

    formula = "exp(-exp(-x))"
    reference = "Gompertz 1825, Phil. Trans. 115"
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        e, rest = exp_to_dd(-x)
        return exp_dd(-e, -rest)

    def df(self, x: Array) -> Array:
        return _gumbel_density(-x)


def _gumbel_density(x: Array) -> Array:
    """exp(x) * exp(-exp(x))."""
    e, rest = exp_to_dd(np.minimum(x, 10.0))  # beyond, nothing is left of it
    return elementary.scaled_exp(e - e * rest, -e)


@activation("logsigmoid", "logsigma", "log_expit")
class LogSigmoid(Named):
    """The logarithm of the sigmoid: x on the left, rises to 0 on the right."""

    formula = "-softplus(-x)"
    reference = "torch.nn.LogSigmoid"
    left = Line(1)
    right = Line(0)

    def f(self, x: Array) -> Array:
        return elementary.log_sigmoid(x)

    def df(self, x: Array) -> Array:
        return elementary.sigmoid(-x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        elementary.softplus_and_sigmoid(-x, y, dy)
        np.negative(y, out=y)
