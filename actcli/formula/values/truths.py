"""Truths values of comparisons whose operands are not known exactly."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = "NDArray[np.bool_] | np.bool_"


class Truths(NamedTuple):
    """Two masks: where a condition is certainly true, and where it is certainly false.

    Where it is neither, the operands are known too little to tell, or undefined (Kleene's logic).
    """

    yes: Mask
    no: Mask

    def __and__(self, other: Truths) -> Truths:
        return Truths(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Truths) -> Truths:
        return Truths(self.yes | other.yes, self.no & other.no)

    @property
    def doubt(self) -> Mask:
        """Where it is not known."""
        return ~(self.yes | self.no)


def negation(truth: Truths) -> Truths:
    """True where the other is false."""
    return Truths(truth.no, truth.yes)
