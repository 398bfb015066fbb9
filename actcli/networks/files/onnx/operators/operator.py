"""What a row of the operator table says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actcli.networks.files.onnx.place import Place
from actcli.networks.layers import Linear
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from actcli.networks.files.onnx.operators.spreads import Met

Reader = Callable[[Place], Linear]
"""The layer that a node is; raises `NotFoldedError` where it is none."""

Spread = Callable[["Met"], Array]
"""How far the output is from what it was, for inputs that are so far from theirs."""


@dataclass(frozen=True)
class Operator:
    """An ONNX operator: how it is read as a linear layer, and what it makes of distances."""

    read: Reader | None = None
    """None where it is not read: not linear, or linear and not supported."""
    spread: Spread | None = None
    """None where no bound is known."""
    sides: tuple[int, ...] = (0,)
    """At which of its inputs the data may be."""
    signs: tuple[int, ...] = ()
    """1 or -1 for each input of a sum, the last for all that follow; none where it is no sum."""
    is_exact: bool = False
    """Whether it moves or chooses numbers, so that it rounds none."""
    is_linear: bool = True
    """Whether it is linear in its data, as far as is known here."""
