"""The limits of a function from its germs, also where it grows as slowly as a logarithm."""

from __future__ import annotations

from collections.abc import Callable

from actcli.formula.germs.germ import Germ
from actcli.formula.jets.intervals import INFINITY, Interval
from actcli.formula.jets.jets import JUMP, Jet, UndecidedError


def limit_of(jet_to: Callable[[int], Jet], order: int = 0) -> Interval:
    """The limit of the n-th derivative for t to 0: a point where it is known, +-inf included.

    Where it has no leading power its own derivative tells: if the integral of that diverges.
    `jet_to` gives the germs to that derivative.

    Raises:
        UndecidedError: the germs have no value, as where the time for them is over.
    """
    jet = jet_to(order)
    if not jet.has_value:
        raise UndecidedError(jet.marks)
    ring = jet.value.ring
    limit: Interval = ring.limit(jet.order(order))
    if limit.is_point or jet.marks & JUMP:
        return limit
    rate = jet_to(order + 1).order(order + 1)
    if rate is None:
        return limit
    way = _divergence(rate.leading())
    side = ring.side if ring.at_infinity else -ring.side
    return Interval(INFINITY * (way * side)) if way else limit


def _divergence(rate: Germ) -> int:
    """The sign of a rate that goes as 1/x or slower to infinity, as 1/t or faster beside a hole."""
    slowest = 1 if rate.ring.at_infinity else -1
    if rate.U is not None or rate.p > slowest or rate.ring.two_sided:
        return 0
    if rate.c:
        return int(rate.c[0] > 0) - int(rate.c[0] < 0)
    return int(rate.sum().sign())
