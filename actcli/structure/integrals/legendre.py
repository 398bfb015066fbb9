"""Integrals by Gauss-Legendre over panels, with a proved bound of the rule's error.

On a panel with a function that is holomorphic, and at most M, in the Bernstein ellipse of parameter
RHO, n points err by less than 64/15 M RHO**(-2n)/(1 - RHO**-2) times the half width (Trefethen,
Approximation Theory and Approximation Practice, theorem 19.3). M comes from complex balls that
cover the upper half of the ellipse: by reflection it holds on the lower one too. A panel that needs
more than `MOST_POINTS`, or whose function is not seen to be holomorphic, is halved.
"""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Sequence
from functools import cache, reduce
from typing import NamedTuple

import numpy as np
from flint import acb, arb, ctx
from numpy.typing import NDArray

from actcli.formula.by_formula import ByFormula
from actcli.formula.jets.intervals import ZERO
from actcli.formula.values.balls import Ball, BallArithmetic, Balls, BallValues, each
from actcli.formula.values.duals import Duals
from actcli.formula.values.extension import Continued, ContinuedDuals, continued
from actcli.structure.function import ProvedFunction
from actcli.structure.integrals.products import COUNT, Factors, Products
from actcli.structure.integrals.weights import Weight

Panel = tuple[float, float]

MOST_POINTS = 24
_RHO = 2 + math.sqrt(3)
"""The ellipse reaches twice as far as the panel, and is sqrt(3) half widths high."""

_HALF_HEIGHT = math.sqrt(0.75) * (1 + 2**-50)
_COVER = np.array([[acb(arb(x, 1), arb(_HALF_HEIGHT, _HALF_HEIGHT))] for x in (-1, 1)], np.object_)
_FARTHEST = arb(3)
"""No point of the cover is so many half widths off the place that follows."""
_INSIDE = arb(0.1234)
"""Where in a panel it is asked which branch is taken; any place will do."""

_TARGET = 60
"""The rule may err by 2**-_TARGET of the integral of the size."""
_SPARE = 24
"""... or, of the mean of what a line leaves, by 2**-(_TARGET + _SPARE) of its bound."""
_ROUNDOFF = arb(2) ** -56
_NARROW = 2.0**-30
"""Panels that are narrower, in units of the weight, may be negligible."""
_MOST_PANELS = 8000

_MOST_BITS = 6000
_LEAST = -(2.0**60)
"""Binary logarithm of what is as good as 0."""


class Integrals(NamedTuple):
    """Enclosures of some integrals, over all panels but those that were given up."""

    values: list[arb]
    sizes: Sequence[arb]
    """Roughly the integrals of the absolute values, and elsewhere."""
    left: list[Panel]


@np.errstate(all="ignore")
def integrate(
    function: ProvedFunction,
    products: Products,
    weight: Weight,
    panels: Sequence[Panel],
    sizes: Sequence[arb],
    ranges: Callable[[float, float], Sequence[arb]],
    deadline: float,
) -> Integrals:
    """The integrals over panels inside which f does not change branch.

    Args:
        function: f.
        products: the integrands.
        weight: what they are integrated against.
        panels: where.
        sizes: roughly the integrals of the absolute values elsewhere.
        ranges: integrals over a narrow panel by the ranges of the integrands.
        deadline: in seconds of CPU of the process, after which no panel is halved.
    """
    pending, left = list(panels), list[Panel]()
    taken: list[tuple[Panel, int, Sequence[arb]]] = []
    narrow = [ZERO] * COUNT
    while pending:
        bounds, guesses = _look(function, products, weight, pending)
        sizes = [a + _sum(row) for a, row in zip(sizes, guesses, strict=True)]
        halves: list[Panel] = []
        is_over = time.process_time() > deadline or len(taken) + len(pending) > _MOST_PANELS
        counts = _points(bounds, sizes)
        for i, panel in enumerate(pending):
            if counts[i] <= MOST_POINTS:
                taken.append((panel, int(counts[i]), [row[i] for row in bounds]))
                continue
            low, high = panel
            middle = low + (high - low) / 2
            is_narrow = high - low <= _NARROW * weight.unit
            if is_narrow and _is_negligible(values := ranges(low, high), sizes):
                narrow = [a + b for a, b in zip(narrow, values, strict=True)]
            elif is_over or not low < middle < high:
                left.append(panel)
            else:
                sizes = [a - row[i] for a, row in zip(sizes, guesses, strict=True)]
                halves += [(low, middle), (middle, high)]
        pending = halves
    values = _summed(function, products, weight=weight, taken=taken, sizes=sizes, deadline=deadline)
    return Integrals([a + b for a, b in zip(values, narrow, strict=True)], sizes, left)


def _is_negligible(values: Sequence[arb], sizes: Sequence[arb]) -> bool:
    return all(
        bool(a.rad() <= arb(2) ** -_TARGET * size) for a, size in zip(values, sizes, strict=True)
    )


def _look(
    function: ProvedFunction, products: Products, weight: Weight, panels: Sequence[Panel]
) -> tuple[list[Balls], list[Balls]]:
    """For each panel bounds of the integrands on its ellipse, and guesses of the integrals."""
    middle, half = _middles(panels)
    point, around = middle + half * _INSIDE, middle + half * _COVER
    algebra = ContinuedDuals()
    dual = function.over(algebra, algebra.variable(Continued(point, around)))
    f, df = (continued(part) for part in (dual.value, dual.rate_or_zero))
    on_line = [_filled(part.point, point.shape) for part in (f, df)]
    beyond = [_filled(part.around, around.shape) for part in (f, df)]
    at = products.factors(point, on_line[0], on_line[1])
    over = products.factors(around, beyond[0], beyond[1])
    sizes = Factors(*map(_largest, over))
    by_slope = abs(at.g) + half * _FARTHEST * sizes.e
    sizes = sizes._replace(g=np.asarray(each(arb.min, 2)(sizes.g, by_slope), np.object_))
    heights = _largest(weight.at(around)) * half, weight.at(point) * half * 2
    guesses = Factors(*map(each(abs), at)).products()
    bounds = [row * heights[0] for row in sizes.products()]
    kept = (each(_if_finite)(row * heights[1]) for row in guesses)
    return bounds, [np.asarray(row, np.object_) for row in kept]


def _if_finite(a: arb) -> arb:
    return a if a.is_finite() else ZERO


def _largest(around: Balls) -> Balls:
    """The largest absolute value over the parts of the cover."""
    sizes = each(lambda z: z.abs_upper())(around)
    return np.asarray(each(arb.max, 2)(*sizes), np.object_)


def _points(bounds: Sequence[Balls], sizes: Sequence[arb]) -> NDArray[np.float64]:
    """How many points each panel needs; infinite where no number is enough."""
    constant = math.log2(64 / 15 / (1 - _RHO**-2))
    rows = []
    for k, (row, size) in enumerate(zip(bounds, sizes, strict=True)):
        most = np.maximum([_log2(a) for a in row], _LEAST)
        excess = most + constant + _TARGET - _log2(size)
        if k == 0:
            excess = np.where(excess < math.inf, np.minimum(excess, _TARGET + _SPARE), excess)
        rows.append(np.where(most > _LEAST, np.where(np.isnan(excess), math.inf, excess), 0.0))
    counts: NDArray[np.float64] = np.ceil(np.max(rows, axis=0) / (2 * math.log2(_RHO)))
    return np.maximum(2.0, counts)


def _log2(a: arb) -> float:
    """The logarithm of the upper end of a ball that is not negative."""
    a = a.upper()
    if a.is_zero():
        return -math.inf
    if not a.is_finite():
        return math.inf
    mantissa, shift = a.man_exp()
    return math.log2(int(mantissa)) + int(shift)


def _summed(
    function: ProvedFunction,
    products: Products,
    weight: Weight,
    taken: Sequence[tuple[Panel, int, Sequence[arb]]],
    sizes: Sequence[arb],
    deadline: float,
) -> list[arb]:
    """The integrals over the panels that were taken, with as many bits as it takes."""
    if not taken:
        return [ZERO] * len(sizes)
    errors = [
        sum((bounds[k] * _rule_error(n) for _, n, bounds in taken), ZERO) for k in range(len(sizes))
    ]
    before = ctx.prec
    try:
        while True:
            sums = _by_rule(function, products, weight, taken)
            precise = all(
                bool(total.rad() <= _ROUNDOFF * size)
                for total, size in zip(sums, sizes, strict=True)
            )
            if precise or ctx.prec > _MOST_BITS or time.process_time() > deadline:
                spread = arb(0, 1)
                return [a + error * spread for a, error in zip(sums, errors, strict=True)]
            ctx.prec *= 2
    finally:
        ctx.prec = before


@cache
def _rule_error(n: int) -> arb:
    """The error of n points for an integrand of at most 1."""
    return arb(64) / 15 / (1 - arb(_RHO) ** -2) * arb(_RHO) ** (-2 * n)


class _BallDuals(ByFormula, Duals[Ball]):
    """The algebra of dual balls where nothing ties: inside pieces."""


def _by_rule(
    function: ProvedFunction,
    products: Products,
    weight: Weight,
    taken: Sequence[tuple[Panel, int, Sequence[arb]]],
) -> list[arb]:
    x, shares = [], []
    for n in {panel[1] for panel in taken}:
        roots, weights = _rule(n, ctx.prec)
        middle, half = _middles([panel[0] for panel in taken if panel[1] == n])
        x.append((middle[:, np.newaxis] + half[:, np.newaxis] * roots).reshape(-1))
        shares.append((half[:, np.newaxis] * weights).reshape(-1))
    points = np.concatenate(x)
    arithmetic = BallArithmetic()
    algebra = _BallDuals(arithmetic, BallValues(arithmetic))
    dual = function.over(algebra, algebra.variable(points))
    f, df = (_filled(part, points.shape) for part in (dual.value, dual.rate_or_zero))
    share = np.concatenate(shares) * weight.at(points)
    rows = products.of(points, f, df)
    return [_sum(row * share) for row in rows]


@cache
def _rule(n: int, bits: int) -> tuple[Balls, Balls]:
    """The points of the rule on [-1, 1], and their weights, to so many bits."""
    del bits
    pairs = [arb.legendre_p_root(n, k, weight=True) for k in range(n)]
    roots, weights = (np.array(part, object) for part in zip(*pairs, strict=True))
    return roots, weights


def _middles(panels: Sequence[Panel]) -> tuple[Balls, Balls]:
    """The middles and the half widths."""
    low, high = (np.asarray(each(arb)(ends), np.object_) for ends in zip(*panels, strict=True))
    half = arb(0.5)
    return (low + high) * half, (high - low) * half


def _filled(part: object, shape: tuple[int, ...]) -> Balls:
    part = arb(part) if isinstance(part, float) else part
    return np.array(np.broadcast_to(np.asarray(part, np.object_), shape))


def _sum(row: Balls) -> arb:
    return reduce(operator.add, row, ZERO)
