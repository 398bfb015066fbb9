"""Where an activation saturates: proved, over all real numbers.

A range is a maximal open interval on which the local Lipschitz modulus of f, the larger one-sided
|f'|, is below eps (`Structure.flat` finds them). What happens there is its `kind`:

- At an end, by the line m x + c approached there: `bounded` (m = 0: f goes to c), `sublinear` (f'
  goes to 0 but f has no limit: asinh), `leak` (0 < |m|: the slope stays, merely below eps). Where
  both ends belong to one range, a leak counts before sublinear, and that before bounded.
- Inside: `dead zone` (f stays constant somewhere and goes on the way it came: softshrink), else
  `plateau` (f' passes through 0 or touches it, or only dips below eps).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from actcli.activations.base import Activation, Line
from actcli.errors import ActcliError, CrowdedError, UsageError
from actcli.functions.value_saturation import ValueRange, value_ranges
from actcli.functions.views import clipped, overlap, structure_of
from actcli.structure.boxes import Window
from actcli.structure.flat_ranges import FlatRange
from actcli.structure.points.domain import Stretch
from actcli.structure.structure import EFFORT, Structure
from actcli.structure.undecided import Undecided
from actcli.structure.value_range import number

_MOST = 4096
"""Ranges from which on nobody wants them listed."""


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
    """The supremum of |f'| on it."""
    value_low: float
    """The infimum of f on it; null where f is unbounded, or its last digits are not decided."""
    value_high: float
    """The supremum of f on it."""
    hard: Sequence[Window]
    """The parts on which f' is 0."""


@dataclass(frozen=True)
class Saturation:
    """The saturated ranges of an activation, all of them, ascending."""

    activation: str
    formula: str
    params: Mapping[str, float]
    eps: float
    """The threshold itself, also where it was given relative to sup |f'|."""
    relative: bool
    """Whether the threshold was given in units of sup |f'|."""
    max_slope: float
    """The supremum of |f'|; NaN where it is not proved."""
    ranges: Sequence[SaturatedRange]
    """Open intervals, ascending."""
    value_ranges: Sequence[ValueRange]
    """Where f itself is within eps of its asymptote."""
    no_value: Sequence[Stretch]
    """Where f has no value: neither saturated nor active; ascending."""
    window: Window | None
    """What the ranges are clipped to; None where nothing is."""
    period: float | None
    proved: bool
    """Whether everything is decided."""
    open: Sequence[Undecided]
    """Where it could not be decided whether |f'| < eps."""
    notes: Sequence[str]
    _structure: Structure = field(repr=False, compare=False)

    @property
    def structure(self) -> Structure:
        """What proves it."""
        return self._structure


def saturation(
    activation: Activation,
    eps: float = 1e-3,
    *,
    relative: bool = False,
    window: Window | None = None,
    effort: float = EFFORT,
) -> Saturation:
    """Where |f'| < eps; for eps = 0 where f is constant.

    Args:
        activation: the function.
        eps: the threshold.
        relative: whether eps counts in units of sup |f'|.
        window: what the answer is clipped to. A function that turns for ever is looked at in a
            window in any case: its period, a few steps of a fine staircase, or
            [-10, 10].
        effort: seconds of CPU after which what is not decided stays open.

    Raises:
        UsageError: eps is negative or NaN.
        ActcliError: eps is relative to a slope that has no bound, or f has no value anywhere.
        CrowdedError: there are too many ranges.
    """
    if not eps >= 0:
        raise UsageError(f"eps must be 0 or greater, not {eps:g}")
    structure = structure_of(activation, window, effort)
    notes = []
    if structure.focus and window is None:
        notes.append(_where(activation, structure.focus, structure.period))
    return saturated(
        activation, structure, eps=eps, relative=relative, window=structure.focus, notes=notes
    )


def saturated(
    activation: Activation,
    structure: Structure,
    eps: float,
    relative: bool = False,
    window: Window | None = None,
    notes: Sequence[str] = (),
) -> Saturation:
    """The same for a function whose structure is known; `notes` go before its own."""
    if relative:
        eps *= _finite(structure.whole.steepness.proved, activation, structure)
    values, places = value_ranges(structure, eps, window)
    found = structure.flat(eps)
    flats = [one for one in found.ranges if overlap(_place(one), window)]
    if len(flats) > _MOST:
        raise CrowdedError(flats[0].low, flats[-1].high).of(activation)
    places += [Undecided(*part, "f'") for part in found.undecided if overlap(part, window)]
    return Saturation(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        eps=eps,
        relative=relative,
        ranges=[_range(structure, flat, eps, window) for flat in flats],
        max_slope=structure.whole.steepness.proved,
        value_ranges=values,
        no_value=structure.domain.within(window).no_value,
        window=window,
        period=structure.period,
        proved=not places,
        open=places,
        notes=notes,
        _structure=structure,
    )


def _where(activation: Activation, window: Window, period: float | None) -> str:
    """What the reader is told of a function that never comes to rest."""
    if period is None:
        return f"{activation} turns for ever: seen from {window[0]:g} to {window[1]:g}"
    return f"{activation} repeats every {period:.6g}: one period around 0 is shown"


def _finite(steepest: float, activation: Activation, structure: Structure) -> float:
    if math.isfinite(steepest):
        return steepest
    jump = structure.jump
    bound = "its slope has no bound" if math.isinf(steepest) else "no bound of it is proved"
    reason = bound if jump is None else f"it jumps at {jump:g}"
    raise ActcliError(
        f"--relative has nothing to relate to for {activation}: {reason}; leave it out"
    )


def _range(
    structure: Structure, flat: FlatRange, eps: float, window: Window | None
) -> SaturatedRange:
    """What there is to say about a flat interval, or about the part of it that is in the window.

    Position, kind and limit are those of the whole interval.
    """
    whole = (flat.low, flat.high)
    low, high = clipped(whole, window)
    levels = {line.intercept for line in _ends(structure, flat) if line is not None}
    hard = [clipped(part, (low, high)) for part in flat.constant if overlap(part, (low, high))]
    kind = _kind(structure, flat)
    hardness = "hard" if hard == [(low, high)] else "mixed" if hard else "soft"
    inner, beside = _inside(flat, (low, high))
    bottom, top = structure.extent(*inner)
    values = [value for value, _ in beside]
    return SaturatedRange(
        low=low,
        high=high,
        position=_position(structure, flat),
        hardness=hardness,
        kind=kind,
        limit=levels.pop() if kind == "bounded" and len(levels) == 1 else None,
        max_slope=_steepest(structure, flat, (low, high), eps),
        value_low=_first([bottom, *values]),
        value_high=-_first([-top, *(-value for value in values)]),
        hard=hard,
    )


def _first(values: Sequence[float]) -> float:
    """The least; NaN where one of them is not known."""
    return math.nan if any(map(math.isnan, values)) else min(values)


def _steepest(structure: Structure, flat: FlatRange, part: Window, eps: float) -> float:
    """The supremum of |f'| on a part of a flat interval."""
    if part in flat.constant:
        return 0.0
    if any(reaches and part[i] == flat[i] for i, reaches in enumerate(flat.reaches_eps)):
        return eps
    inner, beside = _inside(flat, part)
    return max([structure.steepest_on(*inner), *(abs(slope) for _, slope in beside)])


def _inside(flat: FlatRange, part: Window) -> tuple[Window, list[tuple[float, float]]]:
    """The doubles of a part that are inside the interval, and f and f' at its breaks."""
    (first, last), (low, high), beside = flat.breaks, part, []
    if first is not None and low == flat.low:
        low = flat.inner[0]
        beside.append((number(first.right), number(first.slope_right)))
    if last is not None and high == flat.high:
        high = flat.inner[1]
        beside.append((number(last.left), number(last.slope_left)))
    return (low, high), beside


def _position(structure: Structure, flat: FlatRange) -> str:
    to_left, to_right = math.isinf(flat.low), math.isinf(flat.high)
    if (flat.low, flat.high) == structure.window or (to_left and to_right):
        return "everywhere"
    return "left" if to_left else "right" if to_right else "interior"


def _place(flat: FlatRange) -> Window:
    """Where a flat interval is: of one narrower than doubles, the double nearest to it."""
    return (flat.low, flat.high) if flat.around is None else (flat.around, flat.around)


def _ends(structure: Structure, flat: FlatRange) -> list[Line | None]:
    """The lines at the ends of the real line that belong to the interval."""
    ends, lines = (flat.low, flat.high), structure.lines
    if ends == structure.window and None not in lines:
        return [*lines]
    return [line for line, end in zip(lines, ends, strict=True) if math.isinf(end)]


def _kind(structure: Structure, flat: FlatRange) -> str:
    ends = _ends(structure, flat)
    if any(line is not None and line.slope for line in ends):
        return "leak"
    if ends:
        return "sublinear" if None in ends else "bounded"
    turns = _way_beyond(structure, flat.low, -1) * _way_beyond(structure, flat.high, 1) < 0
    return "dead zone" if flat.constant and not turns else "plateau"


def _way_beyond(structure: Structure, edge: float, side: int) -> int:
    """The sign of f' beyond an edge, which may lie between its double and the next one."""
    here = structure.slope_sign(edge, side)
    return here or structure.slope_sign(math.nextafter(edge, side * math.inf), side)
