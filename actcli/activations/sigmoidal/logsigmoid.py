"""The logarithm of the sigmoid."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric import elementary
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("logsigmoid", "logsigma", "log_expit")
class LogSigmoid(Named):
    """The logarithm of the sigmoid: x on the left, rises to 0 on the right."""

    formula = "-softplus(-x)"
    reference = "torch.nn.LogSigmoid"

    def f(self, x: Array) -> Array:
        return elementary.log_sigmoid(x)

    def df(self, x: Array) -> Array:
        return elementary.sigmoid(-x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        elementary.softplus_and_sigmoid(-x, y, dy)
        np.negative(y, out=y)
