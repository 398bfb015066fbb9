"""x gated by tanh(softplus(x)), and what stands in for that."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.activations.slope_roots import MISH
from actcli.numeric.arrays import Array
from actcli.numeric.exponential import FAR, scaled_exp
from actcli.numeric.late import np
from actcli.numeric.piecewise import at_least, at_most, overwrite


@activation("mish")
class Mish(Named):
    """x*tanh(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*tanh(softplus(x))"
    reference = "Misra 2019, arXiv:1908.08681"

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        # f = x*q/(1 + q) and f' = e*(x + 1 + e*(x + 3/2 + e*(1 + e/4)))/(1 + q)**2
        # with e = exp(x) and q = e + e*e/2
        e = np.exp(x)
        np.multiply(e, 0.5, out=y)
        y *= e
        y += e
        below = y + 1
        y /= below
        y *= x
        linear = x + 1.5
        np.multiply(e, 0.25, out=dy)
        dy += 1
        dy *= e
        dy += linear
        dy *= e
        linear -= 0.5
        dy += linear
        dy *= e
        dy /= below
        dy /= below
        if not (at_least(x, FAR) and at_most(x, 40)):
            far = x < FAR
            overwrite(y, far, lambda far: scaled_exp(x[far], x[far]))
            overwrite(dy, far, lambda far: scaled_exp(x[far] + 1, x[far]))
            far = x > 40
            overwrite(y, far, lambda far: x[far])
            overwrite(dy, far, lambda far: np.ones(1))
        _CLOSE.overwrite_near(dy, x)


_CLOSE = MISH.within(1 / 16)


@activation("hard_mish")
class HardMish(Named):
    """Piecewise quadratic mish: 0 up to -2, where its derivative is 0, and x from 0."""

    formula = "x/2*min(max(x + 2, 0), 2)"
    reference = "timm"

    def f(self, x: Array) -> Array:
        y = np.clip(x, -2, 0)
        y += 2
        y /= 2
        y *= np.maximum(x, -2)
        return y

    def df(self, x: Array) -> Array:
        y = np.clip(x, -2, 0)
        y += 1
        np.copyto(y, 0.0, where=x <= -2)
        return y
