"""Maps from logits to probabilities: softmax, sparsemax, entmax.

All are alpha-entmax (Peters, Niculae & Martins 2019, arXiv:1905.05702): softmax for alpha = 1,
sparsemax for 2 (Martins & Astudillo 2016, arXiv:1602.02068), entmax15 for 1.5. With the weights
w = p^(2 - alpha) on the support and 0 off it, W their sum, all have the Jacobian
w_i (delta_ij - w_j/W). Found here by sorting, in rationals and in decimals of 90 digits: what is
returned is as good as exact until it is rounded to doubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import reduce
from itertools import accumulate
from typing import NamedTuple

EXACT = Context(
    prec=90, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, capitals=1, clamp=0, traps=[]
)
"""The decimals that everything is computed in: underflow goes to 0, nothing is trapped."""

ZERO, ONE, NEVER = Decimal(0), Decimal(1), Decimal("-Infinity")

_SMALL = Decimal("1e-30")


class Distribution(NamedTuple):
    """What a map makes of one vector, entry by entry."""

    probabilities: Sequence[Decimal]
    logs: Sequence[Decimal]
    """log p; -infinity for p = 0."""
    weights: Sequence[Decimal]
    """p^(2 - alpha), 0 off the support."""
    relative: Sequence[Decimal | None]
    """w/p: 1 for softmax, for which p may be as small as it likes; None off the support."""

    def row(self, i: int) -> list[Decimal]:
        """The gradient of p_i by the logits."""
        return self._row(i, self.weights[i])

    def log_row(self, i: int) -> list[Decimal] | None:
        """The gradient of log p_i by the logits; None off the support, where there is none."""
        relative = self.relative[i]
        return None if relative is None else self._row(i, relative)

    def _row(self, i: int, factor: Decimal) -> list[Decimal]:
        multiply, divide = EXACT.multiply, EXACT.divide
        others = total(weight for j, weight in enumerate(self.weights) if j != i)
        share = divide(factor, EXACT.add(self.weights[i], others))
        row = [EXACT.minus(multiply(share, weight)) for weight in self.weights]
        row[i] = multiply(share, others)
        return row


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The sum, from the smallest up."""
    return reduce(EXACT.add, sorted(numbers), ZERO)


def decimal(number: Fraction) -> Decimal:
    """The decimal of 90 digits nearest to a rational."""
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))


def softmax(logits: Sequence[float], temperature: float) -> Distribution:
    """exp(z/T) over its sum."""
    top, heat = Decimal(max(logits)), Decimal(temperature)
    depths = [EXACT.divide(EXACT.subtract(Decimal(z), top), heat) for z in logits]
    powers = [EXACT.exp(depth) for depth in depths]
    first = depths.index(ZERO)
    rest = total(power for i, power in enumerate(powers) if i != first)
    whole = EXACT.add(ONE, rest)
    log_whole = log1p(rest)
    probabilities = [EXACT.divide(power, whole) for power in powers]
    logs = [EXACT.subtract(depth, log_whole) for depth in depths]
    return Distribution(probabilities, logs, probabilities, [ONE] * len(logits))


def sparsemax(logits: Sequence[float], temperature: float) -> Distribution:
    """The point of the probability simplex that is nearest to z/T."""
    depths = _depths(logits, temperature)
    finite = sorted((depth for depth in depths if depth is not None), reverse=True)
    sums = accumulate(finite)
    _, level = max(
        (k, (whole - 1) / k)
        for k, (depth, whole) in enumerate(zip(finite, sums, strict=True), 1)
        if 1 + k * depth > whole
    )
    probabilities = [ZERO if d is None or d <= level else decimal(d - level) for d in depths]
    return _supported(probabilities, [ONE if p else ZERO for p in probabilities])


def entmax15(logits: Sequence[float], temperature: float) -> Distribution:
    """[z/(2T) - tau]_+^2, tau such that these sum to 1."""
    depths = [None if d is None else d / 2 for d in _depths(logits, temperature)]
    finite = sorted((depth for depth in depths if depth is not None), reverse=True)
    sums, squares = accumulate(finite), accumulate(depth * depth for depth in finite)
    mean, radicand = Fraction(0), Fraction(1)
    for k, (depth, whole, square) in enumerate(zip(finite, sums, squares, strict=True), 1):
        centre = whole / k
        spread = (1 - square + k * centre * centre) / k
        if not spread > (centre - depth) ** 2:
            break
        mean, radicand = centre, spread
    radius = EXACT.sqrt(decimal(radicand))
    roots = [ZERO if depth is None else _root(depth - mean, radicand, radius) for depth in depths]
    return _supported([EXACT.multiply(root, root) for root in roots], roots)


def _root(offset: Fraction, radicand: Fraction, radius: Decimal) -> Decimal:
    """The sum of offset and sqrt(radicand), without cancellation; 0 where it is negative."""
    if offset >= 0:
        return EXACT.add(decimal(offset), radius)
    squares = radicand - offset * offset
    if squares <= 0:
        return ZERO
    return EXACT.divide(decimal(squares), EXACT.subtract(radius, decimal(offset)))


def _depths(logits: Sequence[float], temperature: float) -> list[Fraction | None]:
    """How far each logit lies below the largest, in temperatures; None for a masked class."""
    top, heat = Fraction(max(logits)), Fraction(temperature)
    return [None if z == -float("inf") else (Fraction(z) - top) / heat for z in logits]


def _supported(probabilities: list[Decimal], weights: list[Decimal]) -> Distribution:
    relative = [
        EXACT.divide(w, p) if p else None for w, p in zip(weights, probabilities, strict=True)
    ]
    return Distribution(
        probabilities, [_log(probabilities, i) for i in range(len(weights))], weights, relative
    )


def _log(probabilities: Sequence[Decimal], i: int) -> Decimal:
    if not probabilities[i]:
        return NEVER
    if probabilities[i] * 2 <= 1:
        return EXACT.ln(probabilities[i])
    others = total(p for j, p in enumerate(probabilities) if j != i)
    return log1p(EXACT.minus(others))


def log1p(x: Decimal) -> Decimal:
    """log(1 + x) to 60 digits, however small x is."""
    if abs(x) > _SMALL:
        return EXACT.ln(EXACT.add(ONE, x))
    square = EXACT.multiply(x, x)
    series = EXACT.subtract(x, EXACT.divide(square, Decimal(2)))
    return EXACT.add(series, EXACT.divide(EXACT.multiply(square, x), Decimal(3)))
