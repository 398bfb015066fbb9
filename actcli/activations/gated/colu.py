"""The collapsing linear unit."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.activations.slope_roots import COLU
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("colu")
class CoLU(Named):
    """Collapsing linear unit, x/(1 - x*exp(-(x + exp(x)))): a ramp with one minimum on the left."""

    formula = "x/(1 - x*exp(-(x + exp(x))))"
    reference = "Vagerwal 2021, arXiv:2112.12078"

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
        COLU.overwrite_near(y, x)
        return y
