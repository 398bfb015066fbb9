"""What is true of an activation over the whole real line, worked out from the function itself.

The same for a catalogue entry and for a typed formula. Extrema, roots and fixed points are found on
the integer image of the doubles, and listed where they are isolated: an interval on which f is
constant has no turning points, one on which f is 0 is in `zero_on`, one on which f(x) = x in
`fixed_on`. A function that turns for ever is looked at in a window: its period, or [-10, 10].
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, NamedTuple

import numpy as np

from actcli.activation import Activation, Line
from actcli.analysis.extent import Range, extent, lipschitz
from actcli.analysis.facts_words import sheet, title
from actcli.analysis.pieces import Window
from actcli.analysis.saturation import Saturation, saturation
from actcli.analysis.shape import Course, course, zeros
from actcli.analysis.slopes import Slopes
from actcli.analysis.smoothness import Kink, at_switches, smoothness
from actcli.analysis.tails import line_at
from actcli.analysis.views import own_window, view
from actcli.answer import Answer, Row
from actcli.catalogue.frameworks import Spelling, spellings
from actcli.catalogue.registry import Named
from actcli.numeric.floats import ulp
from actcli.numeric.sampling import crowded

_MOST = 1000
"""Switches of a formula from which on a list of its kinks would say nothing."""

_MIRRORED = 16
"""Ulp by which f(x) and f(-x) may differ in an odd or even function."""


class Interval(NamedTuple):
    """A closed interval; an open end is infinite."""

    low: float
    high: float


class Extremum(NamedTuple):
    """An isolated local minimum or maximum."""

    x: float
    value: float
    kind: str
    """`minimum` or `maximum`."""


@dataclass(frozen=True)
class Facts(Answer):
    """What is true of an activation. A number that is not finite is `null` in JSON."""

    activation: str
    formula: str
    params: Mapping[str, float]
    range: Range
    monotone: str
    """`strictly increasing`, `nondecreasing`, `constant`, `nonincreasing`, `strictly decreasing`
    or `no`."""
    symmetry: str
    """`odd`, `even` or `none`."""
    smoothness: str
    """`jump`, `kink`, `C1` (f'' jumps), `C2`, `C3`, `C4` or `smooth`."""
    extrema: Sequence[Extremum]
    kinks: Sequence[Kink]
    left: Line | None
    """The line approached at -inf."""
    right: Line | None
    """The line approached at +inf."""
    lipschitz: float
    """sup |f'|; infinite at a jump."""
    roots: Sequence[float]
    fixed_points: Sequence[float]
    zero_on: Sequence[Interval]
    """Where f is 0 throughout."""
    fixed_on: Sequence[Interval]
    """Where f(x) = x throughout."""
    period: float | None
    window: Window | None
    """Where extrema, kinks, roots and fixed points were looked for, if not everywhere."""
    family: str | None
    summary: str | None
    reference: str | None
    saturation: Saturation
    """Where it saturates, unless asked otherwise at a threshold of 1e-3."""
    frameworks: Sequence[Spelling]
    """What the frameworks call it."""
    notes: Sequence[str]

    header: ClassVar[tuple[str, ...]] = (
        *("activation", "formula", "range_low", "range_high", "low_attained", "high_attained"),
        *("monotone", "symmetry", "smoothness", "extrema", "kinks", "left_slope"),
        *("left_intercept", "right_slope", "right_intercept", "lipschitz", "roots"),
        *("fixed_points", "period", "zero_on", "fixed_on"),
    )

    def rows(self) -> Iterator[Row]:
        """One row; places are listed with spaces between them, intervals as -inf..0.0."""
        yield {
            "activation": self.activation,
            "formula": self.formula,
            "range_low": self.range.low,
            "range_high": self.range.high,
            "low_attained": self.range.low_attained,
            "high_attained": self.range.high_attained,
            "monotone": self.monotone,
            "symmetry": self.symmetry,
            "smoothness": self.smoothness,
            "extrema": _listed(extremum.x for extremum in self.extrema),
            "kinks": _listed(kink.x for kink in self.kinks),
            "left_slope": self.left.slope if self.left else None,
            "left_intercept": self.left.intercept if self.left else None,
            "right_slope": self.right.slope if self.right else None,
            "right_intercept": self.right.intercept if self.right else None,
            "lipschitz": self.lipschitz,
            "roots": _listed(self.roots),
            "fixed_points": _listed(self.fixed_points),
            "period": self.period,
            "zero_on": _spans(self.zero_on),
            "fixed_on": _spans(self.fixed_on),
        }

    def sentences(self) -> Sequence[str]:
        """What the function is called."""
        return (title(self),)

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The facts, a line or a few each."""
        return sheet(self)


def facts(activation: Activation, window: Window | None = None, eps: float = 1e-3) -> Facts:
    """What is true of an activation; `window` is for one that turns for ever, eps for saturation.

    Raises:
        CrowdedError: the function turns or changes branch too often in the window.
    """
    notes: list[str] = []
    if activation.endless:
        window = window or own_window(activation)
        notes.append(f"{activation} turns for ever: seen from {window[0]:.6g} to {window[1]:.6g}")
    else:
        window = None
    field = view(activation, window)
    if len(field.switches) > _MOST:
        raise crowded(np.array(field.switches)).of(activation)
    places = at_switches(activation, field.switches)
    lines = (_line(activation, -1), _line(activation, 1))
    heights, gaps = course(field, lines), course(field, lines, level=1.0)
    notes += _holes(heights)
    roots, zero_on = zeros(heights)
    fixed, fixed_on = zeros(gaps)
    named = activation if isinstance(activation, Named) else None
    return Facts(
        str(activation),
        activation.formula,
        activation.params,
        extent(heights, places),
        _monotone(heights, places),
        _symmetry(field),
        smoothness(activation, places, [*field.switches, *field.pieces.turns()]),
        [e for e in _extrema(heights, places) if _within(e.x, window)],
        [p for p in places if (p.is_jump or p.is_bend) and _within(p.x, window)],
        *lines,
        lipschitz(field, places, lines),
        [x for x in roots if _within(x, window)],
        [x for x in fixed if _within(x, window)],
        [Interval(*one) for one in zero_on],
        [Interval(*one) for one in fixed_on],
        activation.period,
        window,
        named.family() if named else None,
        named.summary() if named else None,
        named.reference if named else None,
        saturation(activation, eps),
        [*spellings(named.name)] if named else [],
        notes,
    )


def _line(activation: Activation, side: int) -> Line | None:
    line = line_at(activation, side)
    return Line(float(line.slope), float(line.intercept)) if line else None


def _within(x: float, window: Window | None) -> bool:
    """Whether a place is in the closed window, roundoff of the place allowed for."""
    if window is None:
        return True
    low, high = window
    return low - 4 * ulp(low) <= x <= high + 4 * ulp(high)


def _holes(heights: Course) -> Iterator[str]:
    """Where the function has no value."""
    if not heights.stretches:
        yield f"{heights.activation} has a value at single numbers only"
    elif heights.stretches[0].low > heights.window[0]:
        yield f"{heights.activation} is not a number below {heights.stretches[0].low:.6g}"
    elif heights.stretches[-1].high < heights.window[1]:
        yield f"{heights.activation} is not a number above {heights.stretches[-1].high:.6g}"


def _monotone(heights: Course, places: Sequence[Kink]) -> str:
    ways = {stretch.direction for stretch in heights.stretches}
    for place in places:
        if place.is_jump:
            levels = (place.value_left, place.value, place.value_right)
            ways |= {int(np.sign(b - a)) for a, b in pairwise(levels) if a != b and b - a == b - a}
            if place.value_left != place.value_right:
                ways.add(1 if place.value_right > place.value_left else -1)
    if {1, -1} <= ways:
        return "no"
    for way, strict, weak in (
        (1, "strictly increasing", "nondecreasing"),
        (-1, "strictly decreasing", "nonincreasing"),
    ):
        if way in ways:
            still = any(stretch.is_flat for stretch in heights.stretches)
            return weak if still else strict
    return "constant"


def _symmetry(field: Slopes) -> str:
    """Seen at thousands of doubles of every size; near 0 as nearly as f is known in [-1, 1]."""
    x, here, _ = field.samples
    there = here[::-1]
    central = np.abs(x) <= 1
    scale = np.nanmax(np.abs(here[central]), initial=0.0, where=np.isfinite(here[central]))
    error = _MIRRORED * np.where(central, ulp(float(scale)), ulp(here))
    undefined = np.isnan(here) & np.isnan(there) | (x == 0) & np.isinf(here)
    with np.errstate(all="ignore"):
        for name, sign in (("even", 1), ("odd", -1)):
            same = (here == sign * there) | (np.abs(here - sign * there) <= error)
            if np.all(same | undefined):
                return name
    return "none"


def _extrema(heights: Course, places: Sequence[Kink]) -> Iterator[Extremum]:
    """The nodes that stand out on both sides."""
    before = {stretch.high: stretch.direction for stretch in heights.stretches}
    after = {stretch.low: stretch.direction for stretch in heights.stretches}
    jumps = {place.x: place for place in places if place.is_jump}
    for x, value in zip(heights.nodes, heights.at(heights.nodes), strict=True):
        if x not in before or x not in after or not math.isfinite(value):
            continue
        left, right = before[x], -after[x]
        if x in jumps:
            left = _way(jumps[x].value_left, value) or left
            right = _way(jumps[x].value_right, value) or right
        if left == right != 0:
            yield Extremum(x, value, "maximum" if left > 0 else "minimum")


def _way(start: float, end: float) -> int:
    return (end > start) - (end < start)


def _spans(intervals: Sequence[Interval]) -> str:
    return " ".join(f"{low!r}..{high!r}" for low, high in intervals)


def _listed(numbers: Iterator[float] | Sequence[float]) -> str:
    return " ".join(repr(number) for number in numbers)
