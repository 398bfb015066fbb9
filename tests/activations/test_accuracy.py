"""Every activation against its own formula at high precision, over all doubles.

The promise: at every finite double the value is within 4 ulp of the exact number that the formula
means there, and the derivative within 8 ulp, next to its roots too. Functions that go on turning
for ever may be as wrong as a neighbouring double makes them (backward error), or a near one where
whole periods fall between neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import copysign, inf, isfinite, isinf, isnan, nextafter, ulp

import numpy as np
import pytest
from mpmath import mpf
from numpy.typing import NDArray

from actcli.activations.base import Activation
from actcli.activations.registry import Named, catalogue
from actcli.numeric.arrays import Array
from tests.activations.known import is_endless, kinks, line_at
from tests.oracle import exact, ulps

VALUE_ULPS = 4
DERIVATIVE_ULPS = 8

SMALLEST, TINY, LARGEST = 5e-324, 2.0**-1022, float(np.finfo(np.float64).max)
SCAN = np.unique(
    np.concatenate(
        [
            np.linspace(-1600, 1600, 6401),
            *(sign * np.ldexp(1.37, np.arange(-1074, 1024)) for sign in (-1.0, 1.0)),
        ]
    )
)
"""Where roots and subnormal tails are looked for."""


def variants() -> Iterator[Named]:
    """Every activation at its default parameters and with each parameter at its examples."""
    for cls in catalogue().values():
        yield cls()
        for declared in cls.parameters():
            for example in declared.examples:
                yield cls(**{declared.name: example})


@dataclass(frozen=True)
class Sample:
    """An activation, the points at which it is tried, and the exact numbers there."""

    activation: Named
    points: list[float]
    values: list[mpf]
    derivatives: list[mpf]


@pytest.fixture(scope="module", params=list(variants()), ids=str)
def sample(request: pytest.FixtureRequest) -> Sample:
    activation: Named = request.param
    points = trial_points(activation)
    values, derivatives = zip(*(exact(activation, x) for x in points), strict=True)
    return Sample(activation, points, list(values), list(derivatives))


def trial_points(activation: Named) -> list[float]:
    """All scales, the middle densely, and the neighbourhood of places where accuracy is lost."""
    random = np.random.default_rng(list(str(activation).encode()))
    near, far = np.arange(-60, 60, 2), np.arange(-1074, 1024, 150)
    exponents = np.concatenate([near, far + random.integers(0, 150, far.size)]).clip(-1074, 1023)
    binades = np.ldexp(1 + random.random(2 * exponents.size), np.tile(exponents, 2))
    points = [
        np.array([0.0, -0.0, SMALLEST, -SMALLEST, TINY, -TINY, LARGEST, -LARGEST]),
        binades * np.repeat([1, -1], exponents.size),
        random.uniform(-40, 40, 150),
        random.normal(0, 2, 120),
        random.uniform(700, 750, 8) * random.choice([-1, 1], 8),
    ]
    points += [around(kink) for kink in kinks(activation)]
    for kernel in (activation.value, activation.derivative):
        roots, ends = _flips_of(kernel)
        points += [around(root) for root in roots]
        points += [end * (1 + random.normal(0, 0.01, 6)) for end in ends]
    with np.errstate(over="ignore"):
        gathered = np.unique(np.concatenate(points))
    return [*gathered[np.isfinite(gathered)].tolist(), -0.0]


def around(place: float) -> Array:
    """The place, its neighbours among the doubles, and points closing in on it."""
    steps = np.ldexp(max(abs(place), SMALLEST), -np.array([4, 12, 20, 28, 36, 44]))
    neighbours = [nextafter(place, -inf), place, nextafter(place, inf)]
    return np.concatenate([neighbours, place - steps, place + steps])


def _flips_of(kernel: Callable[[Array], Array]) -> tuple[list[float], list[float]]:
    """Where a kernel changes its sign, and where it begins to be normal or anything but 0."""

    def is_normal(x: Array) -> NDArray[np.bool_]:
        return np.abs(kernel(x)) >= TINY

    return flips(lambda x: kernel(x) > 0), flips(is_normal) + flips(lambda x: kernel(x) != 0)


def flips(predicate: Callable[[Array], NDArray[np.bool_]], most: int = 6) -> list[float]:
    """The places, nearest to 0 first, where a vectorised predicate changes along the line."""
    truth = predicate(SCAN)
    before = np.flatnonzero(truth[1:] != truth[:-1])
    before = before[np.argsort(np.abs(SCAN[before]))][:most]
    low, high, at_low = SCAN[before], SCAN[before + 1], truth[before]
    for _ in range(70):
        middle = low + (high - low) / 2
        same = predicate(middle) == at_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return [float(x) for x in high]


@dataclass(frozen=True)
class Miss:
    """A point at which the promise is broken."""

    x: float
    got: float
    wanted: mpf
    error: float

    def __str__(self) -> str:
        return (
            f"at x = {self.x!r} ({self.x.hex()}): got {self.got!r}, "
            f"exact {float(self.wanted)!r}, {self.error:.3g} ulp apart"
        )


def misses(
    points: list[float], got: Array, wanted: list[mpf], limit: float, allowance: Allowance
) -> list[Miss]:
    """Where the result is further off than the limit and the allowance, worst first.

    What rounds to a double that is nearer than the limit by an ulp is off by less than it.
    """
    rounded = np.array([*map(float, wanted)])
    with np.errstate(all="ignore"):
        is_near = np.abs(got - rounded) <= (limit - 1) * np.spacing(np.abs(rounded))
    found = [
        Miss(x, float(y), target, error)
        for x, y, target, near in zip(points, got, wanted, is_near, strict=True)
        if not near
        if not (error := ulps(float(y), target)) <= limit
        and not excused(float(y), target, limit, allowance(x))
    ]
    return sorted(found, key=lambda miss: -miss.error)


Allowance = Callable[[float], mpf]
"""How much further off, absolutely, the result may be at x."""


def excused(got: float, wanted: mpf, limit: float, allowance: mpf) -> bool:
    """Whether the error beyond the limit, both measured absolutely, is within the allowance."""
    if not allowance or not isfinite(got):
        return False
    unit = np.spacing(max(abs(float(wanted)), TINY))
    return bool(abs(mpf(got) - wanted) <= limit * mpf(unit) + allowance)


def report(activation: Activation, what: str, found: list[Miss], total: int) -> str:
    return (
        f"{activation}: {what} misses its promise at {len(found)} of {total} points "
        f"(formula: {activation.formula}); the worst\n  " + "\n  ".join(map(str, found[:5]))
    )


def unrest(activation: Activation, order: int, x: float) -> mpf:
    """How far f (order 0) or f' (order 1) strays among the doubles next to x."""
    reach = 1 if abs(x) < 2**53 else 32
    nearby = [x + k * ulp(x) for k in range(-reach, reach + 1)]
    here = exact(activation, x)[order]
    return max(abs(exact(activation, y)[order] - here) for y in nearby if isfinite(y))


def test_value(sample: Sample) -> None:
    activation = sample.activation

    def backward(x: float) -> mpf:
        return unrest(activation, 0, x) if is_endless(activation) else mpf(0)

    got = activation.value(sample.points)
    found = misses(sample.points, got, sample.values, VALUE_ULPS, backward)
    assert not found, report(activation, "value", found, len(sample.points))


def test_derivative(sample: Sample) -> None:
    activation = sample.activation

    def backward(x: float) -> mpf:
        return unrest(activation, 1, x) if is_endless(activation) else mpf(0)

    smooth = [i for i, x in enumerate(sample.points) if x not in kinks(activation)]
    points = [sample.points[i] for i in smooth]
    wanted = [sample.derivatives[i] for i in smooth]
    got = activation.derivative(points)
    found = misses(points, got, wanted, DERIVATIVE_ULPS, backward)
    assert not found, report(activation, "derivative", found, len(points))


def test_derivative_at_kinks_lies_between_the_one_sided_ones(sample: Sample) -> None:
    activation = sample.activation
    for kink in kinks(activation):
        sides = [exact(activation, nextafter(kink, end))[1] for end in (-inf, inf)]
        got = float(activation.derivative(kink))
        between = min(sides) <= got <= max(sides)
        assert between or min(ulps(got, side) for side in sides) <= DERIVATIVE_ULPS, (
            f"{activation}: f'({kink!r}) = {got!r} is not between the one-sided derivatives "
            f"{float(sides[0])!r} and {float(sides[1])!r}"
        )


@pytest.mark.parametrize("end", [-inf, inf])
def test_ends(sample: Sample, end: float) -> None:
    activation = sample.activation
    line = line_at(activation, end)
    value, slope = (float(y) for y in activation.value_and_derivative(end))
    said = f"{activation}: f({end}) = {value!r}, f'({end}) = {slope!r}"
    if line is not None:
        assert ulps(value, line(end)) <= VALUE_ULPS, f"{said}, but the line there is {line}"
        assert ulps(slope, line.slope) <= DERIVATIVE_ULPS, f"{said}, but the line there is {line}"
    elif not is_endless(activation):
        far, far_slope = exact(activation, copysign(LARGEST, end))
        assert isinf(value), f"{said}; a function without a line at an end has no finite limit"
        assert copysign(1, value) == copysign(1, far), f"{said}, but f({far}) has another sign"
        if abs(far_slope) < 1e-100:
            assert slope == 0, f"{said}, but f' goes to 0"
        elif abs(far_slope) > 1e100:
            assert isinf(slope), f"{said}, but f' grows without bound"
        else:
            assert not isnan(slope), f"{said}; f' has a limit there"


def test_nan_stays_nan(sample: Sample) -> None:
    for y in sample.activation.value_and_derivative(np.nan):
        assert isnan(y), f"{sample.activation} maps NaN to {y!r}"


def test_value_and_derivative_agree_with_value_and_derivative_alone(sample: Sample) -> None:
    activation, points = sample.activation, [*sample.points, inf, -inf]
    together = activation.value_and_derivative(points)
    for both, alone in zip(together, (activation.value, activation.derivative), strict=True):
        wanted = alone(points)
        within_one_ulp = np.nextafter(both, wanted) == wanted
        same = within_one_ulp | (np.isnan(both) & np.isnan(wanted))
        x = [x for x, agrees in zip(points, same, strict=True) if not agrees]
        assert not x, f"{activation}: f_and_df and {alone.__name__} differ at {x[:5]}"


def test_no_warning_reaches_the_caller(sample: Sample) -> None:
    with np.errstate(all="raise"):
        sample.activation.value_and_derivative([*sample.points, inf, -inf, np.nan])
        sample.activation.value(sample.points)
        sample.activation.derivative(sample.points)
