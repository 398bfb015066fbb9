"""The hyperbolic tangent and what stands in for it."""

from __future__ import annotations

from actcli.activations.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric import elementary
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import exp_dd, times_constant
from actcli.numeric.late import np
from actcli.numeric.piecewise import indicator, overwrite


@activation("tanh")
class Tanh(Named):
    """The hyperbolic tangent: rises from -1 to 1 with slope 1 at 0."""

    formula = "tanh(x)"
    reference = "torch.nn.Tanh"
    torch_gain = 5 / 3

    def f(self, x: Array) -> Array:
        return np.tanh(x)

    def df(self, x: Array) -> Array:
        return _sech_squared(x, out=np.empty_like(x))

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        np.tanh(x, out=y)
        _sech_squared(x, out=dy)


def _sech_squared(x: Array, out: Array) -> Array:
    """1/cosh(x)**2: faster than `tanh_derivative`, and 4.4 ulp off at most instead of 2.9."""
    np.cosh(x, out=out)
    out *= out
    np.divide(1, out, out=out)
    overwrite(out, out < 1e-300, lambda far: elementary.tanh_derivative(x[far]))
    return out


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

    def f(self, x: Array) -> Array:
        return np.clip(x, self.min_val, self.max_val)

    def df(self, x: Array) -> Array:
        return indicator((x > self.min_val) & (x < self.max_val), x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        x.clip(self.min_val, self.max_val, out=y)
        indicator((x > self.min_val) & (x < self.max_val), x, out=dy)


@activation("lecun_tanh", "scaled_tanh", "stanh")
class LeCunTanh(Named):
    """The hyperbolic tangent scaled to pass near (-1, -1) and (1, 1)."""

    formula = "1.7159 * tanh(2 * x / 3)"
    reference = "LeCun et al. 1998, Efficient BackProp"

    def f(self, x: Array) -> Array:
        return 1.7159 * np.tanh(x / 1.5)

    def df(self, x: Array) -> Array:
        h = exp_dd(*times_constant(-np.abs(x), 2 / 3, 3.700743415417188e-17))
        y = 2 * h / (1 + h * h)
        return 1.7159 / 1.5 * y * y
