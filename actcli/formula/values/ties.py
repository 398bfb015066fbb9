"""Dual numbers that note where the chain rule hangs on a convention."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actcli.formula.primitives import N
from actcli.formula.values.duals import Dual, Duals
from actcli.formula.values.truths import Mask, Truths

_SWITCHES = {"abs", "sign", "max", "min", "<", "<=", ">", ">=", "==", "!="}


class TiedDuals(Duals[N]):
    """The algebra of dual numbers whose comparisons are `Truths`s.

    Steps of `floor` and `%` are no ties: the rate that they give is that of the side to which the
    value at the step belongs.
    """

    ties: Mask = np.False_
    """Where some switch lies exactly between two operands of different slopes."""

    def call(self, operation: str, arguments: Sequence[Dual[N]]) -> Dual[N]:
        """One primitive; a switch is looked at first."""
        if operation in _SWITCHES and any(argument.rate is not None for argument in arguments):
            pair = (*arguments, self.number(0.0))[:2]
            meet = self._are_equal(*(one.value for one in pair))
            if np.any(meet):
                self.ties = self.ties | (meet & ~self._are_equal(*map(self._rate, pair)))
        return super().call(operation, arguments)

    def _are_equal(self, u: N, v: N) -> Mask:
        truth: Truths = self.values.call("==", (u, v))
        return truth.yes

    def _rate(self, one: Dual[N]) -> N:
        rate = one.rate_or_zero
        return self.arithmetic.number(rate) if isinstance(rate, float) else rate
