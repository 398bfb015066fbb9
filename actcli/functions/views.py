"""Where an activation is looked at: everywhere, or in a window."""

from __future__ import annotations

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.structure.boxes import Window
from actcli.structure.structure import EFFORT, Structure

CUSTOMARY = (-10.0, 10.0)
"""The window for a function that goes on turning for ever but has no period."""


def structure_of(
    activation: Activation, window: Window | None, effort: float = EFFORT
) -> Structure:
    """Its structure over the whole line; of a function that turns for ever, around the window.

    By default that is one period around 0, or `CUSTOMARY`. It is the structure's focus, and looked
    at its width further out, so that ranges do not end with it.

    Raises:
        ActcliError: the function has no value there.
    """
    structure, where = Structure(activation, seconds=effort, focus=window), ""
    if structure.is_endless:
        half = structure.period and structure.period / 2
        low, high = window or ((-half, half) if half else CUSTOMARY)
        around = high - low
        structure = structure.other(structure.function, (low - around, high + around), (low, high))
        where = f" from {low:g} to {high:g}"
    if structure.is_undefined:
        raise ActcliError(
            f"{activation} has no value anywhere{where}: see what it divides by, "
            "or takes the root, logarithm or power of"
        )
    return structure


def overlap(one: Window, window: Window | None) -> bool:
    """Whether an open interval has points in the window."""
    return window is None or (one[0] < window[1] and one[1] > window[0])
