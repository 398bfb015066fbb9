"""Layers of images whose size is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from actcli.networks.layers.base import Linear, Shape
from actcli.networks.layers.composed import Chain

STAND_IN = 32
"""Pixels along an axis that is open."""


@dataclass(frozen=True, eq=False)
class AnySize(Chain):
    """One layer, the same on images of any size; the size that it has stands for them all."""

    def on_last_axis(self) -> None:
        return None


def at_size(layers: Sequence[Any], shape: Shape) -> list[Linear]:
    """Layers that are the same on images of any size, for inputs of a shape."""
    sized: list[Linear] = []
    for layer in layers:
        if isinstance(layer, AnySize):
            sized.append(replace(layer, members=tuple(at_size(layer.members, shape))))
        else:
            sized.append(replace(layer, shape=shape))
        shape = sized[-1].output_shape
    return sized
