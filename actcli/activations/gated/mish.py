"""x gated by tanh(softplus(x)), and what stands in for that."""

from __future__ import annotations

from actcli.activations.gated.gates import ExponentialTail
from actcli.activations.registry import Named, activation
from actcli.activations.slope_roots import MISH
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("mish")
class Mish(ExponentialTail):
    """x*tanh(softplus(x)): a smooth ramp with one minimum on the left."""

    formula = "x*tanh(softplus(x))"
    reference = "Misra 2019, arXiv:1908.08681"
    slope_root = MISH

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
