"""Limits of f and f' from one side, by balls at distances far below the doubles' spacing.

A quantity has a limit where it does not move between the last two distances, and is infinite where
its moves never shrink from one distance to the next. The slope is 0 where f is one exact number at
all of them, whatever the chain rule makes of it. This is no proof: a formula may have a scale below
2**-2400, and what converges as slowly as 1/log(h) does is taken to have no limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from flint import arb, ctx

from actcli.formula.program import Program
from actcli.formula.values.balls import Balls
from actcli.formula.values.refinement import Mask, exact, refined
from actcli.numeric.arrays import Array

_DISTANCES = (300, 600, 1200, 2400, 4800)
"""2**-n from a point, 2**n at an end."""

_PRECISIONS = (128, 2600, 7000, 20000)
_STILL = arb(2) ** -56
_NOTHING = arb(2) ** -1080


_SAME = 2.0**-50
"""Limits from two sides that differ by less, relatively, are one."""


class OneSided(NamedTuple):
    """Limits of f and f' at some points from one side; NaN where there is none."""

    value: Array
    slope: Array
    defined: Mask
    """Whether f has values on that side."""


class TwoSided(NamedTuple):
    """Limits at some points from both sides."""

    left: OneSided
    right: OneSided

    def value(self, otherwise: Array) -> Array:
        """The limit of f, from inside at the edge of the domain.

        Where both sides differ it is NaN; at a pole it is `otherwise`, where that is infinite.
        """
        pole = np.isinf(otherwise) & (np.isinf(self.left.value) | np.isinf(self.right.value))
        differing = np.where(pole, otherwise, np.nan)
        return self._joined(self.left.value, self.right.value, differing)

    def slope(self, otherwise: Array) -> Array:
        """The slope on which both sides agree, or which the only side has; else `otherwise`.

        The mean of both where that is NaN.
        """
        left, right = self.left.slope, self.right.slope
        differing = np.where(np.isnan(otherwise), (left + right) / 2, otherwise)
        return self._joined(left, right, differing)

    def _joined(self, left: Array, right: Array, differing: Array) -> Array:
        close = np.isfinite(right) & (np.abs(left - right) <= _SAME * np.abs(right))
        both = np.where((left == right) | close, right, differing)
        one = np.where(self.right.defined, right, left)
        return np.where(self.left.defined & self.right.defined, both, one)


def beside(program: Program, x: Array) -> TwoSided:
    """The limits at finite points, each looked at once."""
    points, at = np.unique(x, return_inverse=True)
    sides = (_limits(program, _places(points, side)) for side in (-1, 1))
    return TwoSided(*(OneSided(s.value[at], s.slope[at], s.defined[at]) for s in sides))


@lru_cache(maxsize=256)
def at_end(program: Program, side: int) -> OneSided:
    """The limits at -inf (side -1) or inf (1), of shape (1,)."""
    places = [np.array([side * arb(2) ** distance], np.object_) for distance in _DISTANCES]
    return _limits(program, places)


def _places(x: Array, side: int) -> list[Balls]:
    """Points at each of the distances, exact ones."""
    with ctx.workprec(_PRECISIONS[-1]):
        return [exact(x) + side * arb(2) ** -distance for distance in _DISTANCES]


def _limits(program: Program, places: list[Balls]) -> OneSided:
    found = refined(program, np.concatenate(places), rates=True, precisions=_PRECISIONS)
    values, slopes = (np.split(part, len(places)) for part in (found.value, found.rate))
    defined = np.array(
        [not a.is_nan() or not b.is_nan() for a, b in zip(*values[-2:], strict=True)]
    )
    with ctx.workprec(_PRECISIONS[0]):
        value, slope = (
            np.array([_limit(sequence) for sequence in zip(*part, strict=True)], np.float64)
            for part in (values, slopes)
        )
    constant = [_is_constant(sequence) for sequence in zip(*values, strict=True)]
    slope[np.isnan(slope) & constant] = 0.0
    slope[np.isnan(value)] = np.nan
    return OneSided(value, slope, defined.astype(np.bool_))


def _is_constant(sequence: Sequence[arb]) -> bool:
    """Whether all are one exact number."""
    return all(one.is_exact() and one == sequence[-1] for one in sequence)


def _limit(sequence: Sequence[arb]) -> float:
    """What a sequence tends to."""
    before, last = sequence[-2:]
    if before.is_nan() or last.is_nan():
        return np.nan
    moves = [b - a for a, b in pairwise(sequence)]
    small = abs(before) < _NOTHING and abs(last) < _NOTHING
    if small or abs(moves[-1]) <= _STILL * abs(last):
        return float(last) + 0.0
    for side in (-1, 1):
        steps = [side * move for move in moves]
        if steps[0] > 0 and all(later >= earlier for earlier, later in pairwise(steps)):
            return side * np.inf
    return np.nan
