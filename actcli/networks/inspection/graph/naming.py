"""What a formula is called in the catalogue: looked for by its values, then proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.formula.expression import expression
from actcli.formula.program import Program
from actcli.formula.values import sampling
from actcli.networks.inspection.graph.proving import Allowed, is_proved, is_short
from actcli.numeric.arrays import Array

BUDGET = 10.0
"""Seconds of CPU that the proofs for one network may take; then values alone give the name."""

_TRIED = 2
"""How many functions that have the values of a formula are tried."""

_FAR = 30.0
"""How far out formulas are compared."""

_FARTHEST = (-1e6, -1e3, 1e3, 1e6)
"""Where a formula that grows shows what rounding does to it."""

_ROUNDING = 2.0**-40
"""How far apart two ways to compute a function in doubles may be, relative to 1 + |x|."""

_FEW = 8
"""Points of the first look."""

_MOST_NUMBERS = 12
"""Numbers of a formula that may be parameters."""


class Shape(NamedTuple):
    """A formula by its values."""

    value: Array
    moved: Array
    """By how much the rounding of its numbers may have moved it."""
    numbers: tuple[float, ...]
    """What its parameters may be."""


class Found(NamedTuple):
    """One of several formulas that is an activation of the catalogue."""

    place: int
    """Which of them."""
    activation: Named
    named: str
    """How that is known: `proved`, or by `values`."""


Texts = tuple[str, ...]

Names = Sequence[tuple[Texts, Found | None]]

_KNOWN: dict[Texts, Found | None] = {}


def first_named(texts: Texts, deadline: float) -> Found | None:
    """The first formula that is an activation of the catalogue; None where none is.

    One as it is by default comes before all with parameters, which are numbers of the formula. What
    has its values is it if that is proved (see `proving`) or, where time is over at a `deadline` of
    CPU or the proof is not found, not refuted.
    """
    if texts not in _KNOWN:
        _KNOWN[texts] = next(_found(texts, deadline), None)
    return _KNOWN[texts]


def known_names() -> Names:
    """All that was found so far, for another process."""
    return [*_KNOWN.items()]


def take_over(names: Names) -> None:
    """Know what another process has found, so that all parts of a work agree."""
    _KNOWN.update(names)


def _found(texts: Texts, deadline: float) -> Iterator[Found]:
    for candidates in (_by_default, _by_numbers):
        for place, text in enumerate(texts):
            for named in islice(candidates(text), _TRIED):
                in_time = process_time() < deadline
                verdict = is_proved(text, named, _allowed(text)) if in_time else None
                if verdict is not False:
                    yield Found(place, named, "proved" if verdict else "values")


@lru_cache(maxsize=4096)
def _shape(text: str) -> Shape:
    program = expression(text).program
    value = _values(program, _points())
    return Shape(value, _moved(program, _points(), value), _numbers(program))


def _allowed(text: str) -> Allowed:
    """By how much its numbers' rounding moves a formula, at least: at the points, and far out."""
    x = np.concatenate([_points(), _FARTHEST])
    program = expression(text).program
    moved = _moved(program, x, _values(program, x))
    moved[~np.isfinite(moved)] = 0
    return Allowed(float(moved.max()), float((moved / (1 + np.abs(x))).max()))


def _by_default(text: str) -> Iterator[Named]:
    names, values = _defaults()
    for place in np.flatnonzero(_fits(values, _shape(text), len(_points())).all(axis=1)):
        yield names[place]


def _by_numbers(text: str) -> Iterator[Named]:
    shape, x = _shape(text), _points()
    for named in _candidates(shape.numbers):
        if all(_fits(_sampled(named, x[:count]), shape, count).all() for count in (_FEW, len(x))):
            yield named


def _sampled(named: Named, x: Array) -> Array:
    with np.errstate(all="ignore"):
        return named.sampled.f(x)


def _fits(values: Array, shape: Shape, count: int) -> NDArray[np.bool_]:
    """Where values at the first points are those of a formula, but for more than its rounding."""
    slack = _ROUNDING * (1 + np.abs(_points()[:count])) + 2 * shape.moved[:count]
    with np.errstate(invalid="ignore"):
        return np.less_equal(np.abs(values - shape.value[:count]), slack)


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


def _moved(program: Program, x: Array, value: Array) -> Array:
    """By how much a unit in the last place of float32 of its numbers moves a formula."""
    moved = np.zeros_like(x)
    for place, step in enumerate(program.steps):
        if step.operation == "number" and not is_short(step.number):
            ulp = float(np.spacing(np.float32(abs(step.number))))
            nudged = step._replace(number=step.number + ulp)
            steps = (*program.steps[:place], nudged, *program.steps[place + 1 :])
            moved += np.abs(_values(Program(steps), x) - value)
    return moved


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
