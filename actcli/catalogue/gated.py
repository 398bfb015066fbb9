"""Gated functions: x times something between 0 and 1 that depends on x.

Kernels work from e**x or e**-x alone and keep 1 + ... and x + ... apart until the last step, so that
nothing cancels but what the function itself lets cancel: the derivative at its roots.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import lru_cache
from math import frexp, log, pi, prod, sqrt

import numpy as np

from actcli.activation import Array, Line
from actcli.catalogue.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric.elementary import (
    erf,
    erf_derivative,
    mills,
    norm_pdf,
    scaled_exp,
    scaled_exp_minus_half_square,
    sigmoid,
    sigmoid_and_derivative,
    softplus,
    tanh_derivative,
    two_product,
)
from actcli.numeric.floats import bisect
from actcli.numeric.polynomial import horner

_FAR = -700.0
"""Left of here exp(x) loses digits to underflow before x*exp(x) does."""


class _SigmoidGated(Named):
    """x*sigmoid(u(x)) for an increasing u, known to more digits than a double holds."""

    left = Line(0)
    right = Line(1)

    @abstractmethod
    def gate(self, x: Array) -> tuple[Array, Array | float]:
        """u(x) = hi + lo, cut to some thousand where the sigmoid is 0 or 1."""

    @abstractmethod
    def sensitivity(self, x: Array, u: Array) -> Array:
        """x*u'(x), finite."""

    def f(self, x: Array) -> Array:
        u, rest = self.gate(x)
        y = _exp_of_minus(u, rest)
        y += 1
        np.divide(x, y, out=y)
        _mend(y, u < _FAR, lambda far: scaled_exp(x[far] * (1 + _at(rest, far)), u[far]))
        return y

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        u, rest = self.gate(x)
        e = _exp_of_minus(u, rest)
        below = 1 + e
        y = x / below
        slope = 1 + self.sensitivity(x, u)
        far = u < _FAR
        if far.any():
            growth = (1 + _at(rest, far)) * np.stack([x[far], slope[far]])
            tails = scaled_exp(growth, u[far])
        slope *= e
        slope += 1
        slope /= below
        slope /= below
        if far.any():
            y[far], slope[far] = tails
        return y, slope


def _exp_of_minus(u: Array, rest: Array | float) -> Array:
    """exp(-(u + rest)) for a rest of at most an ulp of u."""
    e = np.exp(-u)
    if rest is not _EXACT:
        e -= e * rest
    return e


_EXACT = 0.0


def _at(rest: Array | float, where: Array) -> Array | float:
    return rest[where] if isinstance(rest, np.ndarray) else rest


def _mend(y: Array, where: Array, right: Callable[[Array], Array]) -> None:
    """Put `right(where)` into y where it applies, which is seldom."""
    if where.any():
        y[where] = right(where)


def _product(x: Array, factor: float) -> tuple[Array, Array | float]:
    """x*factor as a double-double, |x*factor| cut to some thousand; factor > 0."""
    fraction, exponent = frexp(factor)
    x = np.clip(x * 2.0 ** (exponent - 1), -1500, 1500)
    return (x, _EXACT) if fraction == 0.5 else two_product(x, 2 * fraction)


@activation("silu", "swish", "swish-1")
class SiLU(_SigmoidGated):
    """Sigmoid linear unit or swish: x gated by its own sigmoid, with one minimum on the left."""

    formula = "x*sigmoid(beta*x)"
    reference = "Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941"

    beta: float = param(1.0, above=0.0, examples=(0.3, 1.702, 8.0), doc="steepness of the gate")

    def gate(self, x: Array) -> tuple[Array, Array | float]:
        return _product(x, self.beta)

    def sensitivity(self, x: Array, u: Array) -> Array:
        return u


@activation("dsilu")
class DSiLU(Named):
    """Derivative of silu: a steeper sigmoid that overshoots on both sides."""

    formula = "sigmoid(x)*(1 + x*sigmoid(-x))"
    reference = "Elfwing et al. 2017, arXiv:1702.03118"
    left = Line(0)
    right = Line(0, 1)

    def f(self, x: Array) -> Array:
        clipped = np.clip(x, _FAR, -_FAR)
        e = np.exp(-clipped)
        gate = 1 / (1 + e)
        y = 1 + clipped
        y *= e
        y += 1
        _mend(y, np.abs(x + 1.25) < 0.75, lambda near: _silu_slope_near_root(x[near], e[near]))
        y *= gate
        y *= gate
        _mend(y, x < _FAR, lambda far: scaled_exp(x[far] + 1, x[far]))
        return y

    def df(self, x: Array) -> Array:
        bell = sigmoid_and_derivative(x)[1]
        clipped = np.clip(x, _FAR, -_FAR)
        y = 2 - clipped * np.tanh(clipped / 2)
        y *= bell
        _mend(y, np.abs(x) > -_FAR, lambda far: scaled_exp(2 - np.abs(x[far]), -np.abs(x[far])))
        return y


def _silu_slope_near_root(x: Array, e: Array) -> Array:
    """1 + (1 + x)*e, e = exp(-x), as d*e - expm1(-d) with the distance d to its root."""
    d = (x + 1.2784645427610737) + 1.0946994183093437e-16
    return d * e - np.expm1(-d)


@activation("quick_gelu", "gelu_sigmoid", "gelu_fast_approx")
class QuickGELU(_SigmoidGated):
    """Sigmoid approximation of gelu: silu with a steeper gate."""

    formula = "x*sigmoid(alpha*x)"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415; CLIP"

    alpha: float = param(1.702, above=0.0, examples=(1.0,), doc="steepness of the gate")

    def gate(self, x: Array) -> tuple[Array, Array | float]:
        return _product(x, self.alpha)

    def sensitivity(self, x: Array, u: Array) -> Array:
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
class GELUTanh(_SigmoidGated):
    """Tanh approximation of gelu, x/2*(1 + tanh(u/2)) = x*sigmoid(u)."""

    formula = "x*sigmoid(2*sqrt(2/pi)*(x + 0.044715*x**3))"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415"

    def gate(self, x: Array) -> tuple[Array, Array | float]:
        # u = a x + b x**3. On a grid of 2**-8 with |x| <= 22, and with the heads of a and b as short
        # as they are, the cubic of the heads is exact; the tails make up the rest.
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

    def sensitivity(self, x: Array, u: Array) -> Array:
        x = np.clip(x, -28, 28)
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
        return _gelu(x)

    def df(self, x: Array) -> Array:
        return _gelu_and_derivative(x)[1]

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        return _gelu_and_derivative(x)


def _gelu(x: Array) -> Array:
    a, pdf, ratio = _normal_tail(x)
    y = _reflected(ratio * pdf, x)
    y *= np.maximum(x, -_END)
    _mend(y, x < -37, lambda far: _times_density(-a[far] * ratio[far], a[far]))
    return y


def _gelu_and_derivative(x: Array) -> tuple[Array, Array]:
    """x*Phi(x), and phi(x)*(Mills(|x|) - |x|), reflected for x > 0."""
    a, pdf, ratio = _normal_tail(x)
    y = _reflected(ratio * pdf, x)
    y *= np.maximum(x, -_END)
    d = ratio - a
    far = x < -37
    if far.any():
        tails = _times_density(np.stack([-a[far] * ratio[far], d[far]]), a[far])
    d *= pdf
    d = _reflected(d, x)
    if far.any():
        y[far], d[far] = tails
    return y, d


def _normal_tail(x: Array) -> tuple[Array, Array, Array]:
    """a = |x|, phi(a) and Mills' ratio Phi(-a)/phi(a)."""
    a = np.minimum(np.abs(x), _END)
    return a, norm_pdf(a), mills(a)


_END = 55.0
"""Nothing is left of the normal density, whatever double it is multiplied by."""


def _times_density(m: Array, x: Array) -> Array:
    """m*phi(x), right where phi alone is subnormal."""
    return scaled_exp_minus_half_square(m / sqrt(2 * pi), x)


def _reflected(tail: Array, x: Array) -> Array:
    """`tail` where x < 0, 1 - tail elsewhere; overwrites it."""
    sign = np.copysign(1.0, x)
    tail *= sign
    np.negative(tail, out=tail)
    sign += 1
    sign *= 0.5
    tail += sign
    return tail


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
        return (*_gelu_crosses(self.min_val), *_gelu_crosses(self.max_val))

    @property
    def left(self) -> Line:
        return Line(0, max(self.min_val, 0.0))

    @property
    def right(self) -> Line:
        return Line(0, self.max_val)

    def f(self, x: Array) -> Array:
        return np.clip(_gelu(x), self.min_val, self.max_val)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        y, d = _gelu_and_derivative(x)
        d[(y <= self.min_val) | (y >= self.max_val)] = 0
        return np.clip(y, self.min_val, self.max_val), d


@lru_cache(maxsize=64)
def _gelu_crosses(level: float) -> tuple[float, ...]:
    """Where gelu crosses the level: nowhere below its minimum, twice below 0, else once."""
    gelu = GELU()
    lowest = -0.7517915246935645
    if level <= gelu.value(lowest):
        return ()
    rise = bisect(lambda x: bool(gelu.value(x) >= level), lowest, 1.8e308 if level else 0.0)
    fall = bisect(lambda x: bool(gelu.value(x) < level), -50.0, lowest)
    return (fall, rise) if level < 0 else (rise,)


@activation("hardswish", "hard_silu")
class Hardswish(Named):
    """Piecewise quadratic swish: 0 up to -3, x from 3; its derivative there is 0 and 1."""

    formula = "x*min(max(x + 3, 0), 6)/6"
    reference = "Howard et al. 2019, arXiv:1905.02244; torch.nn.functional.hardswish"
    left = Line(0)
    right = Line(1)
    kinks = (-3.0, 3.0)

    def f(self, x: Array) -> Array:
        y = np.clip(x, -3, 3)
        y += 3
        y /= 6
        y *= np.maximum(x, -3)
        return y

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        d = np.clip(x, -3, 3)
        ramp = d + 3
        d *= np.abs(d) < 3
        d += ramp
        d /= 6
        ramp /= 6
        ramp *= np.maximum(x, -3)
        return ramp, d


@activation("mish")
class Mish(Named):
    """x*tanh(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*tanh(softplus(x))"
    reference = "Misra 2019, arXiv:1908.08681"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        # tanh(softplus(x)) = w/(w + 2) with w = e*(e + 2), e = exp(x)
        e = np.exp(np.minimum(x, 40))
        y = e + 2
        y *= e
        e = y + 2
        y /= e
        y *= x
        _mend_exponential_tail(y, x, 1.0, 0)
        return y

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        # f' = e*(4*(x + 1) + e*(4*x + 6 + e*(4 + e)))/(w + 2)**2
        clipped = np.minimum(x, 40)
        e = np.exp(clipped)
        np.minimum(e, 2.0**57, out=e)
        y = e + 2
        y *= e
        below = y + 2
        clipped *= 4
        d = e + 4
        d *= e
        d += clipped + 6
        d *= e
        clipped += 4
        d += clipped
        e /= below
        d *= e
        d /= below
        y /= below
        y *= x
        _mend_exponential_tail(y, x, 1.0, 0)
        _mend_exponential_tail(d, x, 1.0, 1)
        return y, d


def _mend_exponential_tail(y: Array, x: Array, scale: float, shift: int) -> None:
    """Put scale*(x + shift)*exp(x) into y on the far left: shift 0 for f, 1 for its derivative."""
    _mend(y, x < _FAR, lambda far: scaled_exp(scale * (x[far] + shift), x[far]))


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
        return np.where(x < 0, left, right) / (1 + e) ** 2


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
class Serf(Named):
    """x*erf(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*erf(softplus(x))"
    reference = "Nag et al. 2021, arXiv:2108.09598"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        y = erf(softplus(x))
        y *= x
        _mend_exponential_tail(y, x, 2 / sqrt(pi), 0)
        return y

    def df(self, x: Array) -> Array:
        clipped = np.minimum(x, 8)
        inner = softplus(clipped)
        slope = erf_derivative(inner) * sigmoid(clipped)
        y = erf(inner)
        y += clipped * slope
        _mend(y, np.abs(x + 1.2) < 0.5, lambda near: _serf_slope_near_root(x[near]))
        _mend_exponential_tail(y, x, 2 / sqrt(pi), 1)
        return y


def _serf_slope_near_root(x: Array) -> Array:
    """erf'(y)*s*(erf(y)/erf'(y)/s + x) with y = softplus(x), s = sigmoid(x) (DLMF 7.6.2)."""
    e = np.exp(x)
    y = np.log1p(e)
    s = e / (1 + e)
    ratio = y / s * horner(_ERF_OVER_SLOPE, y * y)
    return (ratio + x) * (s * erf_derivative(y))


_ERF_OVER_SLOPE = tuple(2**n / prod(range(1, 2 * n + 2, 2)) for n in range(12, -1, -1))
"""The power series of erf(y)/(y erf'(y)) in y**2."""


@activation("logish")
class Logish(Named):
    """x*log(1 + sigmoid(x)): a smooth ramp of slope log(2) with one minimum on the left."""

    formula = "x*log1p(sigmoid(x))"
    reference = "Zhu et al. 2021, Neurocomputing 458"
    left = Line(0)
    right = Line(log(2))

    def f(self, x: Array) -> Array:
        y = np.log1p(sigmoid(x))
        y *= x
        _mend_exponential_tail(y, x, 1.0, 0)
        return y

    def df(self, x: Array) -> Array:
        # s*(h + x/(1 + 2*e)) with s = sigmoid(x), h = log(1 + s)/s, e = exp(x)
        clipped = np.clip(x, _FAR, 40)
        s = sigmoid(clipped)
        below = 1 + 2 * np.exp(clipped)
        y = np.log1p(s) / s
        y *= below
        y += clipped
        y *= s
        y /= below
        _mend_exponential_tail(y, x, 1.0, 1)
        return y


@activation("smish")
class Smish(Named):
    """x*tanh(log(1 + sigmoid(x))): a smooth ramp of slope 3/5 with one minimum on the left."""

    formula = "x*tanh(log1p(sigmoid(x)))"
    reference = "Wang et al. 2022, Electronics 11(4) 540"
    left = Line(0)
    right = Line(0.6)

    def f(self, x: Array) -> Array:
        # a ratio of polynomials in e = exp(x)
        e = np.exp(np.minimum(x, 40))
        y = horner((3, 2, 0), e) / horner((5, 6, 2), e)
        y *= x
        _mend_exponential_tail(y, x, 1.0, 0)
        return y

    def df(self, x: Array) -> Array:
        x4 = 4 * np.clip(x, _FAR, 40)
        e = np.exp(x4 / 4)
        y = 15 * e
        y += 28 + 2 * x4
        y *= e
        y += 18 + 3 * x4
        y *= e
        y += 4 + x4
        below = horner((5, 6, 2), e)
        y *= e / below
        y /= below
        _mend_exponential_tail(y, x, 1.0, 1)
        return y


@activation("telu", "tanhexp")
class TeLU(Named):
    """x*tanh(exp(x)): a ramp that reaches x fast, with one minimum on the left."""

    formula = "x*tanh(exp(x))"
    reference = "Liu & Di 2020, arXiv:2003.09855; Fernandez & Mali 2024, arXiv:2402.02790"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        y = np.tanh(np.exp(x))
        y *= x
        _mend_exponential_tail(y, x, 1.0, 0)
        return y

    def df(self, x: Array) -> Array:
        # sech(e)**2*(sinh(2*e)/2 + x*e), with e = exp(x)
        clipped = np.clip(x, _FAR, 3.5)
        e = np.exp(clipped)
        y = np.sinh(2 * e) / (2 * e)
        y += clipped
        y *= e
        y *= tanh_derivative(e)
        _mend_exponential_tail(y, x, 1.0, 1)
        return y


@activation("phish")
class Phish(Named):
    """x*tanh(gelu(x)): a smooth ramp that stays positive, with a hump on the left."""

    formula = "x*tanh(gelu(x))"
    reference = "Naveen 2022, TechRxiv"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        y = np.tanh(_gelu(x))
        y *= x
        _mend(y, x < -37, lambda far: _phish_tail(x[far])[0])
        return y

    def df(self, x: Array) -> Array:
        clipped = np.minimum(x, 40)
        inner, slope = _gelu_and_derivative(clipped)
        slope *= tanh_derivative(inner)
        slope *= clipped
        y = np.tanh(inner)
        y += slope
        _mend(y, x < -37, lambda far: _phish_tail(x[far])[1])
        return y


def _phish_tail(x: Array) -> tuple[Array, Array]:
    """x*x*Phi(x) and its derivative x*phi(x)*(2*Mills(-x) + x)."""
    x = np.maximum(x, -_END)
    ratio = mills(-x)
    return _times_density(x * x * ratio, x), _times_density(x * (2 * ratio + x), x)


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
