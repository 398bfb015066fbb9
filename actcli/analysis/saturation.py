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
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from actcli.activation import Activation, Array, Line
from actcli.analysis.pieces import Window
from actcli.analysis.saturation_words import sentence
from actcli.analysis.slopes import EVERYWHERE, Slopes
from actcli.analysis.tails import line_at
from actcli.analysis.value_saturation import ValueRange, value_ranges
from actcli.analysis.views import overlap, own_window, view
from actcli.answer import Answer, Row
from actcli.errors import ActcliError, UsageError
from actcli.numeric.floats import LARGEST, ulp

FEW_DIGITS = math.ldexp(2.0**-1022, 52)
"""Below this eps f' has to be a subnormal near an edge, with fewer digits than a double."""


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
        window = own_window(activation)
        notes.append(_where(activation, window))
    field = view(activation, window)
    steepest = _steepest(field)
    if relative:
        eps *= _finite(steepest, activation, field)
    lines = (line_at(activation, -1), line_at(activation, 1))
    ranges = [_range(field, one, lines, window) for one in field.flat(eps) if overlap(one, window)]
    values = value_ranges(field, eps, lines, window) if field.window == EVERYWHERE else []
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


def _where(activation: Activation, window: Window) -> str:
    """What the reader is told of a function that never comes to rest."""
    if activation.period is None:
        return f"{activation} turns for ever: seen from {window[0]:g} to {window[1]:g}"
    return f"{activation} repeats every {activation.period:.6g}: one period around 0 is shown"


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


def _cautions(field: Slopes, eps: float, steepest: float) -> Iterator[str]:
    if 0 < eps < FEW_DIGITS:
        yield f"eps = {eps:g} is so small that subnormal slopes decide: edges have fewer digits"
    if eps and math.isfinite(steepest) and abs(eps - steepest) <= 8 * ulp(steepest):
        yield f"eps = {eps:g} is the steepest slope: edges around it are only as good as roundoff"
