"""What a formula is called in the catalogue: found by its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.formula import expression
from actcli.formula.program import Program
from actcli.formula.values import sampling
from actcli.numeric.arrays import Array

_FAR = 30.0
"""How far out formulas are compared."""

_ROUNDING = 2.0**-40
"""How far apart two ways to compute a function in doubles may be, relative to 1 + |x|."""

_FEW = 8
"""Points of the first look."""

_MOST_NUMBERS = 12
"""Numbers of a formula that may be parameters."""


class Shape(NamedTuple):
    """A formula by its values."""

    value: Array
    slack: Array
    """How far from it a function may be that is the same."""
    numbers: tuple[float, ...]
    """What its parameters may be."""


def first_named(texts: Sequence[str]) -> tuple[int, Activation] | None:
    """The first formula that is an activation of the catalogue, and which; None where none is.

    It is one that nowhere differs from the formula by more than the rounding of its numbers to
    float32 may have made. One as it is by default comes before all with parameters, which are
    numbers of the formula.
    """
    for known in (_by_default, _by_numbers):
        for place, text in enumerate(texts):
            if found := known(text):
                return place, found
    return None


@lru_cache(maxsize=4096)
def _shape(text: str) -> Shape:
    program = expression(text).program
    x = _points()
    value = _values(program, x)
    slack = _ROUNDING * (1 + np.abs(x)) + _slack(program, x, value)
    return Shape(value, slack, _numbers(program))


@lru_cache(maxsize=4096)
def _by_default(text: str) -> Activation | None:
    shape = _shape(text)
    names, values = _defaults()
    with np.errstate(invalid="ignore"):
        fits = (np.abs(values - shape.value) <= shape.slack).all(axis=1)
    return names[int(np.argmax(fits))] if fits.any() else None


@lru_cache(maxsize=4096)
def _by_numbers(text: str) -> Activation | None:
    shape, x = _shape(text), _points()
    with np.errstate(all="ignore"):
        for found in _candidates(shape.numbers):
            if _fits(found, shape, x, _FEW) and _fits(found, shape, x, len(x)):
                return found
    return None


def _fits(activation: Activation, shape: Shape, x: Array, count: int) -> bool:
    apart = np.abs(activation.sampled.f(x[:count]) - shape.value[:count])
    return bool((apart <= shape.slack[:count]).all())


@cache
def _points() -> Array:
    """Where formulas are compared, first a few points that tell most of them apart."""
    rng = np.random.default_rng(0)
    few = np.linspace(-4.3, 4.7, _FEW) + 0.01
    near = np.geomspace(1e-3, _FAR, 60)
    return np.concatenate([few, rng.uniform(-10, 10, 200), near, -near, np.arange(-9.0, 9.5, 0.5)])


def _values(program: Program, x: Array) -> Array:
    with np.errstate(all="ignore"):
        return sampling.values(program, x)


def _slack(program: Program, x: Array, value: Array) -> Array:
    """By how much float32's rounding of its numbers may have moved a formula."""
    moved = np.zeros_like(x)
    for place, step in enumerate(program.steps):
        if step.operation == "number" and not _is_short(step.number):
            ulp = float(np.spacing(np.float32(abs(step.number))))
            nudged = step._replace(number=step.number + ulp)
            steps = (*program.steps[:place], nudged, *program.steps[place + 1 :])
            moved += np.abs(_values(Program(steps), x) - value)
    return moved


def _is_short(value: float) -> bool:
    """Whether a number is one that nobody rounds: 12 bits and no more."""
    mantissa, _ = np.frexp(value)
    return float(mantissa * 2**12).is_integer()


def _numbers(program: Program) -> tuple[float, ...]:
    """What a parameter may be: the numbers of a formula, their opposites and inverses."""
    plain = [step.number for step in program.steps if step.operation == "number"]
    found = [_shortest(value) for value in plain if value]
    found += [-value for value in found] + [1 / value for value in found] + [0.0]
    return tuple(dict.fromkeys(found))[:_MOST_NUMBERS]


def _shortest(value: float) -> float:
    """The double with the fewest digits that rounds to the same float32; itself if none does."""
    single = np.float32(value)
    return float(str(single)) if float(single) == value else value


def _candidates(numbers: tuple[float, ...]) -> Iterator[Named]:
    """Every activation with numbers for some of its parameters."""
    for cls in catalogue().values():
        parameters = cls.parameters()
        if not 0 < len(parameters) < 3:
            continue
        names = [parameter.name for parameter in parameters]
        choices = (dict.fromkeys((*numbers, one.default)) for one in parameters)
        for values in product(*choices):
            try:
                yield cls(**dict(zip(names, values, strict=True)))
            except UsageError:
                continue


@cache
def _defaults() -> tuple[list[Named], Array]:
    """Every activation as it is by default, and its values at the points, a row each."""
    found = [cls() for cls in catalogue().values()]
    return found, np.array([one.sampled.value(_points()) for one in found])
