"""Where a formula changes branch: between neighbouring such places it is an analytic function.

One table says which operation switches where: `abs` where its argument passes 0, `floor` at every
whole number. The places are found by sampling every binade and closing in on the lattice of
doubles.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from math import inf, pi
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Activation, Array
from actcli.expression import arrays
from actcli.expression.algebras import Values, instance_of
from actcli.expression.parse import parse
from actcli.expression.program import Program, Step
from actcli.expression.recurrence import endless_steps
from actcli.numeric.floats import departures, distinct, from_ordinal, ordinal, step, ulp, ulps_apart
from actcli.numeric.sampling import MOST, crowded, resolved, standard_points
from actcli.numeric.simplest import plain

Window = tuple[float, float]
Params = tuple[tuple[str, float], ...]

EVERYWHERE = (-inf, inf)

WINDOW = (-100.0, 100.0)
"""Where what an endless part of a formula does is sought, unless a window is given."""

_CONTACT = 1e-7
"""A run of zeros narrower than that, relative to 1 or to its place, is one zero in roundoff."""

_UNDERFLOW = 1e-290
"""A number that small on its way to 0 is not at a zero."""

_ROUNDOFF = 8
"""Places so few ulp apart are one."""

_BESIDE = 16
"""A place so many ulp beside a declared kink is that kink, computed with more roundoff."""

_DIGITS = 12
"""Digits of a number that somebody wrote down; one that was computed has more."""


class Decider(NamedTuple):
    """A quantity computed from some steps; a branch changes where it meets one of the levels."""

    steps: tuple[int, ...]
    quantity: Callable[..., Any]
    levels: tuple[float, ...] | None = (0.0,)
    """None stands for every whole number."""
    endless: bool = False


def _itself(u: Any) -> Any:
    return u


def _difference(u: Any, v: Any) -> Any:
    return np.where(u == v, 0.0, u - v)


_AT_ZERO: Mapping[str, Callable[..., Any]] = {
    **dict.fromkeys(("abs", "sign", "sqrt", "log"), _itself),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!=", "max", "min"), _difference),
    "log1p": lambda u: 1 + u,
    "/": lambda u, v: v,
}
"""Operations that change branch where this passes 0."""

_AT_WHOLE_NUMBERS: Mapping[str, Callable[..., Any]] = {
    "floor": _itself,
    "%": operator.truediv,
    "tan": lambda u: u / pi + 0.5,
}
"""Operations that jump wherever this passes a whole number."""


@lru_cache(maxsize=256)
def branch_points(
    program: Program, params: Params = (), window: Window = EVERYWHERE
) -> tuple[float, ...]:
    """The places in the open window where a program may change branch, ascending.

    Without a window those of endless steps are sought in [-100, 100] only.

    Raises:
        CrowdedError: there are too many.
    """
    given = dict(params)
    with np.errstate(all="ignore"):
        deciders = list(_deciders(program, given))
        if not deciders:
            return ()
        places: list[float] = []
        for endless in (False, True):
            some = [decider for decider in deciders if decider.endless == endless]
            if some:
                points = _within(WINDOW if endless and window == EVERYWHERE else window)
                search = _Search(program, given, points, endless)
                places += [place for decider in some for place in search.places(decider)]
    return _merged(np.array([place for place in places if window[0] < place < window[1]]))


def branch_points_of(activation: Activation, window: Window = EVERYWHERE) -> tuple[float, ...]:
    """The same of a function by its formula; the kinks that it declares are among them."""
    declared = [kink for kink in activation.kinks if window[0] < kink < window[1]]
    params = tuple((name, float(value)) for name, value in activation.params.items())
    program = _parsed(activation.formula, tuple(activation.params))
    computed = branch_points(program, params, window)
    others = (
        place
        for place in computed
        if all(abs(place - kink) > _BESIDE * ulp(kink) for kink in declared)
    )
    return tuple(sorted({*declared, *others}))


_parsed = lru_cache(maxsize=256)(parse)


def _deciders(program: Program, params: Mapping[str, Any]) -> Iterator[Decider]:
    endless = endless_steps(program, params)
    constants = program.trace(Values(arrays), np.float64(1.0), params)
    for n, one in enumerate(program.steps):
        if not any(program.varying[i] for i in one.arguments):
            continue
        if one.operation in _AT_ZERO:
            if one.operation != "/" or program.varying[one.arguments[1]]:
                yield Decider(one.arguments, _AT_ZERO[one.operation], endless=endless[n])
        elif one.operation in _AT_WHOLE_NUMBERS:
            yield Decider(one.arguments, _AT_WHOLE_NUMBERS[one.operation], None, endless[n])
        elif one.operation == "**" and not _is_analytic_power(program, one, constants):
            yield Decider(one.arguments[:1], _itself, endless=endless[n])
        elif one.activation is not None:
            levels = branch_points_of(instance_of(one, constants))
            yield Decider(one.arguments[:1], _itself, levels, endless[n])


def _is_analytic_power(program: Program, power: Step, constants: Sequence[Any]) -> bool:
    """Whether the base is constant, or the exponent 0, 1, 2 and so on."""
    base, exponent = power.arguments
    if program.varying[exponent]:
        return not program.varying[base]
    number = constants[exponent]
    return bool(number >= 0 and number == np.floor(number))


class _Search:
    """A program traced over a grid of points."""

    def __init__(
        self, program: Program, params: Mapping[str, Any], points: Array, endless: bool
    ) -> None:
        self.program, self.params, self.points, self.endless = program, params, points, endless
        self.traced = program.trace(Values(arrays), points, params)

    def places(self, decider: Decider) -> Iterator[float]:
        """Isolated places where a decider meets its levels, and the ends of runs of them."""
        for start, end, level in self._runs(decider):
            if end - start <= _CONTACT * max(1.0, abs(start), abs(end)) < inf:
                yield self._contact(decider, start, end, level)
                continue
            outside = self._heights(decider, np.array([step(start, -1), step(end)])) - level
            for place, excess in zip((start, end), np.abs(outside), strict=True):
                underflow = excess < _UNDERFLOW and abs(place) > _CONTACT
                if np.isfinite(place) and not underflow:
                    yield place

    def _contact(self, decider: Decider, start: float, end: float, level: float) -> float:
        """What a narrow run stands for: a number somebody wrote, or where it is nearest to 0."""
        written = plain(start, end, _DIGITS)
        if written is not None:
            return written
        inside = np.array([from_ordinal((ordinal(start) + ordinal(end)) // 2), start, end])
        return float(inside[np.argmin(np.abs(self._heights(decider, inside) - level))])

    def _runs(self, decider: Decider) -> Iterator[tuple[float, float, float]]:
        """The first and the last double of each run at a level or across it, and the level."""

        def seen(points: Array) -> Array:
            return points[_crossings(points, self._heights(decider, points), decider.levels)[0]]

        points = resolved(seen, self.points, doubt=self.endless)
        heights = self._heights(decider, points)
        gaps, levels = _crossings(points, heights, decider.levels)
        before, after = np.sign(heights[gaps] - levels), np.sign(heights[gaps + 1] - levels)
        both = np.concatenate([levels, levels])
        first, last = departures(
            lambda x: np.sign(self._heights(decider, x) - both), points[gaps], points[gaps + 1]
        )
        start, there, level = -inf, True, 0.0
        for here, there, a, b, level in zip(
            *(v.tolist() for v in (before, after, first, last, levels)), strict=True
        ):
            if here:
                start = a
            if there:
                yield min(start, b), max(start, b), level
        if not there:
            yield start, inf, level

    def _heights(self, decider: Decider, x: Array) -> Array:
        """What decides, at points of any shape."""
        flat = x.reshape(-1)
        known = x is self.points
        trace = self.traced if known else self.program.trace(Values(arrays), flat, self.params)
        quantity = decider.quantity(*(trace[i] for i in decider.steps))
        return np.asarray(np.broadcast_to(quantity, flat.shape), np.float64).reshape(x.shape)


def _crossings(
    points: Array, heights: Array, levels: tuple[float, ...] | None
) -> tuple[NDArray[np.intp], Array]:
    """The gaps between points in which a level is left, met or passed, and the level."""
    if levels is None:
        return _whole_numbers(points, heights)
    gaps, met = [np.empty(0, np.intp)], [np.empty(0)]
    for level in levels:
        signs = np.sign(heights - level)
        changes = (signs[1:] != signs[:-1]) & ~np.isnan(signs[1:] + signs[:-1])
        gaps.append(np.flatnonzero(changes))
        met.append(np.full(gaps[-1].size, level))
    return np.concatenate(gaps), np.concatenate(met)


def _whole_numbers(points: Array, heights: Array) -> tuple[NDArray[np.intp], Array]:
    """The gaps in which heights leave, meet or pass whole numbers, in the order they are met."""
    low, high = np.fmin(heights[:-1], heights[1:]), np.fmax(heights[:-1], heights[1:])
    counts = np.where(low < high, np.floor(high) - np.ceil(low) + 1, 0.0)
    if not counts.sum() <= MOST:
        raise crowded(points[:-1][counts == counts.max()])
    many = counts.astype(np.intp)
    gaps = np.repeat(np.arange(many.size), many)
    within = np.arange(gaps.size) - np.repeat(np.cumsum(many) - many, many)
    rising = heights[gaps + 1] > heights[gaps]
    return gaps, np.where(rising, np.ceil(low[gaps]) + within, np.floor(high[gaps]) - within)


def _merged(places: Array) -> tuple[float, ...]:
    """The places, ascending; neighbours by roundoff made one: a number somebody wrote, or any."""
    if not places.size:
        return ()
    places = distinct(places)
    apart = np.asarray(ulps_apart(places[1:], places[:-1])) > _ROUNDOFF
    starts = np.flatnonzero(np.concatenate([[True], apart]))
    ends = np.flatnonzero(np.concatenate([apart, [True]]))
    groups = zip(places[starts].tolist(), places[ends].tolist(), strict=True)
    written = ((plain(low, high, _DIGITS), low) for low, high in groups)
    return tuple((low if number is None else number) + 0.0 for number, low in written)


@cache
def _grid() -> Array:
    """The standard points, and more of them where formulas that somebody types have branches."""
    return distinct(np.concatenate([standard_points(), np.linspace(*WINDOW, 6401)]))


def _within(window: Window) -> Array:
    """The points to look at in a closed window."""
    whole = _grid()
    if window == EVERYWHERE:
        return whole
    low, high = window
    inside = whole[(whole >= low) & (whole <= high)]
    return distinct(np.concatenate([inside, np.linspace(low, high, 8193)]))
