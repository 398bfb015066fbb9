"""The edge of chaos: for which weights and biases a gradient keeps its size at any depth.

The edge needs no search in the plane of (sigma_w, sigma_b). Every variance q lies on it at one
point, sigma_w^2 = 1/E f'^2 and sigma_b^2 = q - sigma_w^2 E f^2, if that is not negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.meanfield.moments import quick
from actcli.meanfield.random_network import VANISHING, RandomNetwork, refuse_jumps
from actcli.numeric.floats import bisect

_LOWEST, _HIGHEST = 2.0**-40, 2.0**14
"""The variances between which a crossing is looked for; the highest grows with sigma_b^2."""

_ROUNDOFF = 1e-13

_CROSSED = 1e-6
"""Where the sign changes by a jump, from where E f'^2 underflows, nothing is crossed."""


@dataclass(frozen=True)
class CriticalPoint:
    """A point on the edge of chaos, and its fixed point."""

    sigma_w: float
    sigma_b: float
    q: float
    stable: bool | None
    """Whether variances near q go to q; None where they neither go there nor leave."""

    @classmethod
    def on(cls, network: RandomNetwork, q: float) -> CriticalPoint:
        """The point of a critical network with this fixed point."""
        return cls(network.sigma_w, network.sigma_b, q, network.stable(q))


def critical_point(activation: Activation, sigma_b: float, q: float) -> CriticalPoint:
    """The point on the edge of chaos with these biases.

    Of several, a stable one if there is one, and the one whose fixed point is nearest to q.

    Raises:
        ActcliError: there is none.
    """
    refuse_jumps(activation)
    points = list(_points(activation, sigma_b, q))
    if not points:
        raise ActcliError(
            f"{activation} has no edge of chaos at sigma_b = {sigma_b:g}: no sigma_w there gives a "
            f"fixed point with chi_1 = 1{_where_there_is_one(activation, sigma_b)}"
        )
    return min(points, key=lambda p: (p.stable is False, abs(math.log((p.q or VANISHING) / q))))


def _points(activation: Activation, sigma_b: float, q: float) -> Iterator[CriticalPoint]:
    goal = sigma_b**2

    def excess(q: float) -> float:
        return _bias_variance(activation, q) - goal

    if not excess(q):
        yield _point(activation, sigma_b, q)
        return
    if not sigma_b and not activation.sampled.value(0.0):
        yield from _at_zero(activation)
    known = [(v, excess(v)) for v in _variances(activation, sigma_b)]
    known = [(v, e) for v, e in known if e]
    for (low, before), (high, after) in pairwise(known):
        if before * after < 0:
            crossing = bisect(lambda v: excess(v) > 0, low, high)
            if abs(excess(crossing)) <= _CROSSED * crossing:
                yield _point(activation, sigma_b, crossing)


def _at_zero(activation: Activation) -> Iterator[CriticalPoint]:
    """The point whose fixed point is a signal that has died out."""
    slope, nearer = (quick(activation, q).second_slope for q in (VANISHING, VANISHING / 4))
    if slope and math.isclose(slope, nearer):
        yield CriticalPoint.on(RandomNetwork(activation, 1 / math.sqrt(slope), 0.0), 0.0)


def _point(activation: Activation, sigma_b: float, q: float) -> CriticalPoint:
    sigma_w = 1 / math.sqrt(quick(activation, q).second_slope)
    return CriticalPoint.on(RandomNetwork(activation, sigma_w, sigma_b), q)


def _bias_variance(activation: Activation, q: float) -> float:
    """sigma_b^2 at the point of the edge whose fixed point is q; not one where it is negative."""
    found = quick(activation, q)
    if not found.second_slope:
        return -math.inf
    rest = q - found.second / found.second_slope
    return rest if abs(rest) > _ROUNDOFF * q else 0.0


@lru_cache(maxsize=64)
def _variances(activation: Activation, sigma_b: float) -> Sequence[float]:
    """The variances to look at, as far as the moments are finite."""
    found, q = [], _LOWEST
    with suppress(ActcliError):
        while q <= _HIGHEST * max(1.0, sigma_b**2):
            quick(activation, q)
            found.append(q)
            q *= math.sqrt(2)
    return found


def _where_there_is_one(activation: Activation, sigma_b: float) -> str:
    """The rest of the message: from which biases on there is an edge."""
    possible = [_bias_variance(activation, q) for q in _variances(activation, sigma_b)]
    below = [v for v in possible if 0 <= v < sigma_b**2]
    above = [v for v in possible if v > sigma_b**2]
    if above and min(above) < _ROUNDOFF * 10:
        return "; there is one at any sigma_b > 0"
    if above:
        return f"; there is one from about sigma_b = {math.sqrt(min(above)):.3g} on"
    if below and max(below) > 0:
        return f"; there is one up to about sigma_b = {math.sqrt(max(below)):.3g}"
    return "; there is one at sigma_b = 0 only" if below else ", nor at any other sigma_b"
