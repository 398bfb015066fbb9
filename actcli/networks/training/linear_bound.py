"""How many points of two classes a straight line can have on their right sides, exactly.

A line that touches no point can be moved until it touches one location, and turned a little before
so that it touches no other. Hence the lines through one point, in every direction in which there is
no other point, with the points at that location on either side, make every division of the points
that a line can make. For each point the line is turned once around: O(n^2 log n) in all.

Directions are sorted as floating-point angles; those that rounding may have put in a wrong order,
or made equal or different, are compared again in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key

import numpy as np
from numpy.typing import NDArray

from actcli.networks.training.data import Labels
from actcli.numeric.arrays import Array

MOST_POINTS = 2000
"""More are not looked at."""

_NEAR = 8e-15
"""Radians: a rounded angle is wrong by less than half of it."""

Whole = NDArray[np.object_]


@dataclass(frozen=True)
class LinearBound:
    """The best that any straight line reaches."""

    accuracy: float
    """Share of the points, 0 to 1."""
    right: int
    """Points."""
    points: int
    """Of how many."""


def linear_bound(x: Array, labels: Labels) -> LinearBound | None:
    """The bound for points of shape (n, 1) or (n, 2) and labels 0 and 1.

    None where there are more than `MOST_POINTS` points, features or classes than that.
    """
    points = len(x)
    if not 0 < points <= MOST_POINTS or x.shape[1] not in (1, 2) or labels.max() > 1:
        return None
    plane = x if x.shape[1] == 2 else np.column_stack([x, np.zeros(points)])
    size = np.abs(plane).max()
    plane = plane / 2.0 ** np.ceil(np.log2(size)) if size > 0 else plane
    whole = _whole(plane)
    ones = int(labels.sum())
    right = max(ones, points - ones)
    for centre in range(points):
        right = max(right, _through(centre, plane, whole, labels))
    return LinearBound(right / points, right, points)


def _whole(plane: Array) -> Whole:
    """The coordinates, all multiplied by one power of two that makes them whole."""
    fractions = [[Fraction(value) for value in row] for row in plane.tolist()]
    scale = max(f.denominator for row in fractions for f in row)
    return np.array([[int(f * scale) for f in row] for row in fractions], dtype=object)


def _through(centre: int, plane: Array, whole: Whole, labels: Labels) -> int:
    """The most points that a line through this one, near it on either side, has right."""
    apart = plane - plane[centre]
    here = (apart == 0).all(axis=1)
    apart, others = apart[~here], labels[~here]
    at_centre = int(labels[here].sum())
    best_at_centre = max(at_centre, int(here.sum()) - at_centre)
    if not others.size:
        return best_at_centre
    ahead = (apart[:, 1] > 0) | ((apart[:, 1] == 0) & (apart[:, 0] > 0))
    towards = np.where(ahead[:, None], apart, -apart)
    angle = np.arctan2(towards[:, 1], towards[:, 0])
    order, ends = _turn(angle, whole[~here] - whole[centre], ahead)
    # Points of class 1 are right on the left of the line; a point changes sides as it is passed.
    begun = int((ahead == (others == 1)).sum())
    change = np.where(ahead == (others == 1), -1, 1)[order]
    score = begun + np.concatenate([[0], np.cumsum(change)[ends]])
    return best_at_centre + int(max(score.max(), others.size - score.min()))


def _turn(angle: Array, apart: Whole, ahead: NDArray[np.bool_]) -> tuple[Labels, Labels]:
    """The points in the order in which the line passes them, and where each direction ends."""
    order = np.argsort(angle, kind="stable")
    gaps = np.diff(angle[order])
    same = np.zeros(len(order), bool)
    for start, stop in _clusters(gaps <= _NEAR):
        cluster = order[start:stop]
        vectors = {p: apart[p] if ahead[p] else -apart[p] for p in cluster.tolist()}

        def turn(p: int, q: int, vectors: dict[int, Whole] = vectors) -> int:
            return -int(np.sign(_cross(vectors[p], vectors[q])))

        ranked = cluster.tolist()
        if any(turn(ranked[0], p) for p in ranked[1:]):
            ranked.sort(key=cmp_to_key(turn))
        order[start:stop] = ranked
        for place in range(start + 1, stop):
            same[place - 1] = not turn(int(order[place - 1]), int(order[place]))
    return order, np.flatnonzero(~same)


def _cross(u: Whole, v: Whole) -> int:
    return int(u[0] * v[1] - u[1] * v[0])


def _clusters(near: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where neighbours that are near follow each other: half-open ranges of places."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield start, stop + 1
