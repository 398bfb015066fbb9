"""Activations side by side: what is true of each, and how far each two are apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import ClassVar, NamedTuple

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.functions.cost import costs
from actcli.functions.facts import Facts, facts
from actcli.functions.rms import root_mean_square
from actcli.functions.saturation import SaturatedRange
from actcli.functions.views import CUSTOMARY
from actcli.reports.compare import columns, distance, sentence, undecided
from actcli.results import Answer, Row
from actcli.structure.boxes import EVERYWHERE, Window
from actcli.structure.differences.apart import Apart
from actcli.structure.search.supremum import Supremum, is_tight
from actcli.structure.structure import EFFORT
from actcli.structure.undecided import Undecided

_SHORT = 0.5
"""Seconds that may be spent on the whole line where functions turn for ever."""

RANGE = (-10.0, 10.0)
"""The range of the RMS, unless another one is given."""


@dataclass(frozen=True)
class Profile(Facts):
    """The facts of an activation, and what only a comparison asks for."""

    zero_centred: bool
    """Whether inputs that are spread evenly around 0 give outputs that are: whether f is odd."""
    cost: float | None
    """The time for a point relative to relu, measured now; None where that was not asked for."""

    @property
    def saturated_below(self) -> float | None:
        """Where the range ends on which it saturates on the left."""
        return next((one.high for one in self._tails if math.isinf(one.low)), None)

    @property
    def saturated_above(self) -> float | None:
        """Where the range begins on which it saturates on the right."""
        return next((one.low for one in self._tails if math.isinf(one.high)), None)

    @property
    def _tails(self) -> Sequence[SaturatedRange]:
        return [one for one in self.saturation.ranges if one.kind == "bounded"]

    def rows(self) -> Iterator[Row]:
        """One row."""
        row = {
            "activation": self.activation,
            "range_low": self.range.low,
            "range_high": self.range.high,
            "monotone": self.monotone,
            "smoothness": self.smoothness,
            "zero_centred": self.zero_centred,
            "lipschitz": self.lipschitz,
            "saturated_below": self.saturated_below,
            "saturated_above": self.saturated_above,
        }
        yield row if self.cost is None else {**row, "cost": self.cost}


class Look(NamedTuple):
    """How far two functions are apart, and where they were looked at, if not everywhere."""

    largest: Supremum
    steepest: Supremum
    window: Window | None
    apart: Apart


@dataclass(frozen=True)
class Pair:
    """How far two activations f and g are apart, wherever both are defined.

    What is infinite is `null` in JSON.
    """

    a: str
    b: str
    max_abs: float
    """The supremum of |f - g|; where that is not proved, what it is proved to be at least."""
    at: float | None
    """The first place where it is attained, or approached; None where f and g are the same."""
    max_abs_derivative: float
    """The supremum of |f' - g'|: both sides of a kink count, and a jump is infinitely steep."""
    at_derivative: float | None
    rms: float
    """The root of the mean of (f - g)**2 over `range`."""
    range: Window
    places: Sequence[float]
    """All places of `max_abs`; of a stretch on which it is attained both ends."""
    places_derivative: Sequence[float]
    window: Window | None
    """Where the suprema were looked for, if not on the whole line."""
    max_abs_bound: float
    """What |f - g| is proved not to exceed."""
    max_abs_derivative_bound: float
    """What |f' - g'| is proved not to exceed."""
    proved: bool
    """Whether both suprema are proved."""
    open: Sequence[Undecided]
    """Where |f - g| or |f' - g'| may be larger than is said."""
    _look: Look = field(repr=False, compare=False)

    header: ClassVar[tuple[str, ...]] = (
        *("a", "b", "max_abs", "at", "max_abs_derivative", "at_derivative", "rms"),
        *("range_low", "range_high", "proved"),
    )

    @property
    def look(self) -> Look:
        """What proves it."""
        return self._look

    @property
    def is_largest_proved(self) -> bool:
        """Whether `max_abs` is proved, but for its last bits."""
        return is_tight(self.max_abs, self.max_abs_bound)

    @property
    def is_steepest_proved(self) -> bool:
        """Whether `max_abs_derivative` is proved, but for its last bits."""
        return is_tight(self.max_abs_derivative, self.max_abs_derivative_bound)

    def is_within(self, tolerance: float) -> bool:
        """Whether |f - g| is proved to be no larger, but for the last bits of its supremum."""
        return self.max_abs <= tolerance and (
            self.max_abs_bound <= tolerance or self.is_largest_proved
        )

    def row(self) -> Row:
        """The numbers in one row."""
        low, high = self.range
        values = {**vars(self), "range_low": low, "range_high": high}
        return {key: values[key] for key in self.header}


@dataclass(frozen=True)
class Comparison(Answer):
    """The profiles of some activations, and the distances of all pairs."""

    activations: Sequence[Profile]
    pairs: Sequence[Pair]

    def rows(self) -> Iterator[Row]:
        """A row for each activation."""
        for profile in self.activations:
            yield from profile.rows()

    def sentences(self) -> Sequence[str]:
        """A line for each pair."""
        return [line for pair in self.pairs for line in (sentence(pair), *undecided(pair))]

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The facts, with a column for each function."""
        return [*columns(self.activations)]

    @property
    def by_pairs(self) -> Comparison:
        """The same with a row for each pair."""
        return _ByPairs(self.activations, self.pairs)

    @property
    def unproved(self) -> str | None:
        """Which distances are not proved, if any are not."""
        names = [f"{pair.a} and {pair.b}" for pair in self.pairs if not pair.proved]
        return f"not all is proved of {', '.join(names)}" if names else None

    def beyond(self, tolerance: float) -> str | None:
        """Which pairs are farther apart than that, or may be, if any are."""
        far = [pair for pair in self.pairs if not pair.is_within(tolerance)]
        return "; ".join(distance(pair) for pair in far) or None


@dataclass(frozen=True)
class _ByPairs(Comparison):
    header = Pair.header
    said = ("range_low", "range_high")

    def rows(self) -> Iterator[Row]:
        """A row for each pair."""
        return (pair.row() for pair in self.pairs)

    def sentences(self) -> Sequence[str]:
        """What the RMS is over, and what is not decided."""
        low, high = self.pairs[0].range
        lines = [f"{one.a} and {one.b}: {line}" for one in self.pairs for line in undecided(one)]
        return (f"rms is over [{low:g}, {high:g}]", *lines)

    def sheet(self) -> Sequence[tuple[str, str]]:
        """None: a table shows pairs better."""
        return ()


def compare(
    activations: Sequence[Activation],
    eps: float = 1e-3,
    window: Window | None = None,
    *,
    cost: bool = False,
    effort: float = EFFORT,
) -> Comparison:
    """The facts of some activations side by side, and how far each two are apart.

    Args:
        activations: the functions.
        eps: the threshold of saturation.
        window: where the distances are looked for; by default the suprema are those over the whole
            line, and the RMS is that over [-10, 10].
        cost: whether the functions are timed.
        effort: seconds of CPU for each function, and for each two, after which what is not
            decided stays open.
    """
    times = costs(activations) if cost else [None] * len(activations)
    return Comparison(
        [_profile(one, eps, time, effort) for one, time in zip(activations, times, strict=True)],
        [_pair(f, g, window, effort) for f, g in combinations(activations, 2)],
    )


def _profile(activation: Activation, eps: float, cost: float | None, effort: float) -> Profile:
    known = facts(activation, eps=eps, effort=effort)
    return Profile(**vars(known), zero_centred=known.symmetry == "odd", cost=cost)


def _pair(f: Activation, g: Activation, window: Window | None, effort: float) -> Pair:
    look = _looked_at(f, g, window, effort / 2)
    largest, steepest, own, apart = look
    if not largest.is_defined:
        within = "" if own is None else f" within [{own[0]:g}, {own[1]:g}]"
        raise ActcliError(f"{f} and {g} are nowhere both defined{within}: nothing to compare")
    reach = window or RANGE
    undecided = [
        *(Undecided(*place, "|f - g| may be larger") for place in largest.undecided),
        *(Undecided(*place, "|f' - g'| may be larger") for place in steepest.undecided),
    ]
    return Pair(
        str(f),
        str(g),
        largest.value,
        next(iter(largest.places), None),
        steepest.value,
        next(iter(steepest.places), None),
        0.0 if largest.bound == 0 else root_mean_square(apart, *reach),
        reach,
        largest.places,
        steepest.places,
        own,
        largest.bound,
        steepest.bound,
        largest.is_proved and steepest.is_proved,
        undecided,
        look,
    )


def _looked_at(f: Activation, g: Activation, window: Window | None, seconds: float) -> Look:
    """Look at two functions: over their common period if they turn for ever and have one."""
    if window is None and (f.endless or g.endless):
        if f.period is None or f.period != g.period:
            return _endless(f, g, seconds)
        window = -f.period / 2, f.period / 2
    apart = Apart(f, g, window or EVERYWHERE, seconds)
    return Look(apart.largest, apart.steepest, window, apart)


def _endless(f: Activation, g: Activation, seconds: float) -> Look:
    """Look at functions that turn for ever: in a window, unless the whole line is soon settled."""
    near = Apart(f, g, CUSTOMARY, seconds)
    places = (*near.largest.places, *near.steepest.places)
    far = Apart(f, g, EVERYWHERE, _SHORT, places)
    largest = _on_the_line(near.largest, far.largest)
    steepest = _on_the_line(near.steepest, far.steepest)
    if largest is not None and steepest is not None:
        return Look(largest, steepest, None, near)
    return Look(largest or near.largest, steepest or near.steepest, CUSTOMARY, near)


def _on_the_line(near: Supremum, far: Supremum) -> Supremum | None:
    """The supremum on the whole line, by its places in the window if it is taken there too."""
    if not far.is_proved:
        return None
    is_taken = is_tight(near.value, far.bound) and near.places
    return far._replace(places=near.places) if is_taken else far
