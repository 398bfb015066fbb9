"""Where an activation saturates: exactly, over all doubles.

A range is a maximal open interval on which the local Lipschitz modulus of f, the larger one-sided
|f'|, is below eps (`slopes` finds them). What happens there is its `kind`:

- At an end, by the line m x + c approached there: `bounded` (m = 0: f goes to c), `sublinear` (f'
  goes to 0 but f has no limit: asinh), `leak` (0 < |m|: the slope stays, merely below eps). Where
  both ends belong to one range, a leak counts before sublinear, and that before bounded.
- Inside: `dead zone` (f stays constant somewhere and goes on the way it came: softshrink), else
  `plateau` (f' passes through 0 or touches it, or only dips below eps).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from actcli.activation import Activation, Array, Line
from actcli.analysis.pieces import Window
from actcli.analysis.saturation_words import sentence
from actcli.analysis.slopes import EVERYWHERE, Slopes, slopes
from actcli.analysis.tails import line_at
from actcli.answer import Answer, Row
from actcli.errors import ActcliError, CrowdedError, UsageError
from actcli.numeric.floats import LARGEST, flips, step, ulp

FEW_DIGITS = math.ldexp(2.0**-1022, 52)
"""Below this eps f' has to be a subnormal near an edge, with fewer digits than a double."""

CUSTOMARY = (-10.0, 10.0)
"""The window for a function that goes on turning for ever but has no period."""


class SaturatedRange(NamedTuple):
    """An open interval on which |f'| < eps; an open end is infinite."""

    low: float
    high: float
    position: str
    """`left`, `right`, `interior` or `everywhere`."""
    hardness: str
    """`hard` (f' is 0 throughout), `soft` (nowhere on an interval) or `mixed`."""
    kind: str
    """`bounded`, `sublinear`, `leak`, `plateau` or `dead zone`."""
    limit: float | None
    """Where f goes, if the range is bounded and both its ends agree."""
    max_slope: float
    value_low: float
    value_high: float
    hard: Sequence[Window]
    """The parts on which f' is 0."""


class ValueRange(NamedTuple):
    """An unbounded open interval on which f is within eps of the line slope x + intercept.

    Its edge is as exact as f minus the line is in double precision.
    """

    low: float
    high: float
    slope: float
    intercept: float


@dataclass(frozen=True)
class Saturation(Answer):
    """The saturated ranges of an activation, all of them, ascending."""

    activation: str
    formula: str
    params: Mapping[str, float]
    eps: float
    """The threshold itself, also where it was given relative to sup |f'|."""
    relative: bool
    max_slope: float
    """The supremum of |f'|."""
    ranges: Sequence[SaturatedRange]
    value_ranges: Sequence[ValueRange]
    window: Window | None
    """What the ranges are clipped to; None where nothing is."""
    period: float | None
    notes: Sequence[str]

    header: ClassVar[tuple[str, ...]] = (
        *("activation", "eps", "low", "high", "position", "hardness", "kind", "limit"),
        *("max_slope", "value_low", "value_high"),
    )
    said: ClassVar[tuple[str, ...]] = ("activation", "eps", "position", "max_slope")

    def rows(self) -> Iterator[Row]:
        """One row a range."""
        for one in self.ranges:
            values = {"activation": self.activation, "eps": self.eps, **one._asdict()}
            yield {key: values[key] for key in self.header}

    def sentences(self) -> Sequence[str]:
        """Where it saturates, and what has to be said beside it."""
        return [sentence(self), *self.notes]


def saturation(
    activation: Activation,
    eps: float = 1e-3,
    *,
    relative: bool = False,
    window: Window | None = None,
) -> Saturation:
    """Where |f'| < eps; for eps = 0 where f is constant.

    Args:
        activation: the function.
        eps: the threshold.
        relative: whether eps counts in units of sup |f'|.
        window: what the answer is clipped to. A function that turns for ever is looked at in a
            window in any case: its period, or [-10, 10].

    Raises:
        UsageError: eps is negative or NaN.
        ActcliError: eps is relative to a slope that has no bound.
    """
    if not eps >= 0:
        raise UsageError(f"eps must be 0 or greater, not {eps:g}")
    notes: list[str] = []
    if activation.endless and window is None:
        window = _own_window(activation, notes)
    field = _field(activation, window)
    steepest = _steepest(field)
    if relative:
        eps *= _finite(steepest, activation, field)
    lines = (line_at(activation, -1), line_at(activation, 1))
    ranges = [_range(field, one, lines, window) for one in field.flat(eps) if _meets(one, window)]
    values = _value_ranges(field, eps, lines, window) if field.window == EVERYWHERE else []
    notes += _cautions(field, eps, steepest)
    return Saturation(
        str(activation),
        activation.formula,
        activation.params,
        eps,
        relative,
        steepest,
        ranges,
        values,
        window,
        activation.period,
        notes,
    )


_BEYOND = (1.0, 1 / 16, 0.0)
"""Parts of a window by which it is seen wider, if nothing is in the way."""


def _field(activation: Activation, window: Window | None) -> Slopes:
    """The slopes, seen as far out as can be, so that ranges do not end with the window."""
    views = [] if activation.endless else [EVERYWHERE]
    if window:
        low, high = window
        views += [(low - part * (high - low), high + part * (high - low)) for part in _BEYOND]
    for view in views[:-1]:
        with suppress(CrowdedError):
            return slopes(activation, view)
    return slopes(activation, views[-1])


def _own_window(activation: Activation, notes: list[str]) -> Window:
    """Where to look at a function that never comes to rest; the reader is told."""
    period = activation.period
    if period is None:
        low, high = CUSTOMARY
        notes.append(f"{activation} turns for ever: seen from {low:g} to {high:g}")
        return CUSTOMARY
    notes.append(f"{activation} repeats every {period:.6g}: one period around 0 is shown")
    return -period / 2, period / 2


def _steepest(field: Slopes) -> float:
    """The supremum of |f'| over the reals, although an endless function was seen in a window."""
    if field.window == EVERYWHERE or field.activation.period is not None:
        return field.steepest
    far = np.abs(field.derivative(np.ldexp(1.25, np.arange(-100, 1000))))
    return math.inf if np.nanmax(far) > 4 * field.steepest else field.steepest


def _finite(steepest: float, activation: Activation, field: Slopes) -> float:
    if math.isfinite(steepest):
        return steepest
    reason = f"it jumps at {field.jumps[0]:g}" if field.jumps else "its slope has no bound"
    raise ActcliError(
        f"--relative has nothing to relate to for {activation}: {reason}; leave it out"
    )


def _meets(flat: Window, window: Window | None) -> bool:
    return window is None or (flat[0] < window[1] and flat[1] > window[0])


def _range(
    field: Slopes, flat: Window, lines: tuple[Line | None, Line | None], window: Window | None
) -> SaturatedRange:
    """What there is to say about a flat interval; kind and limit are those of the whole of it."""
    low, high = flat
    hard = [part for part in field.level if low <= part[0] and part[1] <= high]
    ends = [line for line, end in zip(lines, flat, strict=True) if math.isinf(end)]
    position = {
        (True, True): "everywhere",
        (True, False): "left",
        (False, True): "right",
        (False, False): "interior",
    }[math.isinf(low), math.isinf(high)]
    if field.window != EVERYWHERE and (low, high) == field.window:
        position = "everywhere"
    kind = _kind_at_ends(ends) if ends else _kind_inside(field, flat, bool(hard))
    levels = {line.intercept for line in ends if line is not None}
    hardness = "hard" if hard == [flat] else "mixed" if hard else "soft"
    if window:
        low, high = max(low, window[0]), min(high, window[1])
        hard = [(max(a, low), min(b, high)) for a, b in hard if a < high and b > low]
        hardness = "hard" if hard == [(low, high)] else "mixed" if hard else "soft"
    nodes = field.inner_nodes(low, high)
    slopes_there = np.abs(field.derivative(nodes))
    value_low, value_high = _extremes(field, low, high, nodes, lines)
    return SaturatedRange(
        low,
        high,
        position,
        hardness,
        kind,
        levels.pop() if kind == "bounded" and len(levels) == 1 else None,
        float(slopes_there.max(initial=0.0)),
        value_low,
        value_high,
        hard,
    )


def _kind_at_ends(ends: list[Line | None]) -> str:
    if any(line is not None and line.slope for line in ends):
        return "leak"
    return "sublinear" if None in ends else "bounded"


def _kind_inside(field: Slopes, flat: Window, has_hard_part: bool) -> str:
    before, after = field.slope_beside(flat[0], -1), field.slope_beside(flat[1], 1)
    turns = (before < 0 < after) or (after < 0 < before)
    return "dead zone" if has_hard_part and not turns else "plateau"


def _extremes(
    field: Slopes,
    low: float,
    high: float,
    nodes: Array,
    lines: tuple[Line | None, Line | None],
) -> Window:
    """The infimum and the supremum of f on the open interval."""
    edges = [edge for edge in (low, high) if math.isfinite(edge) and field.passes(edge)]
    values = field.activation.value(np.concatenate([nodes, edges])).tolist()
    for end, line in ((low, lines[0]), (high, lines[1])):
        if math.isinf(end):
            at_end = float(field.activation.value(np.array([math.copysign(LARGEST, end)]))[0])
            values.append(line(end) if line is not None else math.copysign(math.inf, at_end))
    values = [value for value in values if not math.isnan(value)]
    return min(values, default=math.nan), max(values, default=math.nan)


def _value_ranges(
    field: Slopes, eps: float, lines: tuple[Line | None, Line | None], window: Window | None
) -> list[ValueRange]:
    """At each end with a line, the maximal unbounded interval on which f is within eps of it.

    Left out where eps is lost in the roundoff of f itself.
    """
    found: list[ValueRange] = []
    for side, line in zip((-1, 1), lines, strict=True):
        if line is None or eps == 0:
            continue
        edge = _last_far(field, line, side, eps)
        low, high = (-math.inf, edge) if side < 0 else (edge, math.inf)
        nowhere = math.isinf(edge) and edge * side > 0
        lost = edge not in field.switches and eps < 8 * ulp(line(edge))
        if nowhere or (math.isfinite(edge) and lost) or not _meets((low, high), window):
            continue
        if window:
            low, high = max(low, window[0]), min(high, window[1])
        one = ValueRange(low, high, line.slope, line.intercept)
        if one not in found:
            found.append(one)
    return found


def _last_far(field: Slopes, line: Line, side: int, eps: float) -> float:
    """The last place, going out, where f is eps or more from the line; -side inf if none is."""

    def distance(x: Array) -> Array:
        value, level = field.activation.value(x), line.slope * x + line.intercept
        away = np.abs(value - level)
        return np.where(away <= 2 * ulp(np.maximum(np.abs(value), np.abs(level))), 0.0, away)

    cuts = field.crossings(line.slope)  # between these and the pieces' ends f - line is monotone
    low = np.sort(np.concatenate([field.pieces.low, cuts]))
    high = np.sort(np.concatenate([field.pieces.high, cuts]))
    inner, outer = (low, high) if side > 0 else (high[::-1], low[::-1])
    with np.errstate(all="ignore"):
        far_out, far_in = distance(outer) >= eps, distance(inner) >= eps
        if not np.any(far_out | far_in):
            return -side * math.inf
        last = int(np.flatnonzero(far_out | far_in)[-1])
        if far_out[last]:
            return _beyond(field, float(outer[last]), side)
        edge = flips(lambda x: distance(x) >= eps, outer[[last]], inner[[last]])
    return float(edge[0])


def _beyond(field: Slopes, place: float, side: int) -> float:
    """The switch next to the end of a piece, or infinity, or the place itself."""
    if abs(place) == LARGEST:
        return math.copysign(math.inf, place)
    beside = step(place, side)
    return beside if beside in field.switches else place


def _cautions(field: Slopes, eps: float, steepest: float) -> Iterator[str]:
    if 0 < eps < FEW_DIGITS:
        yield f"eps = {eps:g} is so small that subnormal slopes decide: edges have fewer digits"
    if eps and math.isfinite(steepest) and abs(eps - steepest) <= 8 * ulp(steepest):
        yield f"eps = {eps:g} is the steepest slope: edges around it are only as good as roundoff"
