"""How far measured values are from a function."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.formula.expression import expression
from actcli.functions.measured.points import Points
from actcli.numeric.arrays import Array
from actcli.numeric.narrow import FORMATS, Format
from actcli.structure.written import written_out

MOST_EXACT = 20_000
"""Doubles whose errors are enclosed; of more, those where the error is largest."""

FEW_EXACT = 256
"""The same in narrower formats, whose units no kernel's error comes near."""


class Extreme(NamedTuple):
    """The largest error of a kind, and where it is."""

    size: float
    """Null where one of the two is no number; a relative one where f is 0 and y is not, too."""
    at: float
    """The x of it."""
    got: float
    """What was measured there."""
    exact: float
    """What the function is there."""


class Errors(NamedTuple):
    """How far one measured column is from the function."""

    absolute: Extreme
    """The largest |y - f(x)|."""
    relative: Extreme
    """The largest |y - f(x)|/|f(x)|."""
    ulp: Extreme
    """The largest |y - f(x)| in units in the last place of f(x) in the format."""
    rms: float
    """The root of the mean of (y - f(x))**2 over the points."""


@dataclass(frozen=True)
class Measurement:
    """How far measured points are from an activation. What is not finite is `null` in JSON."""

    activation: str
    """The function."""
    formula: str
    """Its formula."""
    params: Mapping[str, float]
    """Its parameters, by name."""
    source: str
    """The file that the points come from."""
    dtype: str
    """The format whose units the errors are counted in."""
    points: int
    """How many there are."""
    value: Errors
    """The errors of y, against f."""
    derivative: Errors | None
    """The errors of dy, against f'; null where no derivatives were measured."""

    def is_within(self, tolerance: float) -> bool:
        """Whether no value, and no derivative, is farther off than that."""
        parts = [self.value] if self.derivative is None else [self.value, self.derivative]
        return all(part.absolute.size <= tolerance for part in parts)


def measurement(activation: Activation, points: Points) -> Measurement:
    """How far the points are from the function, by its exact values.

    Raises:
        ActcliError: there is no point.
    """
    if not points.x.size:
        raise ActcliError("there is no point to compare with")
    value, rate = activation.value_and_derivative(points.x)
    format_ = FORMATS[points.dtype]
    derivative = None
    if points.dy is not None:
        derivative = _errors(activation, points.x, points.dy, rate, format_, rate=True)
    return Measurement(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        source=points.source,
        dtype=points.dtype,
        points=points.x.size,
        value=_errors(activation, points.x, points.y, value, format_, rate=False),
        derivative=derivative,
    )


def _errors(
    activation: Activation, x: Array, got: Array, known: Array, format_: Format, *, rate: bool
) -> Errors:
    """The errors of a column: against kernels, and exactly where they are largest."""
    exact = known.copy()
    with np.errstate(all="ignore"):
        kinds = _kinds(got, known, np.abs(got - known), format_)
        near = _largest(kinds, MOST_EXACT if format_.bits == 53 else FEW_EXACT)
        exact[near], off = _enclosed(activation, x[near], got[near], known[near], rate=rate)
        for errors, better in zip(kinds, _kinds(got[near], exact[near], off, format_), strict=True):
            errors[near] = better
    absolute, relative, ulp = (
        Extreme(*(float(column[place]) for column in (errors, x, got, exact)))
        for errors in kinds
        for place in [near[int(np.argmax(errors[near]))]]
    )
    return Errors(absolute, relative, ulp, _root_mean_square(kinds[0]))


def _kinds(got: Array, known: Array, size: Array, format_: Format) -> tuple[Array, Array, Array]:
    """The errors of each point: absolute, relative and in units; `size` is that of numbers."""
    are_numbers = np.isfinite(got) & np.isfinite(known)
    same = (np.isnan(got) & np.isnan(known)) | (got == format_.rounded(known))
    absolute = np.where(are_numbers, size, np.where(same, 0.0, np.inf))
    relative = np.where((absolute == 0) | np.isinf(absolute), absolute, absolute / np.abs(known))
    return absolute, relative, absolute / format_.unit(known)


def _largest(kinds: Iterable[Array], most: int) -> NDArray[np.intp]:
    """The places of the largest errors of each kind."""
    places = [
        np.argpartition(errors, -most)[-most:] if errors.size > most else np.arange(errors.size)
        for errors in kinds
    ]
    return np.unique(np.concatenate(places))


def _enclosed(
    activation: Activation, x: Array, got: Array, known: Array, *, rate: bool
) -> tuple[Array, Array]:
    """The doubles nearest to what the function is at some points, and how far `got` is from it.

    Where that is a convention, or is not found, what the kernel says stands for it.
    """
    from actcli.formula.values import refinement as balls_of

    nearest, off = known.copy(), np.abs(got - known)
    (places,) = np.nonzero(np.isfinite(x) & np.isfinite(got))
    program = expression(written_out(activation)).program
    found = balls_of.refined(program, balls_of.exact(x[places]), rates=rate)
    balls = found.rate if rate else found.value
    sure = np.array([not ball.is_nan() for ball in balls], np.bool_) & ~(found.ties & rate)
    places, balls = places[sure], balls[sure]
    nearest[places] = balls_of.doubles(balls)
    off[places] = np.abs(balls_of.doubles(balls_of.exact(got[places]) - balls))
    return nearest, off


def _root_mean_square(errors: Array) -> float:
    largest = float(errors.max())
    if not 0 < largest < math.inf:
        return largest
    return largest * math.sqrt(float(np.mean((errors / largest) ** 2)))
