"""By how much a layer has to scale its weights so that the signal keeps its size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flint import arb, ctx

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.activations.written import Formula, formula_of
from actcli.errors import UsageError
from actcli.meanfield.moments import enclosed, number
from actcli.structure.boxes import Window
from actcli.structure.integrals.means import Means
from actcli.structure.structure import EFFORT, PRECISE
from actcli.structure.undecided import Undecided

_ALL = 17
"""Digits of a double: none of them is in doubt."""

_NOTHING = 2.0**-44
"""A mean that is no larger, beside the root of the mean square, is 0."""

_LEAST = 2.0**-100
"""A mean that is no larger is 0 in any case."""


@dataclass(frozen=True)
class Gain:
    """The moments of f(x) and f'(x) for x ~ N(0, q), and the gains that follow.

    None is an infinite number, or one that could not be enclosed, or a gain that would have to be.
    """

    activation: str
    formula: str
    params: Mapping[str, float]
    q: float
    """The variance of the inputs."""
    mean: float | None
    """E f."""
    second_moment: float | None
    """E f^2."""
    variance: float | None
    """Var f."""
    mean_derivative: float | None
    """E f', a jump counted as what it adds to f."""
    second_moment_derivative: float | None
    """E f'^2; infinite where f jumps."""
    forward_gain: float | None
    """sqrt(q/E f^2): var W = gain^2/fan_in keeps E x^2."""
    standard_gain: float | None
    """1/sqrt(Var f): gain*(f - mean) has variance 1."""
    backward_gain: float | None
    """1/sqrt(E f'^2): var W = gain^2/fan_out keeps gradients."""
    torch_gain: float | None
    """None where PyTorch knows none."""
    proved: bool
    """Whether all of it was enclosed; else the numbers have the digits that are certain."""
    open: Sequence[Undecided]
    """The parts of the line over which that did not succeed."""
    _digits: Mapping[str, int]
    """How many digits of a number are certain."""

    def certain_digits(self, key: str) -> int:
        """How many digits of one of the numbers are certain."""
        return self._digits.get(key, _ALL)


@dataclass(frozen=True)
class GainCertificate:
    """An answer with the enclosures of its numbers, which integrals by other means can check."""

    question: str
    """`gain`."""
    functions: Sequence[Formula]
    """The one function, f."""
    answer: Gain
    """As the command writes it."""
    enclosures: Mapping[str, Window]
    """The closed intervals that the numbers are proved to lie in; an open end is `null`."""


def gain(activation: Activation, q: float = 1.0, effort: float = EFFORT) -> Gain:
    """The gains of an activation for inputs of mean 0 and variance q.

    What is not decided after `effort` seconds of CPU stays open.

    Raises:
        UsageError: q is not a variance.
        ActcliError: E f^2 is infinite, or f is not defined everywhere.
    """
    if not (math.isfinite(q) and q > 0):
        raise UsageError(f"q must be a finite number > 0, not {q:g}")
    found = enclosed(activation, q, effort)
    balls = _numbers(found, q)
    digits = {key: _certain_digits(ball, _size(key, found)) for key, ball in balls.items()}
    return Gain(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        q=q,
        **{key: _rounded(ball, digits[key]) for key, ball in balls.items()},
        torch_gain=activation.torch_gain if isinstance(activation, Named) else None,
        proved=not found.open,
        open=found.open,
        _digits=digits,
    )


def certificate(answer: Gain, activation: Activation, effort: float = EFFORT) -> GainCertificate:
    """The proof of an answer, found with the same effort."""
    balls = _numbers(enclosed(activation, answer.q, effort), answer.q)
    enclosures = {key: _enclosure(ball) for key, ball in balls.items()}
    return GainCertificate("gain", [formula_of(activation)], answer, enclosures)


def _enclosure(ball: arb) -> Window:
    """The doubles around a ball."""
    if ball.is_nan():
        return -math.inf, math.inf
    low, high = float(ball.lower()), float(ball.upper())
    return (
        low if arb(low) <= ball.lower() else math.nextafter(low, -math.inf),
        high if arb(high) >= ball.upper() else math.nextafter(high, math.inf),
    )


def _numbers(found: Means, q: float) -> Mapping[str, arb]:
    with ctx.workprec(PRECISE):
        return {
            "mean": found.mean,
            "second_moment": found.second,
            "variance": found.variance,
            "mean_derivative": found.slope,
            "second_moment_derivative": found.second_slope,
            "forward_gain": _inverse_root(found.second / q),
            "standard_gain": _inverse_root(found.variance),
            "backward_gain": _inverse_root(found.second_slope),
        }


def _inverse_root(ball: arb) -> arb:
    return 1 / ball.sqrt() if ball.is_finite() else ball


def notes(activation: Activation, q: float, effort: float = EFFORT) -> Iterator[str]:
    """What a reader of the gains has to know beside them."""
    leaps = enclosed(activation, q, effort).jumps
    if leaps:
        where = ", ".join(f"{place:g}" for place in leaps[:3]) + (", ..." if leaps[3:] else "")
        yield (
            f"{activation} jumps at x = {where}: E f' counts the jump, E f'^2 is infinite "
            "and there is no backward gain"
        )


def _size(key: str, found: Means) -> arb | float:
    """What a number is at least if it is not small beside what it is a mean of."""
    match key:
        case "mean":
            return found.second.abs_lower().sqrt()
        case "variance":
            return found.second.abs_lower()
        case "mean_derivative":
            slope = found.second_slope
            return slope.abs_lower().sqrt() if slope.is_finite() else 1.0
        case _:
            return 0.0


def _certain_digits(ball: arb, size: arb | float) -> int:
    """How many decimal digits an enclosure leaves certain; all of a 0 that is one beside a size."""
    if not ball.is_finite():
        return _ALL
    if ball.contains(0):
        is_zero = ball.abs_upper() <= _LEAST or ball.abs_upper() <= size * _NOTHING
        return _ALL if is_zero else 0
    return max(0, min(_ALL, int(ball.rel_accuracy_bits() * math.log10(2))))


def _rounded(ball: arb, digits: int) -> float | None:
    """A number with its certain digits; None where there is none, or no double holds it."""
    value = number(ball)
    if not digits or not math.isfinite(value):
        return None
    return value if digits == _ALL else float(f"{value:.{digits}g}")
