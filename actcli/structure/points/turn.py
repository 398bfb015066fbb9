"""What f is where a monotone piece of it turns: within half an ulp of the double at its end."""

from __future__ import annotations

import math
from collections.abc import Callable

from flint import arb, ctx

from actcli.formula.jets.intervals import ZERO
from actcli.structure.asymptotes import is_told
from actcli.structure.function import ProvedFunction
from actcli.structure.search.segments import Segment

_BITS = 600
"""With which a turn is followed, beyond those of how close it is to the double."""

_CLOSEST = 12
"""A turn is looked for down to 2**-(2**12) of half an ulp from the double."""

_HALVINGS = 500


def at_turn(
    function: ProvedFunction,
    piece: Segment,
    side: int,
    enough: Callable[[arb], bool] = is_told,
) -> arb | None:
    """A ball around f where a piece turns at its low (side 1) or high end (side -1), if known.

    It is as small as is enough, if that is possible. As f' is monotone there, |f(turn) - f(x)| <=
    |f'(x)| ulp; a square that vanishes there is 0. What is not so close, or turns beside a break of
    f at x, is followed.
    """
    x = piece.low if side > 0 else piece.high
    jet = function.at(x)
    around: arb | None = None
    if not jet.marks and jet.value.is_finite() and (jet.slope is None or jet.slope.is_finite()):
        error = ZERO if jet.slope is None else jet.slope.magnitude.upper() * math.ulp(x)
        around = jet.value.ball + arb(0, 1) * error
        if around.contains(0) and _is_power_that_vanishes(function, x):
            return ZERO
        if enough(around):
            return around
    way = _way(function, piece, x, side, is_smooth=around is not None)
    followed = _followed(function, x, way, enough) if way else None
    return around if followed is None else followed


def _way(function: ProvedFunction, piece: Segment, x: float, side: int, *, is_smooth: bool) -> int:
    """On which side of x a piece turns: where f' changes its sign, if nothing happens at x."""
    if piece.low == piece.high:
        return piece.beside or -side
    if not is_smooth:
        return side
    here = _sign(function, arb(x))
    ways = (way for way in (-1, 1) if here * _sign(function, _beside(x, way, 0)) < 0)
    return next(ways, 0)


def _followed(
    function: ProvedFunction, x: float, way: int, enough: Callable[[arb], bool]
) -> arb | None:
    """F where f' changes its sign between x and half an ulp from it; None where it does not."""
    with ctx.workprec(_BITS):
        far = _sign(function, _beside(x, way, 0))
    if not far:
        return None
    for n in range(_CLOSEST + 1):
        with ctx.workprec(_BITS + 2 * 2**n):
            if _sign(function, _beside(x, way, 2**n)) == -far:
                return _between(function, x, way, far, powers=(2**n // 2, 2**n), enough=enough)
    return None


def _between(
    function: ProvedFunction,
    x: float,
    way: int,
    far: int,
    *,
    powers: tuple[int, int],
    enough: Callable[[arb], bool],
) -> arb | None:
    """The same, once f' is known to change its sign between two powers of 2 from x."""
    outer, inner = powers
    with ctx.workprec(_BITS + 2 * inner):
        while inner - outer > 1:
            middle = (inner + outer) // 2
            if _sign(function, _beside(x, way, middle)) == far:
                outer = middle
            else:
                inner = middle
        near, beyond = _beside(x, way, inner), _beside(x, way, outer)
        for _ in range(_HALVINGS):
            low, high = (near, beyond) if way > 0 else (beyond, near)
            around = function.on(low, high).value
            if around is not None and around.is_finite() and enough(around.ball):
                ball: arb = around.ball
                return ball
            centre = ((near + beyond) / 2).mid()
            sign = _sign(function, centre)
            if not sign:
                return None
            near, beyond = (near, centre) if sign == far else (centre, beyond)
    return None


def _beside(x: float, way: int, power: int) -> arb:
    """A number 2**-power of half the way to the next double away."""
    step = arb(math.nextafter(x, way * math.inf)) - arb(x)
    return (arb(x) + step * arb(2) ** -(power + 1)).mid()


def _sign(function: ProvedFunction, x: arb) -> int:
    jet = function.at(x)
    return 0 if jet.slope is None or not jet.has_value else int(jet.slope.sign())


def _is_power_that_vanishes(function: ProvedFunction, x: float) -> bool:
    """Whether f is a power of something that passes through 0 within half an ulp of x."""
    signs = []
    bare = function.bare
    for towards in (-math.inf, math.inf):
        jet = bare.at((arb(x) + arb(math.nextafter(x, towards))) / 2)
        signs.append(0 if jet.root is None else jet.simple.value.sign())
    return signs[0] * signs[1] == -1
