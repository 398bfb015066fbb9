"""x gated by a function of a softplus, a sigmoid, an exponential or a gelu."""

from __future__ import annotations

from math import pi, prod, sqrt

from actcli.activations.gated.gates import ExponentialTail
from actcli.activations.gated.gelu_kernels import gelu, gelu_and_derivative, x_gelu_tail
from actcli.activations.registry import Named, activation
from actcli.activations.slope_roots import LOGISH, PHISH, SERF, SMISH, TELU
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import two_sum
from actcli.numeric.elementary import sigmoid, softplus, tanh_derivative
from actcli.numeric.late import np
from actcli.numeric.normal import erf, erf_derivative
from actcli.numeric.piecewise import overwrite
from actcli.numeric.polynomial import horner


@activation("serf")
class Serf(ExponentialTail):
    """x*erf(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*erf(softplus(x))"
    reference = "Nag et al. 2021, arXiv:2108.09598"
    tail = 2 / sqrt(pi)
    slope_root = SERF

    def gate(self, x: Array) -> Array:
        return erf(softplus(x))

    def slope(self, x: Array) -> Array:
        inner = softplus(x)
        y = x * sigmoid(x)
        y *= erf_derivative(inner)
        y += erf(inner)
        overwrite(y, np.abs(x + 1.2) < 0.5, lambda near: _serf_slope_near_root(x[near]))
        return y


def _serf_slope_near_root(x: Array) -> Array:
    """The product erf'(y)*s*(erf(y)/erf'(y)/s + x), y = softplus(x), s = sigmoid(x), for x < -1/2.

    erf(y)/erf'(y) = y*(1 + series), and y/s = y/e + y with e = exp(x) (DLMF 7.6.2).
    """
    e = np.exp(x)
    y = np.log1p(e)
    quotient = y / e
    square = y * y
    series = square * horner(_ERF_OVER_SLOPE, square)
    total = ((x + quotient) + y) + (quotient + y) * series
    total *= erf_derivative(y)
    total *= e / (1 + e)
    return total


_ERF_OVER_SLOPE = tuple(2**n / prod(range(1, 2 * n + 2, 2)) for n in range(12, 0, -1))


@activation("logish")
class Logish(ExponentialTail):
    """x*log(1 + sigmoid(x)): a smooth ramp of slope log(2) with one minimum on the left."""

    formula = "x*log1p(sigmoid(x))"
    reference = "Zhu et al. 2021, Neurocomputing 458"
    slope_root = LOGISH

    def gate(self, x: Array) -> Array:
        return np.log1p(sigmoid(x))

    def slope(self, x: Array) -> Array:
        # s*(h + x/(1 + 2*e)) with s = sigmoid(x), h = log(1 + s)/s, e = exp(x)
        s = sigmoid(x)
        below = 1 + 2 * np.exp(x)
        y = np.log1p(s) / s
        y *= below
        y += x
        y *= s
        y /= below
        return y


@activation("smish")
class Smish(ExponentialTail):
    """x*tanh(log(1 + sigmoid(x))): a smooth ramp of slope 3/5 with one minimum on the left."""

    formula = "x*tanh(log1p(sigmoid(x)))"
    reference = "Wang et al. 2022, Electronics 11(4) 540"
    slope_root = SMISH

    def gate(self, x: Array) -> Array:
        # (e + 3/2*e**2)/(1 + 3*e + 5/2*e**2) with e = exp(x)
        e = np.exp(x)
        square = e * e
        y = 1.5 * square + e
        below, rest = two_sum(np.ones_like(e), 3 * e + 2.5 * square)
        y -= y * (rest / below)
        y /= below
        return y

    def slope(self, x: Array) -> Array:
        e = np.exp(x)
        y = 3.75 * e
        for coefficient in (7 + 2 * x, 4.5 + 3 * x, 1 + x):
            y += coefficient
            y *= e
        below = horner((2.5, 3, 1), e)
        y /= below
        y /= below
        return y


@activation("telu", "tanhexp")
class TeLU(ExponentialTail):
    """x*tanh(exp(x)): a ramp that reaches x fast, with one minimum on the left."""

    formula = "x*tanh(exp(x))"
    reference = "Liu & Di 2020, arXiv:2003.09855; Fernandez & Mali 2024, arXiv:2402.02790"
    slope_root = TELU

    def gate(self, x: Array) -> Array:
        return np.tanh(np.exp(x))

    def slope(self, x: Array) -> Array:
        # e*sech(e)**2*(sinh(2*e)/(2*e) + x) with e = exp(x), up to where it is 1
        x = np.minimum(x, 3.5)
        e = np.exp(x)
        y: Array = np.sinh(2 * e) / (2 * e)
        y += x
        y *= e
        y *= tanh_derivative(e)
        return y


@activation("phish")
class Phish(Named):
    """x*tanh(gelu(x)): a smooth ramp that stays positive, with a hump on the left."""

    formula = "x*tanh(gelu(x))"
    reference = "Naveen 2022, TechRxiv"

    def f(self, x: Array) -> Array:
        y = np.tanh(gelu(x))
        y *= x
        overwrite(y, x < -37, lambda far: x_gelu_tail(x[far])[0])
        return y

    def df(self, x: Array) -> Array:
        clipped = np.minimum(x, 40)
        inner, slope = np.empty_like(x), np.empty_like(x)
        gelu_and_derivative(clipped, inner, slope)
        slope *= tanh_derivative(inner)
        slope *= clipped
        y = np.tanh(inner)
        y += slope
        overwrite(y, x < -37, lambda far: x_gelu_tail(x[far])[1])
        PHISH.overwrite_near(y, x)
        return y
