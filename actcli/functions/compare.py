"""Activations side by side: what is true of each, and how far each two are apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from time import process_time
from typing import NamedTuple

from flint import arb

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.functions.cost import costs
from actcli.functions.facts import Facts, facts
from actcli.functions.saturation import SaturatedRange
from actcli.functions.views import CUSTOMARY
from actcli.structure.asymptotes import nearest
from actcli.structure.boxes import EVERYWHERE, Window
from actcli.structure.differences.apart import Apart
from actcli.structure.differences.one_sided import Known, one_sided
from actcli.structure.points.domain import DOMAIN, Stretch
from actcli.structure.search.supremum import Supremum, goes_on, is_tight
from actcli.structure.structure import EFFORT, Structure
from actcli.structure.undecided import Undecided

_SHORT = 0.5
"""Seconds that may be spent on the whole line where functions turn for ever."""

_SURE, _SHOWN = 40, 20
"""Bits of the RMS for it to be decided, and to be shown."""

RANGE = (-10.0, 10.0)
"""The range of the RMS, unless another one is given."""


@dataclass(frozen=True)
class Profile(Facts):
    """The facts of an activation, and what only a comparison asks for."""

    zero_centred: bool | None
    """Whether inputs that are spread evenly around 0 give outputs that are: whether f is odd.

    Null where that is not decided.
    """
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
        """Those that are known to end where they do."""
        ends = {end for place in self.saturation.open for end in place[:2]}
        tails = (one for one in self.saturation.ranges if one.kind == "bounded")
        return [one for one in tails if not ends & {one.low, one.high}]


class Look(NamedTuple):
    """How far two functions are apart, and where they were looked at, if not everywhere."""

    largest: Supremum
    steepest: Supremum
    window: Window | None
    apart: Apart
    more: Sequence[bool] = (False, False)
    """Whether there may be more places of the one, and of the other, than were looked for."""


@dataclass(frozen=True)
class Pair:
    """How far two activations f and g are apart, wherever both have a value.

    What is infinite is `null` in JSON.
    """

    a: str
    """The name of f."""
    b: str
    """The name of g."""
    max_abs: float
    """The supremum of |f - g|; where that is not proved, what it is proved to be at least."""
    at: float | None
    """The first place where it is attained, or approached; None where f and g are the same."""
    max_abs_derivative: float
    """The supremum of |f' - g'|: both sides of a kink count, and a jump is infinitely steep."""
    at_derivative: float | None
    """The same for |f' - g'|."""
    rms: float
    """The root of the mean of (f - g)**2 over `range`.

    NaN where not both are defined all over it, and where not 6 digits of it are known.
    """
    range: Window
    """The closed interval of the RMS."""
    places: Sequence[float]
    """All places of `max_abs`, of a stretch both ends; where it is infinite, those seen."""
    places_derivative: Sequence[float]
    """The same for |f' - g'|."""
    more_places: bool
    """Whether there may be more of `places` beyond these, as f or g turns for ever."""
    more_places_derivative: bool
    """The same for |f' - g'|."""
    window: Window | None
    """Where the suprema were looked for, if not on the whole line."""
    max_abs_bound: float
    """What |f - g| is proved not to exceed."""
    max_abs_derivative_bound: float
    """What |f' - g'| is proved not to exceed."""
    only_a: Sequence[Stretch]
    """Where f has a value and g has none, ascending."""
    only_b: Sequence[Stretch]
    """Where g has a value and f has none."""
    domain_window: Window | None
    """Where that was looked for, if not on the whole line."""
    proved: bool
    """Whether both suprema, and where f and g have values, are proved."""
    open: Sequence[Undecided]
    """Where |f - g| or |f' - g'| may be larger than is said, or only one may have a value."""
    _look: Look = field(repr=False, compare=False)

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

    @property
    def is_one_domain(self) -> bool:
        """Whether f is proved to have values where g has, and nowhere else."""
        is_decided = all(place.why != DOMAIN for place in self.open)
        return is_decided and not self.only_a and not self.only_b

    @property
    def is_one_function(self) -> bool:
        """Whether f and g are proved to be the same."""
        return self.max_abs_bound == 0 and self.is_one_domain

    def is_within(self, tolerance: float) -> bool:
        """Whether g is proved to be no farther from f than that, and to have values where f has.

        The last bits of the supremum are not counted.
        """
        return (
            self.is_one_domain
            and self.max_abs <= tolerance
            and (self.max_abs_bound <= tolerance or self.is_largest_proved)
        )


@dataclass(frozen=True)
class Comparison:
    """The profiles of some activations, and the distances of all pairs."""

    activations: Sequence[Profile]
    """As they were given."""
    pairs: Sequence[Pair]
    """The first with the second, the first with the third, and so on."""


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
        effort: seconds of CPU for each two functions, after which what is not decided stays open.
    """
    times = costs(activations) if cost else [None] * len(activations)
    count = math.comb(len(activations), 2)
    shares = _shares(effort * max(1, count), len(activations) + count)
    profiles = [
        _profile(one, eps, time, next(shares)) for one, time in zip(activations, times, strict=True)
    ]
    known = zip(activations, (profile.saturation.structure for profile in profiles), strict=True)
    pairs = [_pair(f, g, window, next(shares)) for f, g in combinations(known, 2)]
    return Comparison(profiles, pairs)


def _shares(seconds: float, parts: int) -> Iterator[float]:
    """The time for each part of a question: what is left, shared equally by those to come."""
    deadline = process_time() + seconds
    for left in range(parts, 0, -1):
        yield max(0.0, deadline - process_time()) / left


def _profile(activation: Activation, eps: float, cost: float | None, effort: float) -> Profile:
    known = facts(activation, eps=eps, effort=effort)
    is_odd = None if known.symmetry is None else known.symmetry == "odd"
    return Profile(**vars(known), zero_centred=is_odd, cost=cost)


def _pair(one: Known, other: Known, window: Window | None, effort: float) -> Pair:
    f, g = one[0], other[0]
    look = _looked_at(f, g, window, effort / 2)
    largest, steepest, own, apart, more = look
    if not largest.is_defined:
        within = "" if own is None else f" within [{own[0]:g}, {own[1]:g}]"
        raise ActcliError(f"{f} and {g} are nowhere both defined{within}: nothing to compare")
    reach = window or RANGE
    alone = one_sided(one, other, apart, own, customary=reach, seconds=effort / 2)
    undecided = [
        *(Undecided(*place, "|f - g| may be larger") for place in largest.undecided),
        *(Undecided(*place, "|f' - g'| may be larger") for place in steepest.undecided),
        *alone.undecided,
    ]
    rms = apart.root_mean_square(*reach, effort / 2)
    if rms is not None and _bits(rms) < _SURE:
        undecided.append(Undecided(*reach, "rms"))
    return Pair(
        a=str(f),
        b=str(g),
        max_abs=largest.value,
        at=next(iter(largest.places), None),
        max_abs_derivative=steepest.value,
        at_derivative=next(iter(steepest.places), None),
        rms=math.nan if rms is None or _bits(rms) < _SHOWN else nearest(rms),
        range=reach,
        places=largest.places,
        places_derivative=steepest.places,
        more_places=more[0],
        more_places_derivative=more[1],
        window=own,
        max_abs_bound=largest.bound,
        max_abs_derivative_bound=steepest.bound,
        only_a=alone.only_f,
        only_b=alone.only_g,
        domain_window=alone.window,
        proved=largest.is_proved and steepest.is_proved and not alone.undecided,
        open=undecided,
        _look=look,
    )


def _bits(ball: arb) -> float:
    """How many bits of a ball are known; of an infinite one all."""
    if not ball.is_finite():
        return -math.inf if ball.is_nan() else math.inf
    return float(ball.rel_accuracy_bits())


def _looked_at(f: Activation, g: Activation, window: Window | None, seconds: float) -> Look:
    """Look at two functions: over the period of their difference if they turn for ever."""
    if window is None and any(Structure(one).is_endless for one in (f, g)):
        period = Apart(f, g).period
        if period is None:
            return _endless(f, g, seconds)
        window = -period / 2, period / 2
    apart = Apart(f, g, window or EVERYWHERE, seconds)
    return Look(apart.largest, apart.steepest, window, apart)


def _endless(f: Activation, g: Activation, seconds: float) -> Look:
    """Look at functions that turn for ever: in a window, unless the whole line is soon settled."""
    near = Apart(f, g, CUSTOMARY, seconds)
    places = (*near.largest.places, *near.steepest.places)
    far = Apart(f, g, EVERYWHERE, _SHORT, places)
    largest = _on_the_line(near.largest, far.largest)
    steepest = _on_the_line(near.steepest, far.steepest)
    more = tuple(one is not None and goes_on(one, CUSTOMARY) for one in (largest, steepest))
    window = CUSTOMARY if None in (largest, steepest) else None
    return Look(largest or near.largest, steepest or near.steepest, window, near, more)


def _on_the_line(near: Supremum, far: Supremum) -> Supremum | None:
    """The supremum on the whole line, by its places in the window if it is taken there too."""
    if not far.is_proved:
        return None
    is_taken = is_tight(near.value, far.bound) and near.places
    return far._replace(places=near.places) if is_taken else far
