"""Functions that a negative parameter reflects: with -b they are -f(-x) of what they are with b."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Self

from actcli.activations.registry import Named
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


class Reflected(Named):
    """Stands before the class behind `super()`, whose kernels are for a parameter of 0 or more."""

    @property
    @abstractmethod
    def steepness(self) -> float:
        """The parameter, the only one."""

    @cached_property
    def _upright(self) -> Self:
        return type(self)(-self.steepness)

    def f(self, x: Array) -> Array:
        return -self._upright.f(-x) if self.steepness < 0 else super().f(x)  # type: ignore[safe-super]

    def df(self, x: Array) -> Array:
        return self._upright.df(-x) if self.steepness < 0 else super().df(x)  # type: ignore[safe-super]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        if self.steepness < 0:
            self._upright.fill(-x, y, dy)
            np.negative(y, out=y)
        else:
            super().fill(x, y, dy)
