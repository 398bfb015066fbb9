"""What could not be proved within the effort: where, and what about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

from actcli.numeric.display import apart, short
from actcli.structure.undecided import Undecided


class Provable(Protocol):
    """An answer that says whether it is proved."""

    @property
    def activation(self) -> str:
        """What it is about."""

    @property
    def proved(self) -> bool:
        """Whether everything is decided."""


_FEW = 3
"""Places that are named one by one; of more, where they begin and end."""


def decided_but_for(places: Sequence[Undecided]) -> Iterator[str]:
    """A line that names what is open of the whole, and one that names the open places."""
    whole = [place.why for place in places if place.low == -math.inf and place.high == math.inf]
    if whole:
        yield f"not decided: {', '.join(dict.fromkeys(whole))}"
    places = [place for place in places if place.low > -math.inf or place.high < math.inf]
    places = [*{place[:2]: place for place in places}.values()]
    if len(places) > _FEW:
        yield f"not decided in places from {short(places[0].low)} to {short(places[-1].high)}"
    elif places:
        yield f"not decided {' and '.join(between(*place[:2]) for place in places)}"


def between(low: float, high: float) -> str:
    """As in `from 1 to 2`, or `at 1`."""
    texts = apart(low, high)
    return f"at {texts[0]}" if low == high else f"from {texts[0]} to {texts[1]}"


def unproved(answers: Sequence[Provable]) -> str | None:
    """Which answers leave something open; None where all is proved."""
    names = [answer.activation for answer in answers if not answer.proved]
    return f"not all is proved of {', '.join(names)}" if names else None
