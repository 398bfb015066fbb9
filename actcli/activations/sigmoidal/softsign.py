"""Hyperbolas on either side of 0, with heavy tails."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("softsign")
class Softsign(Named):
    """A hyperbola on each side: rises from -1 to 1 with heavy tails."""

    formula = "x / (1 + abs(x))"
    reference = "Bergstra et al. 2009, technical report; torch.nn.Softsign"

    def f(self, x: Array) -> Array:
        y = np.clip(x, -1e300, 1e300)  # where it is level already: inf/inf is not a number
        y /= 1 + np.abs(y)
        return y

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        x.clip(-1e300, 1e300, out=y)
        below = np.abs(y, out=dy)
        below += 1
        y /= below
        np.divide(1, below, out=dy)
        dy *= dy


@activation("elliott")
class Elliott(Named):
    """The softsign moved to rise from 0 to 1."""

    formula = "0.5 * x / (1 + abs(x)) + 0.5"
    reference = "Elliott 1993, technical report"

    def f(self, x: Array) -> Array:
        tail = 0.5 / (np.abs(x) + 1)
        return np.where(x >= 0, 1 - tail, tail)

    def df(self, x: Array) -> Array:
        below = np.abs(x) + 1
        y: Array = 0.5 / below
        y /= below
        return y
