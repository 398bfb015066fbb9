"""Rectified functions: near 0 or a small slope on the left, near x on the right."""

from __future__ import annotations

from math import sqrt

import numpy as np

from actcli.activation import Array, Line
from actcli.catalogue.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric.doubledouble import exp_dd, expm1_dd, quotient, two_product, two_sum
from actcli.numeric.elementary import (
    FAR,
    scaled_exp,
    sigmoid,
    softplus,
    softplus_and_sigmoid,
)
from actcli.numeric.expm1_line import expm1_line, expm1_line_derivative
from actcli.numeric.piecewise import (
    choose,
    either,
    indicator,
    mend,
    negative_part,
    positive_part,
)


@activation("relu", "rectifier")
class ReLU(Named):
    """Rectified linear unit: 0 on the left, x on the right."""

    formula = "max(x, 0)"
    reference = "Nair and Hinton 2010, ICML; torch.nn.ReLU"
    torch_gain = sqrt(2)
    left = Line(0)
    right = Line(1)
    kinks = (0.0,)

    def f(self, x: Array) -> Array:
        return positive_part(x)

    def df(self, x: Array) -> Array:
        return indicator(x > 0, x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        positive_part(x, out=y)
        indicator(x > 0, x, out=dy)


@activation("relu6", "relu_n")
class ReLU6(Named):
    """ReLU that stops growing at 6."""

    formula = "min(max(x, 0), 6)"
    reference = "Krizhevsky 2010, technical report; torch.nn.ReLU6"
    left = Line(0)
    right = Line(0, 6)
    kinks = (0.0, 6.0)

    def f(self, x: Array) -> Array:
        return np.clip(x, 0.0, 6.0)

    def df(self, x: Array) -> Array:
        return indicator((x > 0) & (x < 6), x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.clip(x, 0.0, 6.0, out=y)
        indicator((x > 0) & (x < 6), x, out=dy)


class Leaky(Named):
    """What the leaky rectifiers share: x on the right of 0, slope * x on the left."""

    right = Line(1)

    @property
    def slope(self) -> float:
        """The slope left of 0."""
        raise NotImplementedError

    @property
    def left(self) -> Line:
        return Line(self.slope)

    @property
    def kinks(self) -> tuple[float, ...]:
        return () if self.slope == 1 else (0.0,)

    def f(self, x: Array) -> Array:
        if self.slope == 0:  # 0 * -inf is not a number
            return positive_part(x)
        upper = np.maximum if self.slope <= 1 else np.minimum
        y: Array = upper(x, self.slope * x)
        return y

    def df(self, x: Array) -> Array:
        return choose(x > 0, x, 1.0, self.slope)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        choose(x > 0, x, 1.0, self.slope, out=dy)
        if self.slope == 0:
            positive_part(x, out=y)
        else:
            np.multiply(x, dy, out=y)


@activation("leaky_relu", "lrelu")
class LeakyReLU(Leaky):
    """ReLU with a small slope on the left, so that gradients survive there."""

    formula = "where(x > 0, x, negative_slope * x)"
    reference = "Maas et al. 2013, ICML workshop; torch.nn.LeakyReLU"

    negative_slope: float = param(
        0.01, examples=(0.2, 0.0, 1.0, 1.7, -0.3), doc="the slope left of 0"
    )

    @property
    def slope(self) -> float:
        return self.negative_slope

    @property
    def torch_gain(self) -> float:
        return sqrt(2 / (1 + self.negative_slope**2))


@activation("prelu", "parametric_relu")
class PReLU(Leaky):
    """Parametric ReLU: leaky ReLU whose slope is learned; the default is where learning begins."""

    formula = "where(x > 0, x, weight * x)"
    reference = "He et al. 2015, arXiv:1502.01852; torch.nn.PReLU"

    weight: float = param(0.25, examples=(0.1, 1.0, -0.7), doc="the learned slope left of 0")

    @property
    def slope(self) -> float:
        return self.weight


@activation("rrelu", "randomized_leaky_relu")
class RReLU(Leaky):
    """Randomized leaky ReLU in evaluation: the mean of the slopes that training draws from."""

    formula = "where(x > 0, x, (lower + upper) / 2 * x)"
    reference = "Xu et al. 2015, arXiv:1505.00853; torch.nn.RReLU"

    lower: float = param(1 / 8, examples=(0.0, -0.1), doc="the least slope drawn in training")
    upper: float = param(1 / 3, examples=(0.7, 1.875), doc="the greatest slope drawn in training")

    def check(self) -> None:
        if self.lower > self.upper:
            raise UsageError(
                f"rrelu: lower must be at most upper, not {self.lower:g} and {self.upper:g}"
            )

    @property
    def slope(self) -> float:
        return self.lower / 2 + self.upper / 2


@activation("threshold")
class Threshold(Named):
    """The input above a threshold, a fixed level at and below it."""

    formula = "where(x > threshold, x, value)"
    reference = "torch.nn.Threshold"
    right = Line(1)

    threshold: float = param(0.0, examples=(1.3, -2.0), doc="inputs up to this are replaced")
    value_: float = param(0.0, examples=(20.0, -0.1), doc="what they are replaced with")

    @property
    def left(self) -> Line:
        return Line(0, self.value_)

    @property
    def kinks(self) -> tuple[float, ...]:
        return (self.threshold,)

    def f(self, x: Array) -> Array:
        return np.where(x <= self.threshold, self.value_, x)

    def df(self, x: Array) -> Array:
        return indicator(x > self.threshold, x)


@activation("thresholded_relu")
class ThresholdedReLU(Named):
    """The input above theta, 0 at and below it."""

    formula = "where(x > theta, x, 0)"
    reference = "Konda et al. 2014, arXiv:1402.3337; onnx.ThresholdedRelu (alpha)"
    left = Line(0)
    right = Line(1)

    theta: float = param(1.0, examples=(0.3, 0.0, -0.5), doc="inputs up to this become 0")

    @property
    def kinks(self) -> tuple[float, ...]:
        return (self.theta,)

    def f(self, x: Array) -> Array:
        return np.where(x <= self.theta, 0.0, x)

    def df(self, x: Array) -> Array:
        return indicator(x > self.theta, x)


@activation("relu_squared", "relu2", "squared_relu")
class ReLUSquared(Named):
    """The square of ReLU."""

    formula = "max(x, 0)**2"
    reference = "So et al. 2021, arXiv:2109.08668"
    left = Line(0)

    def f(self, x: Array) -> Array:
        y = np.maximum(x, 0.0)
        y *= y
        return y

    def df(self, x: Array) -> Array:
        return 2 * np.maximum(x, 0.0)


@activation("star_relu")
class StarReLU(Named):
    """The square of ReLU, scaled and shifted to mean 0 and variance 1 for normal inputs."""

    formula = "scale * max(x, 0)**2 + bias"
    reference = "Yu et al. 2022, arXiv:2210.13452"

    scale: float = param(0.8944, above=0.0, examples=(0.7, 1.3), doc="the factor of the square")
    bias: float = param(-0.4472, examples=(0.3, -1.1), doc="what is added to it")

    @property
    def left(self) -> Line:
        return Line(0, self.bias)

    def f(self, x: Array) -> Array:
        """The kernel; the square is carried beyond 53 bits, for bias may cancel it."""
        r = np.maximum(x, 0.0)
        scaled, scaled_low = two_product(r, self.scale)
        square, square_low = two_product(scaled, r)
        y, y_low = two_sum(square, np.asarray(self.bias))
        y_low += square_low + scaled_low * r
        return y + np.where(np.isfinite(y_low), y_low, 0.0)

    def df(self, x: Array) -> Array:
        return 2 * (self.scale * np.maximum(x, 0.0))


class ExponentialLeft(Named):
    """What the ELUs share: slope * x right of 0, scale * (exp(x) - 1) left of it."""

    @property
    def scale(self) -> float:
        """The depth of the left plateau."""
        raise NotImplementedError

    @property
    def slope(self) -> float:
        """The slope right of 0."""
        return 1.0

    @property
    def left(self) -> Line:
        return Line(0, -self.scale)

    @property
    def right(self) -> Line:
        return Line(self.slope)

    @property
    def kinks(self) -> tuple[float, ...]:
        return () if self.scale == self.slope else (0.0,)

    def f(self, x: Array) -> Array:
        low = negative_part(x)
        return self._value(x, low, out=low)

    def df(self, x: Array) -> Array:
        low = negative_part(x)
        return self._derivative(x, low, out=low)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        low = negative_part(x)
        self._value(x, low, out=y)
        self._derivative(x, low, out=dy)

    def _value(self, x: Array, low: Array, out: Array) -> Array:
        np.expm1(low, out=out)
        out *= self.scale
        rise = positive_part(x)
        rise *= self.slope
        out += rise
        return out

    def _derivative(self, x: Array, low: Array, out: Array) -> Array:
        np.exp(low, out=out)
        if self.kinks:
            out *= either(x > 0, self.slope, self.scale)
            mend(out, x < FAR, lambda far: scaled_exp(np.array(self.scale), x[far]))
        return out


@activation("elu")
class ELU(ExponentialLeft):
    """Exponential linear unit: x on the right, falls smoothly to -alpha on the left."""

    formula = "where(x > 0, x, alpha * expm1(x))"
    reference = "Clevert et al. 2015, arXiv:1511.07289; torch.nn.ELU"

    alpha: float = param(1.0, above=0.0, examples=(0.7, 13.0), doc="the depth of the left plateau")

    @property
    def scale(self) -> float:
        return self.alpha


@activation("selu")
class SELU(ExponentialLeft):
    """Self-normalizing ELU: keeps mean 0 and variance 1 from layer to layer."""

    formula = "1.0507009873554805 * where(x > 0, x, 1.6732632423543772 * expm1(x))"
    reference = "Klambauer et al. 2017, arXiv:1706.02515; torch.nn.SELU"
    torch_gain = 0.75
    slope = 1.0507009873554805
    scale = 1.0507009873554805 * 1.6732632423543772


@activation("celu")
class CELU(ExponentialLeft):
    """Continuously differentiable ELU: alpha stretches both axes of the left branch."""

    formula = "where(x > 0, x, alpha * expm1(x / alpha))"
    reference = "Barron 2017, arXiv:1704.07483; torch.nn.CELU"
    kinks = ()

    alpha: float = param(1.0, above=0.0, examples=(0.7, 13.0), doc="the depth of the left plateau")

    @property
    def scale(self) -> float:
        return self.alpha

    def f(self, x: Array) -> Array:
        return super().f(x) if self.alpha == 1 else self._grown(x, *self._ratio(x))

    def df(self, x: Array) -> Array:
        return super().df(x) if self.alpha == 1 else exp_dd(*self._ratio(x))

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        if self.alpha == 1:
            super().fill(x, y, dy)
        else:
            ratio = self._ratio(x)
            y[:] = self._grown(x, *ratio)
            dy[:] = exp_dd(*ratio)

    def _ratio(self, x: Array) -> tuple[Array, Array]:
        return quotient(np.minimum(x, 0.0), self.alpha)

    def _grown(self, x: Array, ratio: Array, rest: Array) -> Array:
        """The value; a ratio too small to bend the line could be too small to be accurate."""
        return np.where(ratio > -(2.0**-54), x, self.alpha * expm1_dd(ratio, rest))


@activation("nlrelu")
class NLReLU(Named):
    """The logarithm of 1 plus a scaled ReLU: grows ever more slowly."""

    formula = "log1p(beta * max(x, 0))"
    reference = "Liu et al. 2019, arXiv:1908.03682"
    left = Line(0)
    kinks = (0.0,)

    beta: float = param(1.0, above=0.0, examples=(0.7, 1.7), doc="the slope right of 0")

    def f(self, x: Array) -> Array:
        r = np.maximum(x, 0.0)
        scaled = self.beta * r
        overflown = np.isinf(scaled)
        y = np.log1p(scaled)
        y[overflown] = np.log(r[overflown]) + np.log(self.beta)
        return y

    def df(self, x: Array) -> Array:
        y = 1 / (1 / self.beta + np.maximum(x, 0.0))
        y *= x > 0
        return y


@activation("isrlu")
class ISRLU(Named):
    """Inverse square root linear unit: x on the right, falls to -1/sqrt(alpha) on the left."""

    formula = "where(x > 0, x, x / sqrt(1 + alpha * x**2))"
    reference = "Carlile et al. 2017, arXiv:1710.09967"
    right = Line(1)

    alpha: float = param(1.0, above=0.0, examples=(0.7, 3.0), doc="the left plateau, as 1/depth**2")

    @property
    def left(self) -> Line:
        return Line(0, -1 / sqrt(self.alpha))

    def f(self, x: Array) -> Array:
        y = np.maximum(x, -(2.0**60) / sqrt(self.alpha))  # from there on it is level to a double
        return np.maximum(x, 0.0) + np.minimum(y, 0.0) / np.sqrt(1 + self.alpha * y * y)

    def df(self, x: Array) -> Array:
        n = np.minimum(x, 0.0)
        s = 1 + self.alpha * n * n
        return 1 / s / np.sqrt(s)


@activation("smelu", "smooth_relu")
class SmeLU(Named):
    """ReLU with its corner rounded by a parabola between -beta and beta."""

    formula = "where(x >= beta, x, where(x <= -beta, 0, (x + beta)**2 / (4 * beta)))"
    reference = "Shamir et al. 2020, arXiv:2010.09931"
    left = Line(0)
    right = Line(1)

    beta: float = param(1.0, above=0.0, examples=(0.7, 3.1), doc="half the width of the parabola")

    def f(self, x: Array) -> Array:
        return _rounded_corner(x, self.beta)

    def df(self, x: Array) -> Array:
        return np.clip(x + self.beta, 0.0, 2 * self.beta) / (2 * self.beta)


@activation("sparse_plus")
class SparsePlus(Named):
    """ReLU with its corner rounded by a parabola between -1 and 1."""

    formula = "where(x >= 1, x, where(x <= -1, 0, (x + 1)**2 / 4))"
    reference = "jax.nn.sparse_plus"
    left = Line(0)
    right = Line(1)

    def f(self, x: Array) -> Array:
        return _rounded_corner(x, 1.0)

    def df(self, x: Array) -> Array:
        return np.clip(x + 1, 0.0, 2.0) / 2


def _rounded_corner(x: Array, b: float) -> Array:
    """(x + b)**2/(4b) for -b <= x <= b, which lies above both 0 and x; beyond, 0 and x."""
    t = np.clip(x + b, 0.0, 2 * b)
    y = t / (4 * b)
    y *= t
    return np.maximum(x, y)


@activation("squareplus")
class Squareplus(Named):
    """A hyperbola with the arms 0 and x: softplus without exponentials."""

    formula = "(x + sqrt(x**2 + b)) / 2"
    reference = "Barron 2021, arXiv:2112.11687; jax.nn.squareplus"
    left = Line(0)
    right = Line(1)

    b: float = param(4.0, above=0.0, examples=(0.7, 11.0), doc="how wide the corner is rounded")

    def f(self, x: Array) -> Array:
        half, _ = self._halves(x)
        return np.where(x >= 0, half, self.b / 4 / half)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        half, root = self._halves(x)
        reflected = self.b / 4 / half
        right = x >= 0
        rate = reflected / root
        y[:] = np.where(right, half, reflected)
        dy[:] = np.where(right, 1 - rate, rate)

    def _halves(self, x: Array) -> tuple[Array, Array]:
        """(h + |x|)/2 and h, where h = sqrt(x*x + b) without overflow."""
        a = np.abs(x)
        near = np.minimum(a, 2.0**28 * sqrt(self.b))
        root = np.maximum(np.sqrt(near * near + self.b), a)
        return root / 2 + a / 2, root


@activation("softplus")
class Softplus(Named):
    """A smooth ReLU: the integral of the sigmoid."""

    formula = "softplus(beta * x) / beta"
    reference = "Dugas et al. 2000, NIPS; torch.nn.Softplus"
    left = Line(0)
    right = Line(1)

    beta: float = param(1.0, above=0.0, examples=(0.1, 1.7), doc="how sharp the corner is")

    def f(self, x: Array) -> Array:
        if self.beta == 1:
            return softplus(x)
        size, rest = self._decay(x)
        half = exp_dd(size / 2, rest / 2)
        tail = np.where(
            size < -40, half / self.beta * half, np.log1p(exp_dd(size, rest)) / self.beta
        )
        return np.maximum(x, 0.0) + tail

    def df(self, x: Array) -> Array:
        if self.beta == 1:
            return sigmoid(x)
        e = exp_dd(*self._decay(x))
        return np.where(x >= 0, 1.0, e) / (1 + e)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        if self.beta == 1:
            softplus_and_sigmoid(x, y, dy)
        else:
            super().fill(x, y, dy)

    def _decay(self, x: Array) -> tuple[Array, Array]:
        """-|beta * x| beyond 53 bits."""
        return two_product(-np.abs(x), self.beta)


@activation("xielu")
class XIELU(Named):
    """Expanded integral of ELU: a parabola on the right, an integrated exponential on the left."""

    formula = "where(x > 0, alpha_p * x**2, alpha_n * (expm1(min(x, -1e-6)) - x)) + beta * x"
    reference = "Huang and Schlag 2024, arXiv:2411.13010; transformers XIELUActivation"
    kinks = (-1e-6, 0.0)

    alpha_p: float = param(0.8, above=0.0, examples=(0.3,), doc="the curvature on the right")
    alpha_n: float = param(0.8, above=0.0, examples=(1.3,), doc="the curvature on the left")
    beta: float = param(0.5, above=0.0, examples=(0.3,), doc="the slope right of 0")

    def check(self) -> None:
        if self.alpha_n <= self.beta:
            raise UsageError(
                f"xielu: alpha_n must be greater than beta, not {self.alpha_n:g} and {self.beta:g}"
            )

    @property
    def left(self) -> Line:
        return Line(self.beta - self.alpha_n, -self.alpha_n)

    def f(self, x: Array) -> Array:
        """The kernel; from -1e-6 to 0 the exponential is replaced by its level at -1e-6."""
        bent = np.minimum(x, -1e-6)
        left = expm1_line(bent, self.alpha_n, self.beta)
        left += (self.alpha_n - self.beta) * np.where(x > bent, bent - x, 0.0)
        return np.where(x > 0, x * (self.alpha_p * x + self.beta), left)

    def df(self, x: Array) -> Array:
        left = expm1_line_derivative(x, self.alpha_n, self.beta)
        left[x >= -1e-6] = self.beta - self.alpha_n
        return np.where(x > 0, 2 * self.alpha_p * x + self.beta, left)
