"""x gated by its own sigmoid, and the derivative of that."""

from __future__ import annotations

from actcli.activations.gated.gates import SelfGated, one_plus_u_plus_exp
from actcli.activations.reflected import Reflected
from actcli.activations.registry import Named, activation, param
from actcli.activations.slope_roots import DSILU
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import two_sum
from actcli.numeric.elementary import sigmoid_derivative
from actcli.numeric.exponential import FAR, scaled_exp
from actcli.numeric.late import np
from actcli.numeric.piecewise import overwrite


@activation("silu", "swish", "swish-1")
class SiLU(Reflected, SelfGated):
    """Sigmoid linear unit or swish: x gated by its own sigmoid, with one minimum on the left."""

    formula = "x*sigmoid(beta*x)"
    reference = "Elfwing et al. 2017, arXiv:1702.03118; Ramachandran et al. 2017, arXiv:1710.05941"

    beta: float = param(1.0, examples=(0.3, 1.702, 8.0, 0.0, -2.0), doc="steepness of the gate")

    @property
    def steepness(self) -> float:
        return self.beta


@activation("dsilu")
class DSiLU(Named):
    """Derivative of silu: a steeper sigmoid that overshoots on both sides."""

    formula = "sigmoid(x)*(1 + x*sigmoid(-x))"
    reference = "Elfwing et al. 2017, arXiv:1702.03118"

    def f(self, x: Array) -> Array:
        clipped = np.clip(x, FAR, -FAR)
        e = np.exp(-clipped)
        below, rest = two_sum(np.ones_like(e), e)
        y = 1 + clipped
        y *= e
        y += 1
        near = np.abs(x + 1.25) < 0.75
        overwrite(y, near, lambda near: e[near] * one_plus_u_plus_exp(x[near]))
        y -= y * (2 * rest / below)
        y /= below
        y /= below
        overwrite(y, x < FAR, lambda far: scaled_exp(x[far] + 1, x[far]))
        return y

    def df(self, x: Array) -> Array:
        bell = sigmoid_derivative(x)
        clipped = np.clip(x, FAR, -FAR)
        y = 2 - clipped * np.tanh(clipped / 2)
        y *= bell
        overwrite(y, np.abs(x) > -FAR, lambda far: scaled_exp(2 - np.abs(x[far]), -np.abs(x[far])))
        DSILU.overwrite_near(y, np.abs(x))
        return y
