"""x gated by a ramp, in place of silu."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.piecewise import overwrite


@activation("hardswish", "hard_silu")
class Hardswish(Named):
    """Piecewise quadratic swish: 0 up to -3, x from 3; its derivative there is 0 and 1."""

    formula = "x*min(max(x + 3, 0), 6)/6"
    reference = "Howard et al. 2019, arXiv:1905.02244; torch.nn.functional.hardswish"

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        clipped = x.clip(-3.0, 3.0, out=y)
        inside = (x > -3) & (x < 3)
        np.multiply(clipped, inside.view(np.int8), out=dy)
        y += 3
        dy += y
        dy *= 1 / 6
        y *= 1 / 6
        y *= x
        overwrite(y, x == -np.inf, lambda end: np.zeros(1))
