"""What is true of an activation over the whole real line, proved from its formula.

The same for a catalogue entry and for a typed formula. Extrema, roots and fixed points are listed
where they are isolated: an interval on which f is constant has no turning points, one on which f is
0 is in `zero_on`, one on which f(x) = x in `fixed_on`. Those of a function that turns for ever are
listed in a window: its period, or [-10, 10], or the few steps around 0 of a fine staircase. All
else is true of the whole line, or open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from actcli.activations.base import Activation, Line
from actcli.activations.frameworks import Spelling, spellings
from actcli.activations.registry import Named
from actcli.errors import CrowdedError
from actcli.functions.derivatives.formula import derivative_formula
from actcli.functions.derivatives.steepest import Steepest, steepest
from actcli.functions.kinks import Kink, holes, jumps, kinks
from actcli.functions.reach import Range, reach
from actcli.functions.saturation import Saturation, saturated
from actcli.functions.turns import Extremum, extrema, monotone
from actcli.functions.views import structure_of
from actcli.structure.boxes import Window
from actcli.structure.points.domain import Stretch
from actcli.structure.points.smoothness import smoothness
from actcli.structure.points.zeros import Zeros
from actcli.structure.search.supremum import is_tight
from actcli.structure.structure import EFFORT, Structure
from actcli.structure.undecided import Undecided

_MOST = 1000
"""Branch points of a formula from which on a list of its kinks would say nothing."""

_SMOOTHNESS = {"discontinuous": "jump", "C0": "kink", "Cinf": "smooth"}


class Interval(NamedTuple):
    """A closed interval; an open end is infinite."""

    low: float
    high: float


@dataclass(frozen=True)
class Facts:
    """What is true of an activation. A number that is not finite is `null` in JSON."""

    activation: str
    formula: str
    params: Mapping[str, float]
    range: Range
    """The values that f takes."""
    monotone: str | None
    """`strictly increasing`, `nondecreasing`, `constant`, `nonincreasing`, `strictly decreasing`
    or `no`; None, as of what follows, where it is not decided."""
    symmetry: str | None
    """`odd`, `even` or `none`."""
    smoothness: str | None
    """`jump`, `kink`, `C1` (f'' jumps), `C2` and on, or `smooth`."""
    extrema: Sequence[Extremum]
    """Isolated ones, ascending in x."""
    kinks: Sequence[Kink]
    """Ascending."""
    left: Line | None
    """The line approached at -inf."""
    right: Line | None
    """The line approached at +inf."""
    lipschitz: float
    """sup |f'|; infinite at a jump."""
    roots: Sequence[float]
    """Where f(x) = 0, ascending; stretches stand in `zero_on`."""
    fixed_points: Sequence[float]
    """Where f(x) = x, ascending; stretches stand in `fixed_on`."""
    zero_on: Sequence[Interval]
    """Where f is 0 throughout."""
    fixed_on: Sequence[Interval]
    """Where f(x) = x throughout."""
    no_value: Sequence[Stretch]
    """The maximal intervals, and single numbers, at which f has no value, ascending."""
    derivative: str | None
    """f' as a formula in x, the parameters put in; None where it is too long."""
    second_derivative: str | None
    """f'' in the same way, if it was asked for."""
    steepest: Sequence[Steepest]
    """Where |f'| takes or approaches its supremum, `lipschitz`."""
    period: float | None
    window: Window | None
    """Where extrema, kinks, roots and fixed points were looked for, if not everywhere."""
    family: str | None
    summary: str | None
    reference: str | None
    saturation: Saturation
    """Where it saturates, unless asked otherwise at a threshold of 1e-3."""
    entry: str | None
    """Its name in the catalogue, with the parameters that are not default."""
    frameworks: Sequence[Spelling]
    """What the frameworks call it."""
    proved: bool
    """Whether everything is decided."""
    open: Sequence[Undecided]
    """What could not be decided, and where."""
    notes: Sequence[str]


def facts(
    activation: Activation,
    window: Window | None = None,
    eps: float = 1e-3,
    effort: float = EFFORT,
    order: int = 1,
) -> Facts:
    """What is true of an activation, as far as it is decided within that many seconds of CPU.

    `window` is for one that turns for ever, eps for saturation; `order` is that of the highest
    derivative whose formula is asked for, 1 or 2.

    Raises:
        CrowdedError: the function turns or changes branch too often in the window.
    """
    structure, notes = structure_of(activation, window, effort), list[str]()
    given, window = window, structure.focus if structure.is_endless else None
    if given and not window:
        notes.append(f"{activation} does not turn for ever: this is true of all x")
    if window:
        is_level = None not in structure.lines and structure.steepness.bound == 0
        goes_on = "has holes" if is_level else "turns"
        seen = f"seen from {window[0]:.6g} to {window[1]:.6g}"
        notes.append(f"{activation} {goes_on} for ever: {seen}")
    steepest_at = steepest(structure, window)
    saturation = saturated(activation, structure, eps, window=window)
    branches = structure.branches
    if len(branches.points) > _MOST:
        raise CrowdedError(branches.points[0].x, branches.points[-1].x).of(activation)
    breaks = set(jumps(branches))
    places = [*kinks(activation, structure)]
    steps = [place for place in places if place.x in breaks]
    roots, fixed = structure.zeros, structure.fixed_points
    extremes = [e for e in extrema(structure, steps) if _within(e.x, window)]
    whole = structure.whole
    height, lipschitz = reach(whole), whole.steepness.proved
    going, symmetry, smoothness = _monotone(activation, whole), _symmetry(whole), _smooth(whole)
    undecided = [*_undecided(structure, (roots, fixed))]
    known: dict[str, object] = {
        "range": height,
        "monotone": going,
        "symmetry": symmetry,
        "smoothness": smoothness,
        "Lipschitz constant": None if math.isnan(lipschitz) else lipschitz,
        "ends of the range": None if height and None in height[2:] else True,
    }
    undecided += [Undecided(-math.inf, math.inf, it) for it, what in known.items() if what is None]
    named = activation if isinstance(activation, Named) else None
    return Facts(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        no_value=structure.domain.within(window).no_value,
        range=height or Range(math.nan, math.nan, None, None),
        monotone=going,
        symmetry=symmetry,
        smoothness=smoothness,
        extrema=extremes,
        kinks=[place for place in places if _within(place.x, window)],
        left=structure.lines[0],
        right=structure.lines[1],
        lipschitz=lipschitz,
        roots=[x for x in roots.points if _within(x, window)],
        fixed_points=[x for x in fixed.points if _within(x, window)],
        zero_on=[Interval(*one) for one in roots.stretches],
        fixed_on=[Interval(*one) for one in fixed.stretches],
        derivative=derivative_formula(activation),
        second_derivative=derivative_formula(activation, 2) if order > 1 else None,
        steepest=steepest_at if is_tight(structure.steepness.value, lipschitz) else [],
        period=structure.period,
        window=window,
        family=named.family() if named else None,
        summary=named.summary() if named else None,
        reference=named.reference if named else None,
        saturation=saturation,
        entry=named.entry if named else None,
        frameworks=[*spellings(named)] if named else [],
        proved=not undecided and saturation.proved,
        open=undecided,
        notes=[*notes, *_notes(activation, structure, window)],
    )


def _undecided(structure: Structure, found: Sequence[Zeros]) -> Iterator[Undecided]:
    """What is not known of single places, in the window."""
    places = [*structure.branches.undecided]
    for what, zeros in zip(("roots", "fixed points"), found, strict=True):
        places += [Undecided(*place[:2], what) for place in zeros.undecided]
    focus = structure.focus if structure.is_endless else None
    yield from (one for one in dict.fromkeys(places) if _overlaps(one, focus))


def _overlaps(place: Undecided, window: Window | None) -> bool:
    """Whether a place, perhaps a single number, has points in the closed window."""
    return window is None or (place.low <= window[1] and place.high >= window[0])


def _monotone(activation: Activation, structure: Structure) -> str | None:
    breaks = set(jumps(structure.branches))
    return monotone(structure, [one for one in kinks(activation, structure) if one.x in breaks])


def _symmetry(structure: Structure) -> str | None:
    found = structure.symmetry
    if found is None:
        return None
    return found.kind if found.kind in ("even", "odd") else "none"


def _smooth(structure: Structure) -> str | None:
    found = smoothness(structure.branches, structure.beyond)
    return None if found is None else _SMOOTHNESS.get(found, found)


def _within(x: float, window: Window | None) -> bool:
    """Whether a place is in the closed window, roundoff of the place allowed for."""
    if window is None:
        return True
    low, high = window
    return low - 4 * math.ulp(low) <= x <= high + 4 * math.ulp(high)


def _notes(activation: Activation, structure: Structure, window: Window | None) -> Iterator[str]:
    """Where the function has a value that counts for nothing, and where one was filled in."""
    for one in structure.domain.no_value:
        for edge, step, way in ((one.high, -1, "below"), (one.low, 1, "above")):
            isolated = _isolated(activation, edge, step)
            if math.isinf(one.low if step < 0 else one.high) and isolated is not None:
                yield (
                    f"{activation} has values at isolated numbers {way} {edge:.6g}, as "
                    f"{isolated:g}, which are no part of its domain"
                )
    for hole in holes(structure.branches):
        if not _within(hole.x, window):
            continue
        yield f"{activation} has a hole at {hole.x:.6g}, filled by its limit there"


def _isolated(activation: Activation, edge: float, step: int) -> float | None:
    """The first whole number with a value beyond the edge of what has none, if one is near."""
    if math.isinf(edge):
        return None
    beyond = (step * (math.floor(step * edge) + n) for n in range(1, 4))
    numbers = (x for x in map(float, beyond) if x != edge)
    return next((x for x in numbers if math.isfinite(activation.value(x))), None)
