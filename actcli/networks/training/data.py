"""The points a network learns from: two-class and regression problems drawn from a seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.errors import UsageError
from actcli.numeric.arrays import Array

Labels = NDArray[np.int64]
Mask = NDArray[np.bool_]

DISC_RADIUS = math.sqrt(2 / math.pi)
"""The disc of half the area of the square [-1, 1]^2."""

XOR_MARGIN = 0.1
"""Half the width of the empty strips along the axes."""


@dataclass(frozen=True, eq=False)
class Data:
    """Inputs of shape (points, features), and a class or a number for each point."""

    name: str
    features: Sequence[str]
    x: Array
    target: Array
    """Of shape (points,): the class's number counted from 0, or the number to be predicted."""
    classes: Sequence[str] | None
    """The names of the classes; None for a regression."""
    target_name: str = "target"
    linear_limit: float | None = None
    """What share of ever more points the best line has right, where that is known."""

    @property
    def points(self) -> int:
        """How many points there are."""
        return len(self.x)

    @property
    def outputs(self) -> int:
        """The width of a network's last layer."""
        return len(self.classes) if self.classes else 1

    @property
    def labels(self) -> Labels:
        """The classes' numbers."""
        return self.target.astype(np.int64)

    def standardised(self) -> Data:
        """The inputs with mean 0 and deviation 1; a constant column becomes 0."""
        with np.errstate(all="ignore"):
            size = np.abs(self.x).max(axis=0)
            x = self.x / np.where(size > 0, size, 1.0)
            x = x - x.mean(axis=0)
            deviation = x.std(axis=0)
        return replace(self, x=x / np.where(deviation > 1e-14, deviation, np.inf))


def _square(rng: np.random.Generator, points: int) -> Array:
    return rng.uniform(-1, 1, (points, 2))


def _circle(rng: np.random.Generator, points: int) -> tuple[Array, Mask]:
    x = _square(rng, points)
    return x, np.hypot(*x.T) < DISC_RADIUS


def _xor(rng: np.random.Generator, points: int) -> tuple[Array, Mask]:
    """The quadrants, a strip on either side of the axes left empty."""
    x = _square(rng, points)
    x = np.copysign(XOR_MARGIN + (1 - XOR_MARGIN) * np.abs(x), x)
    return x, x[:, 0] * x[:, 1] < 0


def _moons(rng: np.random.Generator, points: int) -> tuple[Array, Mask]:
    """Two interleaved half circles, shrunk into the square."""
    inner = np.arange(points) % 2 == 1
    angle = rng.uniform(0, math.pi, points)
    across = np.where(inner, 1 - np.cos(angle), np.cos(angle))
    up = np.where(inner, 0.5 - np.sin(angle), np.sin(angle))
    return np.column_stack([(across - 0.5) / 1.5, (up - 0.25) / 0.75]), inner


def _spiral(rng: np.random.Generator, points: int) -> tuple[Array, Mask]:
    """Two arms of one turn each."""
    second = np.arange(points) % 2 == 1
    along = np.sqrt(rng.uniform(0.01, 1, points))
    angle = 2 * math.pi * along + math.pi * second
    return np.column_stack([along * np.cos(angle), along * np.sin(angle)]), second


def circle_limit() -> float:
    """The best share of the square that a line has right, which has the disc mostly on one side.

    At a distance d from the centre the line has right, of the area 4, all but the segment S(d) that
    it cuts off the disc, and of what is beyond it, 2 (1 - d), all but S(d). The sum,
    2 - S(d) + 2 (1 - d) - S(d), is largest where the chord -S'(d) is 1.
    """
    distance = math.sqrt(DISC_RADIUS**2 - 0.25)
    segment = DISC_RADIUS**2 * math.acos(distance / DISC_RADIUS) - distance / 2
    return (2 - 2 * segment + 2 * (1 - distance)) / 4


class Plane(NamedTuple):
    """A two-class problem, without noise."""

    draw: Callable[[np.random.Generator, int], tuple[Array, Mask]]
    """Points in [-1, 1]^2 and whether each is of class 1."""
    linear_limit: float | None = None


PLANES: Mapping[str, Plane] = {
    "circle": Plane(_circle, circle_limit()),
    "xor": Plane(_xor),
    "moons": Plane(_moons),
    "spiral": Plane(_spiral),
}

GENERATED = (*PLANES, "sine")


def generated(name: str, points: int = 400, noise: float = 0.0, seed: int = 0) -> Data:
    """A problem by its name.

    Args:
        name: one of `GENERATED`; `sine` is sin(pi x) at x in [-1, 1].
        points: how many.
        noise: the deviation of normal noise, on the coordinates of the points of a two-class
            problem (kept in the square) after they have got their classes, on the target of `sine`.
        seed: of the random numbers.

    Raises:
        UsageError: there is no such problem.
    """
    rng = np.random.default_rng(seed)
    if name == "sine":
        x = rng.uniform(-1, 1, (points, 1))
        target = np.sin(math.pi * x[:, 0]) + noise * rng.standard_normal(points)
        return Data(name=name, features=("x",), x=x, target=target, classes=None, target_name="y")
    if name not in PLANES:
        raise UsageError(f"there is no problem {name!a}: there are {', '.join(GENERATED)}")
    x, inside = PLANES[name].draw(rng, points)
    x = np.clip(x + noise * rng.standard_normal(x.shape), -1, 1)
    limit = None if noise else PLANES[name].linear_limit
    return Data(
        name=name,
        features=("x1", "x2"),
        x=x,
        target=inside.astype(np.float64),
        classes=("0", "1"),
        target_name="class",
        linear_limit=limit,
    )
