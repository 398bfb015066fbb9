"""Where an activation is looked at: everywhere, or in a window."""

from __future__ import annotations

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.structure.asymptotes import nearest
from actcli.structure.boxes import Window, finite
from actcli.structure.out_of_time import otherwise
from actcli.structure.points.domain import has_value_on, may_have_value
from actcli.structure.structure import EFFORT, Structure

CUSTOMARY = (-10.0, 10.0)
"""The window for a function that goes on turning for ever but has no period."""

_CELLS = 10
"""How many steps of a fine staircase are shown on each side of 0: the others are like these."""


def structure_of(
    activation: Activation, window: Window | None, effort: float = EFFORT
) -> Structure:
    """Its structure over the whole line; of a function that turns for ever, around the window.

    By default that is one period around 0, else `CUSTOMARY`, or the few steps around 0 of a fine
    staircase. It is the structure's focus, and looked at its width, or a period, further out, so
    that ranges do not end with it. Its `whole` has the default window, whatever is asked for.

    Raises:
        ActcliError: the function has no value there, or at single numbers only.
    """
    structure, where = Structure(activation, seconds=effort, focus=window), ""
    if structure.is_endless:
        own = _own_window(structure)
        low, high = window or own
        whole = _seen_from(structure, own)
        structure = whole if (low, high) == own else _seen_from(structure, (low, high))
        structure.whole = whole
        where = f" from {low:g} to {high:g}"
    if _is_empty(structure):
        raise ActcliError(
            f"{activation} has {_values(structure)}{where}: see what it divides by, "
            "or takes the root, logarithm or power of"
        )
    return structure


def _seen_from(structure: Structure, focus: Window) -> Structure:
    """The structure in a window, and as far again, or a period, on both sides of it."""
    low, high = focus
    around = high - low
    if (found := structure.repetition) is not None:
        around = min(around, nearest(found.period))
    return structure.other(structure.function, (low - around, high + around), focus)


def _is_empty(structure: Structure) -> bool:
    """Whether a function has no value in its window, but at isolated numbers maybe."""
    seen = has_value_on(structure.function, *finite(structure.window))
    return not seen and not may_have_value(structure.pieces) and structure.domain.is_empty


@otherwise("no value anywhere")
def _values(structure: Structure) -> str:
    """What values there are of a function that has none on any interval."""
    places = [piece.low for piece in structure.pieces[1:]]
    is_met = any(structure.function.at(x).has_value for x in places)
    return "a value at single numbers only" if is_met else "no value anywhere"


def _own_window(structure: Structure) -> Window:
    """Where a function that turns for ever is looked at unless the user says where."""
    found, period = structure.repetition, structure.period
    if period is not None:
        return -period / 2, period / 2
    if found is None:
        return CUSTOMARY
    cell = nearest(found.period)
    reach = max(cell / 2, min(_CELLS * cell, CUSTOMARY[1]))
    return -reach, reach


def overlap(one: Window, window: Window | None) -> bool:
    """Whether an open interval has points in the window."""
    return window is None or (one[0] < window[1] and one[1] > window[0])


def clipped(part: Window, window: Window | None) -> Window:
    """The part of an interval in the window."""
    return (max(part[0], window[0]), min(part[1], window[1])) if window else part
