"""What a formula is called in the catalogue: found by its values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.formula import expression
from actcli.formula.expression import Expression
from actcli.formula.program import Program
from actcli.formula.values import sampling
from actcli.numeric.arrays import Array

_FAR = 30.0
"""How far out formulas are compared."""

_ROUNDING = 2.0**-40
"""How far apart two ways to compute a function in doubles may be, relative to 1 + |x|."""

_FEW = 24
"""Points of the first look."""

_MOST_NUMBERS = 12
"""Numbers of a formula that may be parameters."""


@lru_cache(maxsize=4096)
def named(text: str) -> Activation | None:
    """The activation of the catalogue that a formula is; None where it is none of them.

    It is one that nowhere differs from the formula by more than the rounding of its numbers to
    float32 may have made. Its parameters are numbers of the formula.
    """
    formula = expression(text)
    x = _points()
    value = _values(formula.program, x)
    slack = _ROUNDING * (1 + np.abs(x)) + _slack(formula.program, x, value)
    numbers = _numbers(formula.program)
    for found in _candidates(numbers):
        if _fits(found, x[:_FEW], value[:_FEW], slack[:_FEW]) and _fits(found, x, value, slack):
            return found
    return None


def _fits(activation: Activation, x: Array, value: Array, slack: Array) -> bool:
    with np.errstate(all="ignore"):
        apart = np.abs(activation.sampled.value(x) - value)
    return bool((apart <= slack).all())


def _points() -> Array:
    """Where formulas are compared, first a few points that tell most of them apart."""
    rng = np.random.default_rng(0)
    few = np.linspace(-9.7, 9.7, _FEW) + 0.01
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
    """Every activation as it is by default, then those with numbers for parameters."""
    yield from _defaults()
    for cls in catalogue().values():
        names = [parameter.name for parameter in cls.parameters()]
        if not 0 < len(names) < 3:
            continue
        for values in product(numbers, repeat=len(names)):
            try:
                yield cls(**dict(zip(names, values, strict=True)))
            except UsageError:
                continue


@cache
def _defaults() -> tuple[Named, ...]:
    return tuple(cls() for cls in catalogue().values())


def simplest(text: str) -> Expression:
    """The formula as an activation."""
    return expression(text)
