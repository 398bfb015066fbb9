"""Long lists as a person reads them: how many, from where to where, and the ones nearest to 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from actcli.numeric.display import apart

Item = TypeVar("Item")

ALL = "--all lists every one"


STEPS = 10
"""Of many steps in a row so many are listed, evenly, and the first."""


def spread(count: int, low: float, high: float) -> str:
    """As in `59 from -92 to 70`."""
    first, last = apart(low, high)
    return f"{count} from {first} to {last}"


def nearest(items: Sequence[Item], most: int, place: Callable[[Item], float]) -> Sequence[Item]:
    """The items whose places are nearest to 0, in their own order."""
    order = sorted(range(len(items)), key=lambda number: abs(place(items[number])))
    return [items[number] for number in sorted(order[:most])]


def evenly(steps: Sequence[Item]) -> Sequence[Item]:
    """Of more than a dozen steps every so many-th, counted from the last, and the first."""
    if len(steps) <= STEPS + 2:
        return steps
    kept = steps[::-1][:: -(-len(steps) // STEPS)][::-1]
    return kept if kept[0] is steps[0] else [steps[0], *kept]
