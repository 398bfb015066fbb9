"""Functions of germs by Taylor's formula, and powers."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, arb_series, ctx

from actcli.formula.germs import taylor_series
from actcli.formula.germs.expansion import NIL, Power, power_series
from actcli.formula.germs.germ import Germ
from actcli.formula.germs.rings import Ring
from actcli.formula.jets import interval_functions
from actcli.formula.jets.exact_number import ratio, sine_series, turns
from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jets import UndecidedError

_QUARTER_TURNS = {"sin": 0, "cos": 1}
"""By which a function is the sine, ahead."""

_FEW_FACTORS = 16
"""The highest power that is found by multiplying."""


def power(ring: Ring[Germ], u: Germ, exponent: arb) -> Germ:
    """A power by one number that is known to be a fraction."""
    if u.is_zero() and exponent > 0:
        return u
    if exponent.is_integer():
        n = int(exponent.fmpz())
        if abs(n) <= _FEW_FACTORS:
            return _whole_power(ring, u, n)
        if _is_monomial(u):
            return Germ(ring, u.p * n, None, [u.c[0] ** n, *u.c[1:]], u.R)
        if u.sign() < 0:
            size = power(ring, -u, exponent)
            return -size if n % 2 else size
    fraction = ratio(exponent)
    if u.sign() <= 0 or fraction is None:
        raise UndecidedError
    if u.smaller is not None:
        a = u.leading()
        share = compose(ring, "log1p", u.smaller * a.inverse()).scale(exponent)
        return power(ring, a, exponent) * compose(ring, "exp", share)
    p: Power = Fraction(u.p) * fraction
    p = int(p) if p.denominator == 1 else p
    if ring.two_sided and p % 2:  # a power of |t|
        raise UndecidedError
    series = Germ(ring, 0, None, u.c, u.R)
    if not (u.c and u.c[0] > 0):
        series = ring.enclosed(interval_functions.power(u.sum(), exponent))
    elif fraction == Fraction(1, 2):
        series = compose(ring, "sqrt", series)
    else:
        series = compose(ring, "exp", compose(ring, "log", series).scale(exponent))
    U = u.U.times(exponent) if u.U is not None else None  # noqa: N806
    return Germ(ring, p + series.p, U, series.c, series.R)


def _is_monomial(u: Germ) -> bool:
    """Whether it is a number times a power of t, exactly."""
    is_plain = u.U is None and u.smaller is None and u.R.is_zero()
    return is_plain and bool(u.c) and all(a.is_zero() for a in u.c[1:])


def _whole_power(ring: Ring[Germ], u: Germ, n: int) -> Germ:
    result: Germ = u if n else ring.const(ONE)
    for _ in range(abs(n) - 1):
        result = result * u
    return result if n > 0 else result.inverse()


def compose(ring: Ring[Germ], name: str, u: Germ, derivative: int = 0) -> Germ:
    """A function (or its derivative) of a bounded germ, by Taylor's formula at its limit."""
    if u.smaller is not None:
        if derivative:
            return compose(ring, name, u.folded(), derivative)
        a, between = u.leading(), ring.enclosed(Interval(ZERO, ONE))
        whole = a.merged(u.smaller * between)
        if compose(ring, name, a, 1).is_zero():
            curvature = compose(ring, name, whole, 2).scale(arb(0.5))
            return compose(ring, name, a) + u.smaller.square() * curvature
        return compose(ring, name, a) + u.smaller * compose(ring, name, whole, 1)
    if u.is_zero():
        if not derivative:
            return ring.const(interval_functions_at(name, ZERO))
        u = ring.enclosed(NIL)
    at, rest = ZERO, u
    if u.U is None and u.p == 0:
        if u.c:
            at, rest = u.c[0], Germ(ring, 0, None, [ZERO, *u.c[1:]], u.R)
        elif not u.is_zero() and not derivative:
            return ring.enclosed(getattr(interval_functions, name)(u.R))
    coefficients, around = _taylor(ring, name, at, ring.range(u), derivative)
    if rest.is_zero():
        return ring.const(coefficients[0])
    if rest.U is not None:  # what is smaller than one power goes into the remainder
        coefficients = coefficients[: _first_power(coefficients) + 1]
    highest = around[len(coefficients)]
    total = ring.enclosed(Interval(highest.lower(), highest.upper()))
    if rest.U is None and isinstance(rest.p, int) and rest.p > 0:
        series = rest.p, rest.c, rest.R
        return Germ(ring, 0, None, *power_series(coefficients, total.R, series, ring.t, ring.terms))
    for c in reversed(coefficients):
        total = total * rest + ring.const(c)
    return total


def _taylor(
    ring: Ring[Germ], name: str, at: arb, around: Interval, derivative: int
) -> tuple[list[arb], list[arb]]:
    """The Taylor coefficients at a number, and those that hold in a whole range."""
    everywhere = around.low.union(around.high).union(at)
    if not everywhere.is_finite():
        raise UndecidedError
    order = ring.terms + derivative
    before, ctx.cap = ctx.cap, order + 1
    try:
        series = taylor_series.SERIES[name]
        here, there = (series(arb_series([a, 1])).coeffs() for a in (at, everywhere))
    except (ValueError, ZeroDivisionError):
        raise UndecidedError from None
    finally:
        ctx.cap = before
    here, there = ([*c, *[ZERO] * (order + 1 - len(c))] for c in (here, there))
    if name in _QUARTER_TURNS and (turned := turns(at)) is not None:
        here = sine_series(_QUARTER_TURNS[name], turned, order + 1)
    else:
        here[0] = interval_functions_at(name, at)
    for _ in range(derivative):
        here, there = ([a * (n + 1) for n, a in enumerate(c[1:])] for c in (here, there))
    here = here[: ring.terms]
    if not all(a.is_finite() for a in (*here, there[ring.terms])):
        raise UndecidedError
    return here, there


def _first_power(coefficients: list[arb]) -> int:
    """The place of the first coefficient after the constant that is not 0."""
    powers = (n for n, c in enumerate(coefficients) if n and not c.is_zero())
    return next(powers, len(coefficients) - 1)


def interval_functions_at(name: str, number: arb) -> arb:
    """The value of an elementary function at a number, as one ball."""
    values: Interval = getattr(interval_functions, name)(Interval(number))
    return values.ball
