"""Rectifiers made of straight pieces."""

from __future__ import annotations

from math import sqrt

from actcli.activations.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.piecewise import choose, indicator, positive_part


@activation("relu", "rectifier")
class ReLU(Named):
    """Rectified linear unit: 0 on the left, x on the right."""

    formula = "max(x, 0)"
    reference = "Nair and Hinton 2010, ICML; torch.nn.ReLU"
    torch_gain = sqrt(2)

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

    def f(self, x: Array) -> Array:
        return np.clip(x, 0.0, 6.0)

    def df(self, x: Array) -> Array:
        return indicator((x > 0) & (x < 6), x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        x.clip(0.0, 6.0, out=y)
        indicator((x > 0) & (x < 6), x, out=dy)


class Leaky(Named):
    """What the leaky rectifiers share: x on the right of 0, slope * x on the left."""

    @property
    def slope(self) -> float:
        """The slope left of 0."""
        raise NotImplementedError

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

    threshold: float = param(0.0, examples=(1.3, -2.0), doc="inputs up to this are replaced")
    value_: float = param(0.0, examples=(20.0, -0.1), doc="what they are replaced with")

    def f(self, x: Array) -> Array:
        return np.where(x <= self.threshold, self.value_, x)

    def df(self, x: Array) -> Array:
        return indicator(x > self.threshold, x)


@activation("thresholded_relu")
class ThresholdedReLU(Named):
    """The input above theta, 0 at and below it."""

    formula = "where(x > theta, x, 0)"
    reference = "Konda et al. 2014, arXiv:1402.3337; onnx.ThresholdedRelu (alpha)"

    theta: float = param(1.0, examples=(0.3, 0.0, -0.5), doc="inputs up to this become 0")

    def f(self, x: Array) -> Array:
        return np.where(x <= self.theta, 0.0, x)

    def df(self, x: Array) -> Array:
        return indicator(x > self.theta, x)
