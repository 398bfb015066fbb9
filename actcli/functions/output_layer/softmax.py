"""The output layer: probabilities of logits, their gradients, the losses on top."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from actcli.errors import UsageError
from actcli.functions.output_layer import simplex
from actcli.functions.output_layer.simplex import EXACT, ONE, ZERO, Distribution
from actcli.functions.output_layer.simplex_saturation import (
    GapSaturation,
    entmax15_gap,
    log_softmax_gap,
    softmax_gap,
    sparsemax_gap,
)
from actcli.numeric.zero_sum import zero_sum

COLDEST = 2.2250738585072014e-308
"""The least temperature: below it 1/T overflows."""

MOST_CLASSES = 500
"""Of more classes no Jacobian is written."""


class Kind(NamedTuple):
    """A map from logits to probabilities, or to their logarithms."""

    distribution: Callable[[Sequence[float], float], Distribution]
    gap: Callable[[int, float, float], GapSaturation]
    sign: int = 1
    """-1: the smallest logit has the largest probability."""
    logarithmic: bool = False
    """Whether the Jacobian is that of the log-probabilities."""


KINDS = {
    "softmax": Kind(simplex.softmax, softmax_gap),
    "log_softmax": Kind(simplex.softmax, log_softmax_gap, logarithmic=True),
    "softmin": Kind(simplex.softmax, softmax_gap, sign=-1),
    "sparsemax": Kind(simplex.sparsemax, sparsemax_gap),
    "entmax15": Kind(simplex.entmax15, entmax15_gap),
}

LOSSES = ("cross_entropy", "hinge")


class Loss(NamedTuple):
    """A loss at the target class, and its gradient by the logits."""

    name: str
    """`cross_entropy` (in nats) or `hinge`."""
    value: float | None
    """None where it is infinite."""
    gradient: Sequence[float] | None
    """None where there is none: cross-entropy where sparsemax gives the target nothing."""


@dataclass(frozen=True)
class Softmax:
    """One vector of logits z and what the output layer makes of it, at temperature T.

    Every number is within 4 ulp. All gradients are by the logits, the factor 1/T included.
    """

    kind: str
    """Which map."""
    temperature: float
    """The logits are divided by it."""
    logits: Sequence[float | None]
    """None is -infinity: a masked class."""
    probabilities: Sequence[float]
    """In the order of the logits; their sum is 1."""
    log_probabilities: Sequence[float | None]
    """None is -infinity."""
    entropy: float
    """In nats."""
    jacobian: Sequence[Sequence[float]] | None
    """Row i: the gradient of probability i (for log_softmax, of its logarithm).

    Entries are chosen within 4 ulp so that the exact sum of a row is 0; where sizes in a row lie so
    far apart that no such doubles exist, it is less than an ulp of the diagonal. None for more than
    500 classes.
    """
    target: int | None
    """The right class, from 0; null where none was named."""
    loss: Loss | None
    """The loss that was asked for; None without a target."""
    losses: Sequence[Loss]
    """Both losses: cross_entropy = -log p_target, and hinge, of Weston & Watkins (1999):
    the sum over j != target of max(0, 1 + (z_j - z_target)/T), of slope 0 at its kinks."""
    saturation: GapSaturation
    """From which gap on no gradient is left."""


def softmax(
    logits: Sequence[float],
    kind: str = "softmax",
    *,
    temperature: float = 1.0,
    target: int | None = None,
    loss: str = "cross_entropy",
    eps: float = 1e-3,
) -> Softmax:
    """Turn logits into probabilities.

    Args:
        logits: finite numbers, or -inf for a class that is masked; not all of them.
        kind: one of `KINDS`.
        temperature: what logits are divided by.
        target: the right class, counted from 0.
        loss: which of `LOSSES` is `loss`.
        eps: saturated is where every entry of the Jacobian is below eps; for 0, where it is 0.

    Raises:
        UsageError: one of these is out of bounds.
    """
    logits = [float(z) for z in logits]
    _check(logits, kind, temperature=temperature, target=target, loss=loss, eps=eps)
    how = KINDS[kind]
    if how.sign < 0 and -math.inf in logits:
        raise UsageError(f"{kind} takes no -inf: it would have all of the probability")
    scores = [how.sign * z for z in logits]
    found = how.distribution(scores, temperature)
    losses = () if target is None else _losses(found, scores, how.sign, temperature, target)
    return Softmax(
        kind=kind,
        temperature=temperature,
        logits=[z if math.isfinite(z) else None for z in logits],
        probabilities=[float(p) for p in found.probabilities],
        log_probabilities=[_finite(log) for log in found.logs],
        entropy=float(_entropy(found)),
        jacobian=_jacobian(found, how, temperature) if len(logits) <= MOST_CLASSES else None,
        target=target,
        loss=next((one for one in losses if one.name == loss), None),
        losses=losses,
        saturation=how.gap(len(logits), temperature, eps),
    )


def _check(
    logits: Sequence[float],
    kind: str,
    temperature: float,
    target: int | None,
    loss: str,
    eps: float,
) -> None:
    for name, value, known in (("kind", kind, (*KINDS,)), ("loss", loss, LOSSES)):
        if value not in known:
            raise UsageError(f"{name} must be {' or '.join(known)}, not {value!a}")
    if not logits:
        raise UsageError("there is no logit")
    for z in logits:
        if math.isnan(z) or z == math.inf:
            raise UsageError(f"a logit is a finite number, or -inf for a masked class, not {z:g}")
    if max(logits) == -math.inf:
        raise UsageError("all classes are masked: one logit at least must be finite")
    if not COLDEST <= temperature < math.inf:
        raise UsageError(f"temperature must be at least {COLDEST:g}, not {temperature:g}")
    if target is not None and not 0 <= target < len(logits):
        raise UsageError(
            f"target must be from 0 to {len(logits) - 1} for {len(logits)} logits, not {target}"
        )
    if not 0 <= eps < math.inf:
        raise UsageError(f"eps must be a finite number >= 0, not {eps:g}")


def _jacobian(found: Distribution, how: Kind, temperature: float) -> list[list[float]]:
    rows = []
    for i in range(len(found.probabilities)):
        row = found.log_row(i) if how.logarithmic else found.row(i)
        assert row is not None
        rows.append(_gradient(row, i, how.sign, temperature))
    return rows


def _gradient(row: Sequence[Decimal], largest: int, sign: int, temperature: float) -> list[float]:
    """The row by the logits, in doubles that sum to 0."""
    factor = EXACT.divide(Decimal(sign), Decimal(temperature))
    return zero_sum([float(EXACT.multiply(entry, factor)) + 0.0 for entry in row], largest)


def _losses(
    found: Distribution, scores: Sequence[float], sign: int, temperature: float, target: int
) -> tuple[Loss, Loss]:
    row = found.log_row(target)
    uphill = None if row is None else _gradient(row, target, -sign, temperature)
    surprise = _finite(EXACT.minus(found.logs[target]))
    return Loss("cross_entropy", surprise, uphill), _hinge(scores, sign, temperature, target)


def _hinge(scores: Sequence[float], sign: int, temperature: float, target: int) -> Loss:
    rivals = [j for j, score in enumerate(scores) if j != target and score > -math.inf]
    heat = Fraction(temperature)
    violations = dict.fromkeys(rivals, math.inf)
    value: float | None = None if rivals else 0.0
    if scores[target] > -math.inf:
        mine = Fraction(scores[target])
        margins = {j: 1 + (Fraction(scores[j]) - mine) / heat for j in rivals}
        violations = {j: 1.0 for j, margin in margins.items() if margin > 0}
        value = _finite(simplex.decimal(sum((margins[j] for j in violations), Fraction(0))))
    row = [ONE if j in violations else ZERO for j in range(len(scores))]
    row[target] = Decimal(-len(violations))
    return Loss("hinge", value, _gradient(row, target, sign, temperature))


def _entropy(found: Distribution) -> Decimal:
    terms = zip(found.probabilities, found.logs, strict=True)
    return simplex.total(EXACT.multiply(p, EXACT.minus(log)) for p, log in terms if p)


def _finite(number: Decimal) -> float | None:
    rounded = float(number) + 0.0
    return rounded if math.isfinite(rounded) else None
