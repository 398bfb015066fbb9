"""Where only one of two functions has a value."""

from __future__ import annotations

import math
from typing import NamedTuple

from actcli.activations.base import Activation
from actcli.structure.boxes import Window
from actcli.structure.differences.apart import Apart
from actcli.structure.points.domain import Domain, Stretch, without
from actcli.structure.structure import Structure
from actcli.structure.undecided import Undecided


class OneSided(NamedTuple):
    """Where only one of f and g has a value."""

    only_f: tuple[Stretch, ...]
    only_g: tuple[Stretch, ...]
    window: Window | None
    """Where that was looked for, if not on the whole line."""
    undecided: tuple[Undecided, ...]


Known = tuple[Activation, Structure]
"""A function, and what is known of it: over the whole line, or around 0 if it turns for ever."""


def one_sided(
    f: Known, g: Known, apart: Apart, window: Window | None, customary: Window, seconds: float
) -> OneSided:
    """Where only one of f and g has a value.

    Args:
        f: the one function.
        g: the other one.
        apart: their difference.
        window: where; None for the whole line.
        customary: the window where one of them turns for ever and none is given.
        seconds: of CPU that each function may take.
    """
    if window is None and any(math.isfinite(structure.window[0]) for _, structure in (f, g)):
        window = customary
    if apart.is_one_formula:
        return OneSided((), (), window, ())
    here, there = (_domain(*one, window, seconds) for one in (f, g))
    return OneSided(
        without(there.no_value, here.doubtful),
        without(here.no_value, there.doubtful),
        window,
        (*here.undecided, *there.undecided),
    )


def _domain(
    activation: Activation, structure: Structure, window: Window | None, seconds: float
) -> Domain:
    if window is None or (structure.window[0] < window[0] and window[1] < structure.window[1]):
        return structure.domain.within(window)
    low, high = window
    around = (2 * low - high, 2 * high - low)
    return Structure(activation, around, seconds, focus=window).domain.within(window)
