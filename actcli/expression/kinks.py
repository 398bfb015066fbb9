"""Where the value or the derivative of a formula jumps.

Only a switch can make a jump: a condition, `abs`, `max`, a pole, the edge of a domain. The places
where a formula's switches flip are found by sampling every binade and closing in on the lattice of
doubles; those stay where the two sides really differ.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.expression import arrays
from actcli.expression.algebras import Values, instance_of
from actcli.expression.program import Program
from actcli.expression.recurrence import endless_steps
from actcli.numeric.floats import binade_grid, flips, ulp, ulps_apart
from actcli.numeric.simplest import plain

WINDOW = (-100.0, 100.0)
"""Where the kinks of an endless function are sought."""

MOST_PLACES = 10_000
"""Of one switch no more flips than this are followed up, from the left."""

_FIRST = {"abs", "sign", "sqrt", "log", "**"}
_SECOND = {"/"}
_DIFFERENCE = {"<", "<=", ">", ">=", "==", "!=", "max", "min"}
"""Operations that switch where their first or second argument, or their difference, passes 0."""

_WHOLE: dict[str, Callable[..., Any]] = {
    "floor": lambda u: u,
    "%": operator.truediv,
    "tan": lambda u: u / pi + 0.5,
}
"""Operations that jump wherever this passes a whole number."""

_SPREAD = 2.0**10
"""The ratio of the two distances at which the sides of a place are compared."""

_UNDERFLOW = 2.0**-1000
"""The end of a tail that underflows, as of abs(exp(x)) at -745, is no jump."""

_REAL = 1e-9
"""Jumps of less, relatively, are taken for roundoff."""

_ROUNDOFF = 8
"""Places so few ulp apart are one."""

_DIGITS = 12
"""Digits of a number that somebody wrote down; one that was computed has more."""

Pair = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Switch:
    """A quantity computed from some steps, and the levels at which it may switch something."""

    steps: tuple[int, ...]
    quantity: Callable[..., Any]
    levels: tuple[float, ...] | None = (0.0,)
    """None stands for every whole number."""
    endless: bool = False


def kinks(program: Program, f_and_df: Pair) -> tuple[float, ...]:
    """The places where f or f' jumps or is not finite, ascending."""
    with np.errstate(all="ignore"):
        switches = list(_switches(program))
        if not switches:
            return ()
        everywhere = _Sampled(program, _grid())
        window = _Sampled(program, _window_grid()) if any(s.endless for s in switches) else None
        found = [(window if s.endless and window else everywhere).flips(s) for s in switches]
        places = _merged(np.concatenate([[0.0], *found]))
        return tuple(places[_is_kink(f_and_df, places)].tolist())


def _merged(places: Array) -> Array:
    """The places, ascending; neighbours by roundoff made one: a number somebody wrote, or any."""
    places = np.unique(np.where(np.abs(places) < 2.0**-1000, 0.0, places))
    apart = np.asarray(ulps_apart(places[1:], places[:-1])) > _ROUNDOFF
    starts = np.flatnonzero(np.concatenate([[True], apart]))
    ends = np.flatnonzero(np.concatenate([apart, [True]]))
    groups = zip(places[starts].tolist(), places[ends].tolist(), strict=True)
    written = ((plain(low, high, _DIGITS), low) for low, high in groups)
    return np.array([low if number is None else number for number, low in written]) + 0.0


def _switches(program: Program) -> Iterator[Switch]:
    endless = endless_steps(program)
    constants = program.trace(Values(arrays), np.float64(1.0))
    for n, step in enumerate(program.steps):
        arguments = step.arguments
        if not any(program.varying[i] for i in arguments):
            continue
        if step.operation in _FIRST:
            yield Switch(arguments[:1], lambda u: u, endless=endless[n])
        elif step.operation == "log1p":
            yield Switch(arguments, lambda u: 1 + u, endless=endless[n])
        elif step.operation in _SECOND:
            yield Switch(arguments[1:], lambda v: v, endless=endless[n])
        elif step.operation in _DIFFERENCE:
            yield Switch(arguments, operator.sub, endless=endless[n])
        elif step.operation in _WHOLE:
            yield Switch(arguments, _WHOLE[step.operation], None, endless=endless[n])
        elif step.activation is not None:
            levels = instance_of(step, constants).kinks
            yield Switch(arguments[:1], lambda u: u, levels, endless=endless[n])


class _Sampled:
    """A program traced over a grid of points."""

    def __init__(self, program: Program, points: Array) -> None:
        self.program = program
        self.points = points
        self.trace = program.trace(Values(arrays), points)

    def flips(self, switch: Switch) -> Array:
        """The doubles at which the switch's quantity reaches or passes one of its levels."""
        heights = np.broadcast_to(self._quantity(switch, self.trace), self.points.shape)
        places, levels = _crossings(heights, switch.levels)
        places, levels = places[:MOST_PLACES], levels[:MOST_PLACES]
        if not places.size:
            return np.empty(0)
        low, high = self.points[places], self.points[places + 1]

        def excess(x: Array) -> Array:
            trace = self.program.trace(Values(arrays), x.reshape(-1))
            heights = np.broadcast_to(self._quantity(switch, trace), x.size).reshape(x.shape)
            return heights - levels

        before, after = np.sign(excess(low[np.newaxis])), np.sign(excess(high[np.newaxis]))
        first = flips(lambda x: np.sign(excess(x)) != before, low, high)
        last = flips(lambda x: np.sign(excess(x)) != after, high, low)
        at_first, at_last = (np.abs(excess(place[np.newaxis])[0]) for place in (first, last))
        nearest = np.where(at_first <= at_last, first, last)
        return np.concatenate([nearest, first[at_first == 0], last[at_last == 0]])

    @staticmethod
    def _quantity(switch: Switch, trace: list[Any]) -> Any:
        return switch.quantity(*(trace[i] for i in switch.steps))


def _crossings(heights: Array, levels: tuple[float, ...] | None) -> tuple[NDArray[Any], Array]:
    """The intervals of the grid in which a level is reached from another side, and the level."""
    low, high = np.fmin(heights[:-1], heights[1:]), np.fmax(heights[:-1], heights[1:])
    if levels is not None:
        pairs = [(np.flatnonzero((low <= v) & (v <= high) & (low < high)), v) for v in levels]
        places = np.concatenate([places for places, _ in pairs] or [np.empty(0, dtype=np.int64)])
        return places, np.concatenate([np.full(p.size, v) for p, v in pairs] or [np.empty(0)])
    first = np.ceil(low)
    count = np.where(low < high, np.floor(high) - first + 1, 0)
    count = np.where(count <= MOST_PLACES, count, 0).astype(np.int64)
    places = np.repeat(np.arange(count.size), count)[:MOST_PLACES]
    within = np.arange(places.size) - np.repeat(np.cumsum(count) - count, count)[:MOST_PLACES]
    return places, first[places] + within


def _is_kink(f_and_df: Pair, places: Array) -> NDArray[np.bool_]:
    """Whether f or f' jumps or leaves the reals: its sides do not meet as one comes closer.

    A jump less than 1e-9 of what jumps is taken for roundoff.
    """
    neighbours = np.abs(places[places != 0])
    about_zero = min(2.0**-600, np.min(neighbours, initial=1.0) / _SPREAD**2)
    near = np.where(places == 0, about_zero, 8 * np.asarray(ulp(places)))
    far = _SPREAD * near
    at = f_and_df(places)
    left, right = f_and_df(places - near), f_and_df(places + near)
    left_far, right_far = f_and_df(places - far), f_and_df(places + far)
    is_kink: NDArray[np.bool_] = ~np.isfinite(at[0]) | _jumps(left[0], at[0], left_far[0], at[0])
    for n in (0, 1):
        is_kink |= ~np.isfinite(left[n]) | ~np.isfinite(right[n])
        is_kink |= _jumps(left[n], right[n], left_far[n], right_far[n])
    steeper = np.abs([left[1], right[1]]) > 1.5 * np.abs([left_far[1], right_far[1]])
    is_kink |= np.all(steeper, axis=0)
    return is_kink


def _jumps(left: Array, right: Array, left_far: Array, right_far: Array) -> NDArray[np.bool_]:
    jump, wider = np.abs(right - left), np.abs(right_far - left_far)
    is_jump: NDArray[np.bool_] = jump > _REAL * (np.abs(left) + np.abs(right)) + _UNDERFLOW
    return is_jump & (wider < 4 * jump)


@cache
def _grid() -> Array:
    return np.union1d(binade_grid(8), np.linspace(*WINDOW, 6401))


@cache
def _window_grid() -> Array:
    whole = _grid()
    fine = np.linspace(*WINDOW, 20_001)
    return np.union1d(whole[(whole >= WINDOW[0]) & (whole <= WINDOW[1])], fine)
