"""Long lists as a person reads them: how many, from where to where, and the ones nearest to 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from actcli.numeric.display import short

Item = TypeVar("Item")

ALL = "--all lists every one"


def spread(count: int, low: float, high: float) -> str:
    """As in `59 from -92 to 70`."""
    return f"{count} from {short(low)} to {short(high)}"


def nearest(items: Sequence[Item], most: int, place: Callable[[Item], float]) -> Sequence[Item]:
    """The items whose places are nearest to 0, in their own order."""
    order = sorted(range(len(items)), key=lambda number: abs(place(items[number])))
    return [items[number] for number in sorted(order[:most])]
