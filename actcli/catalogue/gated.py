"""Gated functions: x times something between 0 and 1 that depends on x.

Most derivatives have a root at which their terms cancel. The kernels arrange those terms so that
the last sum has x itself, or x + 1, as a summand: it is exact and leaves room for the other.
"""

from __future__ import annotations

from math import isfinite, log, pi, prod, sqrt

import numpy as np

from actcli.activation import Array, Line
from actcli.catalogue.gates import (
    ExponentialTail,
    SigmoidGated,
    product,
)
from actcli.catalogue.gelu_kernels import (
    gelu,
    gelu_and_derivative,
    gelu_dip,
    gelu_rise,
    x_gelu_tail,
)
from actcli.catalogue.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric.elementary import (
    FAR,
    erf,
    erf_derivative,
    scaled_exp,
    sigmoid,
    sigmoid_derivative,
    softplus,
    tanh_derivative,
    two_sum,
)
from actcli.numeric.piecewise import mend
from actcli.numeric.polynomial import horner


@activation("silu", "swish", "swish-1")
class SiLU(SigmoidGated):
    """Sigmoid linear unit or swish: x gated by its own sigmoid, with one minimum on the left."""

    formula = "x*sigmoid(beta*x)"
    reference = "Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941"

    beta: float = param(1.0, above=0.0, examples=(0.3, 1.702, 8.0), doc="steepness of the gate")

    def exponent(self, x: Array) -> tuple[Array, Array | None]:
        return product(x, self.beta)

    def growth(self, x: Array, u: Array) -> Array:
        return u


@activation("dsilu")
class DSiLU(Named):
    """Derivative of silu: a steeper sigmoid that overshoots on both sides."""

    formula = "sigmoid(x)*(1 + x*sigmoid(-x))"
    reference = "Elfwing et al. 2017, arXiv:1702.03118"
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        clipped = np.clip(x, FAR, -FAR)
        e = np.exp(-clipped)
        below, rest = two_sum(np.ones_like(e), e)
        y = 1 + clipped
        y *= e
        y += 1
        mend(y, np.abs(x + 1.25) < 0.75, lambda near: _silu_slope_near_root(x[near], e[near]))
        y -= y * (2 * rest / below)
        y /= below
        y /= below
        mend(y, x < FAR, lambda far: scaled_exp(x[far] + 1, x[far]))
        return y

    def df(self, x: Array) -> Array:
        bell = sigmoid_derivative(x)
        clipped = np.clip(x, FAR, -FAR)
        y = 2 - clipped * np.tanh(clipped / 2)
        y *= bell
        mend(y, np.abs(x) > -FAR, lambda far: scaled_exp(2 - np.abs(x[far]), -np.abs(x[far])))
        return y


def _silu_slope_near_root(x: Array, e: Array) -> Array:
    """1 + (1 + x)*e, e = exp(-x), as d*e - expm1(-d) with the distance d to its root."""
    d = (x + 1.2784645427610737) + 1.0946994183093437e-16
    return d * e - np.expm1(-d)


@activation("quick_gelu", "gelu_sigmoid", "gelu_fast_approx")
class QuickGELU(SigmoidGated):
    """Sigmoid approximation of gelu: silu with a steeper gate."""

    formula = "x*sigmoid(alpha*x)"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415; CLIP"

    alpha: float = param(1.702, above=0.0, examples=(1.0,), doc="steepness of the gate")

    def exponent(self, x: Array) -> tuple[Array, Array | None]:
        return product(x, self.alpha)

    def growth(self, x: Array, u: Array) -> Array:
        return u


@activation(
    "gelu_tanh",
    "gelu_new",
    "gelu_pytorch_tanh",
    "gelu_python_tanh",
    "gelu_accurate",
    "gelu_fast",
    "gelu_approx",
    "FastGelu",
)
class GELUTanh(SigmoidGated):
    """Tanh approximation of gelu, x/2*(1 + tanh(u/2)) = x*sigmoid(u)."""

    formula = "x*sigmoid(2*sqrt(2/pi)*(x + 0.044715*x**3))"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415"

    def exponent(self, x: Array) -> tuple[Array, Array | None]:
        # u = a*x + b*x**3. On a grid of 2**-8, |x| <= 22, and with heads of a and b as short as
        # they are, the cubic of the heads is exact; the tails make up the rest.
        x = np.clip(x, -28, 28)
        near = x + _GRID
        near -= _GRID
        square = near * near
        hi = _B_HEAD * square
        hi += _A_HEAD
        hi *= near
        lo = _B_TAIL * square
        lo += _A_TAIL
        lo *= near
        square += x * (x + near)
        square *= _B
        square += _A
        x -= near
        square *= x
        lo += square
        u = hi + lo
        hi -= u
        lo += hi
        return u, lo

    def growth(self, x: Array, u: Array) -> Array:
        y = x * x
        y *= 3 * _B
        y += _A
        y *= x
        return y


_GRID = 1.5 * 2.0**44
_A = 1.5957691216057308
_B = 0.07135481627260025
_A_HEAD, _A_TAIL = 54830209514 / 2**35, 3.0874305383944692e-12
_B_HEAD, _B_TAIL = 37410 / 2**19, 9.03919084620272e-07
"""2*sqrt(2/pi), and the same times 0.044715."""


@activation("gelu", "gelu_exact", "gelu_erf", "gelu_python")
class GELU(Named):
    """Gaussian error linear unit: x times the normal distribution function."""

    formula = "x*norm_cdf(x)"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        return gelu(x)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        gelu_and_derivative(x, y, dy)


@activation("clipped_gelu", "gelu_10")
class ClippedGELU(Named):
    """Gelu between two levels; the derivative is 0 at the edges, as that of torch.clamp."""

    formula = "min(max(gelu(x), min_val), max_val)"
    reference = "Wu et al. 2020, arXiv:2004.09602; Hugging Face transformers"

    min_val: float = param(-10.0, examples=(-0.1, 0.0, 1.0), doc="the lowest value")
    max_val: float = param(10.0, above=0.0, examples=(1.5,), doc="the highest value")

    def check(self) -> None:
        if not self.min_val < self.max_val:
            raise UsageError(f"{self.name}: min_val must be less than max_val")

    @property
    def kinks(self) -> tuple[float, ...]:
        edges = (*gelu_dip(self.min_val), gelu_rise(self.max_val))
        return tuple(edge for edge in edges if isfinite(edge))

    @property
    def left(self) -> Line:
        return Line(0, max(self.min_val, 0.0))

    @property
    def right(self) -> Line:
        return Line(0, self.max_val)

    def f(self, x: Array) -> Array:
        return np.clip(gelu(x), self.min_val, self.max_val)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        gelu_and_derivative(x, y, dy)
        np.clip(y, self.min_val, self.max_val, out=y)
        start, end = gelu_dip(self.min_val)
        dy[(x >= start) & (x <= end) | (x >= gelu_rise(self.max_val))] = 0


@activation("hardswish", "hard_silu")
class Hardswish(Named):
    """Piecewise quadratic swish: 0 up to -3, x from 3; its derivative there is 0 and 1."""

    formula = "x*min(max(x + 3, 0), 6)/6"
    reference = "Howard et al. 2019, arXiv:1905.02244; torch.nn.functional.hardswish"
    left = Line(0)
    right = Line(1)
    kinks = (-3.0, 3.0)

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        clipped = np.clip(x, -3, 3)
        np.add(clipped, 3, out=y)
        np.abs(clipped, out=dy)
        np.copyto(dy, dy < 3)
        dy *= clipped
        dy += y
        dy /= 6
        y /= 6
        y *= x
        mend(y, x == -np.inf, lambda end: np.zeros(1))


@activation("mish")
class Mish(ExponentialTail):
    """x*tanh(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*tanh(softplus(x))"
    reference = "Misra 2019, arXiv:1908.08681"

    def gate(self, x: Array) -> Array:
        # tanh(softplus(x)) = q/(1 + q) with q = e + e*e/2, e = exp(x)
        e = np.exp(x)
        y = 0.5 * e
        y *= e
        y += e
        y /= 1 + y
        return y

    def slope(self, x: Array) -> Array:
        return self.gate_and_slope(x)[1]

    def gate_and_slope(self, x: Array) -> tuple[Array, Array]:
        # f' = e*(x + 1 + e*(x + 3/2 + e*(1 + e/4)))/(1 + q)**2; a power of two makes its limit 1
        e = np.minimum(np.exp(x), 2.0**57)
        gate = 0.5 * e
        gate *= e
        gate += e
        below = 1 + gate
        gate /= below
        y = 0.25 * e
        y += 1
        y *= e
        y += x + 1.5
        y *= e
        y += x + 1
        y *= e
        y /= below
        y /= below
        return gate, y


@activation("hard_mish")
class HardMish(Named):
    """Piecewise quadratic mish: 0 up to -2, where its derivative is 0, and x from 0."""

    formula = "x/2*min(max(x + 2, 0), 2)"
    reference = "timm"
    left = Line(0)
    right = Line(1)
    kinks = (-2.0,)

    def f(self, x: Array) -> Array:
        y = np.clip(x, -2, 0)
        y += 2
        y /= 2
        y *= np.maximum(x, -2)
        return y

    def df(self, x: Array) -> Array:
        y = np.clip(x, -2, 0)
        ramp = y + 2
        y *= y > -2
        y += ramp
        y /= 2
        return y


@activation("elish")
class ELiSH(Named):
    """Exponential linear squashing: silu on the right, (exp(x) - 1)*sigmoid(x) on the left."""

    formula = "where(x >= 0, x, expm1(x))*sigmoid(x)"
    reference = "Basirat & Roth 2018, arXiv:1808.00783"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        y = np.expm1(np.minimum(x, 0))
        y += np.maximum(x, 0)
        y *= sigmoid(x)
        return y

    def df(self, x: Array) -> Array:
        # with e = exp(-|x|): right (1 + e*(1 + x))/(1 + e)**2, left -e*(1 - e*(2 + e))/(1 + e)**2
        e = np.exp(-np.abs(x))
        right = 1 + e * (1 + np.minimum(x, 800))
        left = e * (e * (e + 2) - 1)
        y: Array = np.where(x < 0, left, right)
        y /= (1 + e) ** 2
        return y


@activation("hard_elish")
class HardELiSH(Named):
    """Elish with a piecewise linear gate; its derivative at the kinks -1 and 1 is 0 and 1."""

    formula = "where(x >= 0, x, expm1(x))*min(max((x + 1)/2, 0), 1)"
    reference = "Basirat & Roth 2018, arXiv:1808.00783"
    left = Line(0)
    right = Line(1)
    kinks = (-1.0, 1.0)

    def f(self, x: Array) -> Array:
        y = np.expm1(np.minimum(x, 0))
        y += np.maximum(x, 0)
        y *= (np.clip(x, -1, 1) + 1) / 2
        return y

    def df(self, x: Array) -> Array:
        gate = np.clip(x, -1, 1)
        left = np.expm1(np.minimum(gate, 0))
        left = left * (gate + 2) + (gate + 1)
        right = 2 * gate + 1
        y = np.where(x < 0, left, right) / 2
        y[x <= -1] = 0
        y[x >= 1] = 1
        return y


@activation("serf")
class Serf(ExponentialTail):
    """x*erf(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*erf(softplus(x))"
    reference = "Nag et al. 2021, arXiv:2108.09598"
    tail = 2 / sqrt(pi)

    def gate(self, x: Array) -> Array:
        return erf(softplus(x))

    def slope(self, x: Array) -> Array:
        inner = softplus(x)
        y = x * sigmoid(x)
        y *= erf_derivative(inner)
        y += erf(inner)
        mend(y, np.abs(x + 1.2) < 0.5, lambda near: _serf_slope_near_root(x[near]))
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
    right = Line(log(2))

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
    right = Line(0.6)

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
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        y = np.tanh(gelu(x))
        y *= x
        mend(y, x < -37, lambda far: x_gelu_tail(x[far])[0])
        return y

    def df(self, x: Array) -> Array:
        clipped = np.minimum(x, 40)
        inner, slope = np.empty_like(x), np.empty_like(x)
        gelu_and_derivative(clipped, inner, slope)
        slope *= tanh_derivative(inner)
        slope *= clipped
        y = np.tanh(inner)
        y += slope
        mend(y, x < -37, lambda far: x_gelu_tail(x[far])[1])
        return y


@activation("colu")
class CoLU(Named):
    """Collapsing linear unit, x/(1 - x*exp(-(x + exp(x)))): a ramp with one minimum on the left."""

    formula = "x/(1 - x*exp(-(x + exp(x))))"
    reference = "Vagerwal 2021, arXiv:2112.12078"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        clipped = np.clip(x, -800, 40)
        e = np.exp(clipped)
        y = clipped / (e - clipped * np.exp(-e))
        y *= e
        return np.where(x > 40, x, y)

    def df(self, x: Array) -> Array:
        # e*(e - x**2*(1 + e)*exp(-e))/(e - x*exp(-e))**2, with 1 - (1 + e)*exp(-e) = p
        clipped = np.clip(x, -800, 40)
        e = np.exp(clipped)
        decay = np.exp(-e)
        p = -np.expm1(-e)
        p -= e * decay
        square = clipped * clipped
        y = e - square
        y += square * p
        below = e - clipped * decay
        y /= below
        y /= below
        y *= e
        return y


@activation("lisht")
class LiSHT(Named):
    """Linearly scaled hyperbolic tangent: a smooth |x|."""

    formula = "x*tanh(x)"
    reference = "Roy et al. 2019, arXiv:1901.05894"
    left = Line(-1)
    right = Line(1)

    def f(self, x: Array) -> Array:
        return x * np.tanh(x)

    def df(self, x: Array) -> Array:
        y = np.clip(x, -400, 400) * tanh_derivative(x)
        y += np.tanh(x)
        return y


@activation("gcu", "growing_cosine")
class GCU(Named):
    """Growing cosine unit: oscillates without end, wider and wider."""

    formula = "x*cos(x)"
    reference = "Noel et al. 2021, arXiv:2108.12943"
    endless = True

    def f(self, x: Array) -> Array:
        return x * np.cos(x)

    def df(self, x: Array) -> Array:
        y = np.cos(x)
        y -= x * np.sin(x)
        return y
