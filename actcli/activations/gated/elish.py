"""x or expm1(x), gated by a sigmoid."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.activations.slope_roots import ELISH, HARD_ELISH
from actcli.numeric.arrays import Array
from actcli.numeric.elementary import sigmoid
from actcli.numeric.late import np


@activation("elish")
class ELiSH(Named):
    """Exponential linear squashing: silu on the right, (exp(x) - 1)*sigmoid(x) on the left."""

    formula = "where(x >= 0, x, expm1(x))*sigmoid(x)"
    reference = "Basirat & Roth 2018, arXiv:1808.00783"

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
        y: Array = np.where(x < 0, left, right)
        y /= (1 + e) ** 2
        ELISH.overwrite_near(y, x)
        return y


@activation("hard_elish")
class HardELiSH(Named):
    """Elish with a piecewise linear gate; its derivative at the kinks -1 and 1 is 0 and 1."""

    formula = "where(x >= 0, x, expm1(x))*min(max((x + 1)/2, 0), 1)"
    reference = "Basirat & Roth 2018, arXiv:1808.00783"

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
        HARD_ELISH.overwrite_near(y, x)
        return y
