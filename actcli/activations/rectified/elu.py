"""Rectifiers with an exponential on the left: the ELUs."""

from __future__ import annotations

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import exp_dd, expm1_dd, quotient
from actcli.numeric.exponential import FAR, scaled_exp
from actcli.numeric.late import np
from actcli.numeric.piecewise import either, negative_part, overwrite, positive_part


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

    def f(self, x: Array) -> Array:
        low = negative_part(x)
        return self._value(low, positive_part(x), out=low)

    def df(self, x: Array) -> Array:
        low = negative_part(x)
        return self._derivative(x, low, out=np.empty_like(x))

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        low = negative_part(x)
        self._value(low, positive_part(x, out=dy), out=y)
        self._derivative(x, low, out=dy)

    def _value(self, low: Array, rise: Array, out: Array) -> Array:
        np.expm1(low, out=out)
        if not self.scale == self.slope == 1:
            out *= self.scale
            rise *= self.slope
        out += rise
        return out

    def _derivative(self, x: Array, low: Array, out: Array) -> Array:
        """The derivative; `low` is overwritten."""
        np.exp(low, out=out)
        if self.scale != self.slope:
            out *= either(x > 0, self.slope, self.scale, out=low)
            overwrite(out, x < FAR, lambda far: scaled_exp(np.array(self.scale), x[far]))
        return out


@activation("elu")
class ELU(ExponentialLeft):
    """Exponential linear unit: x on the right, falls smoothly to -alpha on the left."""

    formula = "where(x > 0, x, alpha * expm1(x))"
    reference = "Clevert et al. 2015, arXiv:1511.07289; torch.nn.ELU"

    alpha: float = param(1.0, examples=(0.7, 13.0, 0.0, -0.5), doc="the depth of the left plateau")

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

    alpha: float = param(
        1.0,
        least=-1e100,
        most=1e100,
        gap=1e-100,
        nonzero=True,
        examples=(0.7, 13.0, -0.7),
        doc="the depth of the left plateau; below 0, the scale of an exponential",
    )

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
        return np.where(np.abs(ratio) < 2.0**-54, x, self.alpha * expm1_dd(ratio, rest))
