"""Activations side by side: what is true of each, and how far each two are apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

from actcli.activation import Activation
from actcli.analysis.compare_words import columns, distance, sentence
from actcli.analysis.cost import costs
from actcli.analysis.distance import Difference
from actcli.analysis.facts import Facts, facts
from actcli.analysis.pieces import Window
from actcli.analysis.saturation import SaturatedRange
from actcli.analysis.slopes import EVERYWHERE
from actcli.analysis.views import CUSTOMARY
from actcli.answer import Answer, Row

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


@dataclass(frozen=True)
class Pair:
    """How far two activations f and g are apart. What is infinite is `null` in JSON."""

    a: str
    b: str
    max_abs: float
    """The supremum of |f - g|."""
    at: float | None
    """The first place where it is attained, or approached; None where f and g are the same."""
    max_abs_derivative: float
    """The supremum of |f' - g'|, both sides of a kink counted."""
    at_derivative: float | None
    rms: float
    """The root of the mean of (f - g)**2 over `range`."""
    range: Window
    places: Sequence[float]
    """All places of `max_abs`."""
    places_derivative: Sequence[float]
    window: Window | None
    """Where the suprema were looked for, if not on the whole line."""

    header: ClassVar[tuple[str, ...]] = (
        *("a", "b", "max_abs", "at", "max_abs_derivative", "at_derivative", "rms"),
        *("range_low", "range_high"),
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
        return [sentence(pair) for pair in self.pairs]

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The facts, with a column for each function."""
        return [*columns(self.activations)]

    @property
    def by_pairs(self) -> Comparison:
        """The same with a row for each pair."""
        return _ByPairs(self.activations, self.pairs)

    def beyond(self, tolerance: float) -> str | None:
        """Which pairs are farther apart than that, if any are."""
        far = [pair for pair in self.pairs if not pair.max_abs <= tolerance]
        return "; ".join(distance(pair) for pair in far) or None


@dataclass(frozen=True)
class _ByPairs(Comparison):
    header = Pair.header
    said = ("range_low", "range_high")

    def rows(self) -> Iterator[Row]:
        """A row for each pair."""
        return (pair.row() for pair in self.pairs)

    def sentences(self) -> Sequence[str]:
        """What the RMS is over."""
        low, high = self.pairs[0].range
        return (f"rms is over [{low:g}, {high:g}]",)

    def sheet(self) -> Sequence[tuple[str, str]]:
        """None: a table shows pairs better."""
        return ()


def compare(
    activations: Sequence[Activation],
    eps: float = 1e-3,
    window: Window | None = None,
    *,
    cost: bool = False,
) -> Comparison:
    """The facts of some activations side by side, and how far each two are apart.

    Args:
        activations: the functions.
        eps: the threshold of saturation.
        window: where the distances are looked for; by default the suprema are those over the whole
            line, and the RMS is that over [-10, 10].
        cost: whether the functions are timed.
    """
    times = costs(activations) if cost else [None] * len(activations)
    return Comparison(
        [_profile(one, eps, time) for one, time in zip(activations, times, strict=True)],
        [_pair(f, g, window) for f, g in combinations(activations, 2)],
    )


def _profile(activation: Activation, eps: float, cost: float | None) -> Profile:
    known = facts(activation, eps=eps)
    return Profile(**vars(known), zero_centred=known.symmetry == "odd", cost=cost)


def _pair(f: Activation, g: Activation, window: Window | None) -> Pair:
    own = window or _own_window(f, g)
    difference = Difference(f, g, own or EVERYWHERE, is_part=own is not None and window is None)
    largest, steepest = difference.largest(), difference.steepest()
    reach = window or RANGE
    return Pair(
        str(f),
        str(g),
        largest.height,
        next(iter(largest.places), None),
        steepest.height,
        next(iter(steepest.places), None),
        difference.rms(*reach),
        reach,
        largest.places,
        steepest.places,
        own,
    )


def _own_window(f: Activation, g: Activation) -> Window | None:
    """Where to look at functions that turn for ever: over their common period, if they have one."""
    if not (f.endless or g.endless):
        return None
    if f.period is None or f.period != g.period:
        return CUSTOMARY
    return -f.period / 2, f.period / 2
