"""From which gap on the largest entry of the Jacobian is below a threshold.

One logit lies a gap g >= 0 above n - 1 others that are all equal. With weights w as in `simplex`
(w_1 of the largest, v of each other one) no entry of the Jacobian by the logits is larger than
J_11 = w_1 (n - 1) v/(w_1 + (n - 1) v)/T, since w_1 >= v.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from actcli.functions.output_layer.simplex import EXACT, ONE, ZERO

Pair = tuple[Decimal, Decimal]

_TWO, _FOUR = Decimal(2), Decimal(4)
_HALVINGS = 280


class GapSaturation(NamedTuple):
    """The largest entry of the Jacobian is below eps for all gaps beyond `gap`."""

    eps: float
    gap: float | None
    """The correctly rounded double; None where no gap is wide enough."""
    probability: float | None
    """Of the largest logit at that gap."""


def softmax_gap(n: int, temperature: float, eps: float) -> GapSaturation:
    """Where p (1 - p)/T = eps with p > 1/2: T (log(n - 1) + log(p/(1 - p)))."""
    level = EXACT.multiply(Decimal(eps), Decimal(temperature))
    if n == 1 or EXACT.multiply(_FOUR, level) > ONE:
        return _everywhere(n, eps)
    if not level:
        return GapSaturation(eps, None, None)
    root = EXACT.sqrt(EXACT.subtract(ONE, EXACT.multiply(_FOUR, level)))
    p = EXACT.divide(EXACT.add(ONE, root), _TWO)
    odds = EXACT.divide(EXACT.multiply(p, p), level)
    logit = EXACT.ln(EXACT.multiply(Decimal(n - 1), odds))
    return GapSaturation(eps, float(EXACT.multiply(logit, Decimal(temperature))), float(p))


def log_softmax_gap(n: int, temperature: float, eps: float) -> GapSaturation:
    """The gradient of the log-probability of another class comes ever nearer to 1/T."""
    level = EXACT.multiply(Decimal(eps), Decimal(temperature))
    return _everywhere(n, eps) if n == 1 or level >= ONE else GapSaturation(eps, None, None)


def sparsemax_gap(n: int, temperature: float, eps: float) -> GapSaturation:
    """(1 - 1/n)/T as long as all n are in the support, 0 from a gap of T on."""
    level = EXACT.multiply(Decimal(eps), Decimal(temperature))
    if n == 1 or EXACT.multiply(level, Decimal(n)) > n - 1:
        return _everywhere(n, eps)
    return GapSaturation(eps, temperature, 1.0)


def entmax15_gap(n: int, temperature: float, eps: float) -> GapSaturation:
    """Where u s/(u + s) = eps T, with s = sqrt(p), u = (n - 1) v and s^2 + u^2/(n - 1) = 1.

    The left side grows with u up to u^3 = (n - 1) s^3 and falls behind it; the gap is
    2 T (s - v), and 2 T where eps is 0.
    """
    level = EXACT.multiply(Decimal(eps), Decimal(temperature))
    others = Decimal(n - 1)
    if n == 1:
        return _everywhere(n, eps)
    turn = EXACT.power(others, EXACT.divide(ONE, Decimal(3)))
    square = EXACT.divide(EXACT.multiply(turn, turn), others)
    least = EXACT.divide(ONE, EXACT.sqrt(EXACT.add(ONE, square)))
    high = EXACT.multiply(turn, least)
    if level > _harmonic(high, least):
        return _everywhere(n, eps)
    low = level
    if level and level < least:
        inverse = EXACT.subtract(EXACT.divide(ONE, level), EXACT.divide(ONE, least))
        high = min(high, EXACT.divide(ONE, inverse))
    for _ in range(_HALVINGS if level else 0):
        middle = EXACT.divide(EXACT.add(low, high), _TWO)
        below = _harmonic(middle, _top(middle, others)) < level
        low, high = (middle, high) if below else (low, middle)
    top = _top(low, others)
    gap = EXACT.subtract(top, EXACT.divide(low, others))
    scaled = EXACT.multiply(EXACT.multiply(_TWO, Decimal(temperature)), gap)
    return GapSaturation(eps, float(scaled), float(EXACT.multiply(top, top)))


def _top(u: Decimal, others: Decimal) -> Decimal:
    return EXACT.sqrt(EXACT.subtract(ONE, EXACT.divide(EXACT.multiply(u, u), others)))


def _harmonic(a: Decimal, b: Decimal) -> Decimal:
    return EXACT.divide(EXACT.multiply(a, b), EXACT.add(a, b)) if a or b else ZERO


def _everywhere(n: int, eps: float) -> GapSaturation:
    return GapSaturation(eps, 0.0, 1 / n)
