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
from actcli.numeric.sampling import on_each

Lines = tuple[Line | None, Line | None]
"""The lines approached at -inf and at +inf."""

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
    flats = [one for one in field.flat(eps) if overlap(one, window)]
    values = value_ranges(field, eps, lines, window) if field.window == EVERYWHERE else []
    notes += _cautions(field, eps, steepest)
    return Saturation(
        str(activation),
        activation.formula,
        activation.params,
        eps,
        relative,
        steepest,
        list(_ranges(field, flats, lines, window)),
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
    return math.inf if np.fmax.reduce(far) > 4 * field.steepest else field.steepest


def _finite(steepest: float, activation: Activation, field: Slopes) -> float:
    if math.isfinite(steepest):
        return steepest
    reason = f"it jumps at {field.jumps[0]:g}" if field.jumps else "its slope has no bound"
    raise ActcliError(
        f"--relative has nothing to relate to for {activation}: {reason}; leave it out"
    )


def _ranges(
    field: Slopes, flats: list[Window], lines: Lines, window: Window | None
) -> Iterator[SaturatedRange]:
    """What there is to say about flat intervals: f and f' are asked about all of them at once."""
    parts = [_clipped(flat, window) for flat in flats]
    nodes = [field.inner_nodes(*part) for part in parts]
    edges = [[x for x in part if math.isfinite(x) and field.passes(x)] for part in parts]
    slopes = on_each(field.derivative, nodes)
    values = on_each(field.activation.sampled.value, list(map(np.append, nodes, edges)))
    lows, highs = np.array(flats).reshape(-1, 2).T
    before, after = field.slopes_beside(lows, -1), field.slopes_beside(highs, 1)
    turns = np.sign(before) * np.sign(after) < 0
    for i, flat in enumerate(flats):
        kind = _kind(field, flat, lines, turns=bool(turns[i]))
        yield _range(field, flat, parts[i], kind, lines, slopes[i], values[i])


def _clipped(flat: Window, window: Window | None) -> Window:
    return (max(flat[0], window[0]), min(flat[1], window[1])) if window else flat


def _range(
    field: Slopes,
    flat: Window,
    part: Window,
    kind: str,
    lines: Lines,
    slopes: Array,
    values: Array,
) -> SaturatedRange:
    """A flat interval, or the part of it that is in the window, with f' and f at its nodes.

    Position, kind and limit are those of the whole interval.
    """
    position = {
        (True, True): "everywhere",
        (True, False): "left",
        (False, True): "right",
        (False, False): "interior",
    }[math.isinf(flat[0]), math.isinf(flat[1])]
    if flat == field.window:
        position = "everywhere"
    levels = {line.intercept for line in _ends(flat, lines) if line is not None}
    hard = [_clipped(one, part) for one in field.level if one[0] < part[1] and one[1] > part[0]]
    value_low, value_high = _extremes(field, part, values, lines)
    return SaturatedRange(
        *part,
        position,
        "hard" if hard == [part] else "mixed" if hard else "soft",
        kind,
        levels.pop() if kind == "bounded" and len(levels) == 1 else None,
        float(np.abs(slopes).max(initial=0.0)),
        value_low,
        value_high,
        hard,
    )


def _ends(flat: Window, lines: Lines) -> list[Line | None]:
    """The lines at the ends of the real line that belong to the interval."""
    return [line for line, end in zip(lines, flat, strict=True) if math.isinf(end)]


def _kind(field: Slopes, flat: Window, lines: Lines, *, turns: bool) -> str:
    """What happens in a flat interval; `turns` says whether f' changes its sign across it."""
    ends = _ends(flat, lines)
    if any(line is not None and line.slope for line in ends):
        return "leak"
    if ends:
        return "sublinear" if None in ends else "bounded"
    has_hard_part = any(flat[0] <= low and high <= flat[1] for low, high in field.level)
    return "dead zone" if has_hard_part and not turns else "plateau"


def _extremes(field: Slopes, part: Window, values: Array, lines: Lines) -> Window:
    """The infimum and the supremum of f on the open interval, from its values at the nodes."""
    every = values.tolist()
    for end, line in zip(part, lines, strict=True):
        if math.isinf(end):
            at_end = float(
                field.activation.sampled.value(np.array([math.copysign(LARGEST, end)]))[0]
            )
            every.append(line(end) if line is not None else math.copysign(math.inf, at_end))
    every = [value for value in every if not math.isnan(value)]
    return min(every, default=math.nan), max(every, default=math.nan)


def _cautions(field: Slopes, eps: float, steepest: float) -> Iterator[str]:
    if 0 < eps < FEW_DIGITS:
        yield f"eps = {eps:g} is so small that subnormal slopes decide: edges have fewer digits"
    if eps and math.isfinite(steepest) and abs(eps - steepest) <= 8 * ulp(steepest):
        yield f"eps = {eps:g} is the steepest slope: edges around it are only as good as roundoff"
