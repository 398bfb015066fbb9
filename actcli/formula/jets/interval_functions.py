"""The elementary functions over intervals: tight, by their values at the ends and at their turns.

Arb overflows and underflows only far beyond doubles, but it does: exp(2**61) is [+-inf] there. An
argument beyond `VAST` gets the half-line that is known instead.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb

from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, ONE, ZERO, Interval

VAST = arb(2) ** 60
"""Beyond this, exponentials are only known to be vast, or next to nothing."""

_LARGE, _NEXT_TO_NOTHING = VAST.exp(), (-VAST).exp().upper()
_BARELY_POSITIVE = ZERO.union(_NEXT_TO_NOTHING)

Ball = arb
Function = Callable[[Interval], Interval]


def rising(at: Callable[[Ball], Ball]) -> Function:
    """An increasing function, by its values at the ends."""
    return lambda u: Interval(at(u.low)) if u.low is u.high else Interval(at(u.low), at(u.high))


def turning(at: Callable[[Ball], Ball], *turns: Callable[[], Ball]) -> Function:
    """A function that is monotone between its turns (given at the working precision)."""

    def over(u: Interval) -> Interval:
        if u.low is u.high:
            return Interval(at(u.low))
        first, last = at(u.low), at(u.high)
        low, high = first.min(last), first.max(last)
        for turn in turns:
            place = turn()
            if not (place < u.low or place > u.high):
                value = at(place)
                low, high = low.min(value), high.max(value)
        return Interval(low, high)

    return over


def not_negative(function: Function) -> Function:
    """A function that is 0 or more, whatever the rounding at its ends says."""

    def over(u: Interval) -> Interval:
        result = function(u)
        return result if result.low is result.high else result.not_negative()

    return over


def _zero() -> Ball:
    return ZERO


def _exp(a: Ball) -> Ball:
    """The exponential of an end: infinite, or around 0, where it is only known to be so."""
    if a > VAST:
        return INFINITY
    if a < -VAST:
        return _BARELY_POSITIVE
    return a.exp()


def exp(u: Interval) -> Interval:
    """e**u; never an infinite point, never exactly 0."""
    if u.low > VAST:
        return Interval(_LARGE, INFINITY)
    if u.high < -VAST:
        return Interval(ZERO, _NEXT_TO_NOTHING)
    if u.low is u.high:
        return Interval(u.low.exp())
    low = _exp(u.low)
    return Interval(low if low >= 0 else ZERO, _exp(u.high))


def expm1(u: Interval) -> Interval:
    """e**u - 1."""
    if u.low > VAST or u.high < -VAST:
        return exp(u) - Interval(ONE)
    return rising(lambda a: INFINITY if a > VAST else -ONE if a < -VAST else a.expm1())(u)


def _log(a: Ball) -> Ball:
    if a.is_zero():
        return MINUS_INFINITY
    return INFINITY if a == INFINITY else a.log()


def _log1p(a: Ball) -> Ball:
    if (a + 1).is_zero():
        return MINUS_INFINITY
    return INFINITY if a == INFINITY else a.log1p()


def _sqrt(a: Ball) -> Ball:
    return INFINITY if a == INFINITY else a.sqrt()


def _logistic(a: Ball) -> Ball:
    if a >= 0:
        return 1 / (1 + _exp(-a))
    power = _exp(a)
    return power / (1 + power) if power.is_finite() else arb("0.5 +/- 0.5")


def _logistic_slope(a: Ball) -> Ball:
    power = _exp(-abs(a))
    return power / (1 + power) ** 2


def _logistic_curvature(a: Ball) -> Ball:
    power = _exp(-abs(a))
    size = power * (1 - power) / (1 + power) ** 3
    if a.is_zero():
        return ZERO
    return -size if a > 0 else size if a < 0 else size * arb("0 +/- 1")


def _softplus(a: Ball) -> Ball:
    return a + _log1p(_exp(-a)) if a > 0 else _log1p(_exp(a))


def _tanh_slope(a: Ball) -> Ball:
    power = _exp(-2 * abs(a))
    return 4 * power / (1 + power) ** 2


def _gauss(a: Ball) -> Ball:
    return _exp(-a * a)


def _normal_density(a: Ball) -> Ball:
    return _exp(-a * a / 2) / (2 * arb.pi()).sqrt()


def _times_self(density: Callable[[Ball], Ball]) -> Callable[[Ball], Ball]:
    return lambda a: ZERO if abs(a) > VAST else a * density(a)


def _witch(a: Ball) -> Ball:
    return 1 / (1 + a * a)


def _root_of_third() -> Ball:
    return 1 / arb(3).sqrt()


def _root_of_half() -> Ball:
    return arb(0.5).sqrt()


def _both(turn: Callable[[], Ball]) -> tuple[Callable[[], Ball], Callable[[], Ball]]:
    return turn, lambda: -turn()


log, log1p, sqrt = rising(_log), rising(_log1p), rising(_sqrt)
tanh = rising(lambda a: a.tanh())
atan = rising(lambda a: a.atan())
asinh = rising(lambda a: a if abs(a) == INFINITY else a.asinh())


def _erfc(a: arb) -> arb:
    """1 - erf(a), also at the infinities, where Arb has none."""
    if a.is_finite():
        return a.erfc()
    return ZERO if a == INFINITY else ONE + ONE if a == MINUS_INFINITY else arb(1, 1)


erf = rising(lambda a: a.erf() if a.is_finite() else ONE - _erfc(a))
norm_cdf = rising(lambda a: _erfc(-a / arb(2).sqrt()) / 2)


def erfc(u: Interval) -> Interval:
    """The complementary error function."""
    return Interval(_erfc(u.low)) if u.low is u.high else Interval(_erfc(u.high), _erfc(u.low))


def sinh(u: Interval) -> Interval:
    """(e**u - e**-u)/2."""
    if u.low > VAST:
        return Interval(_LARGE, INFINITY)
    if u.high < -VAST:
        return Interval(MINUS_INFINITY, -_LARGE)
    return rising(lambda a: INFINITY if a > VAST else MINUS_INFINITY if a < -VAST else a.sinh())(u)


def cosh(u: Interval) -> Interval:
    """(e**u + e**-u)/2."""
    if u.low > VAST or u.high < -VAST:
        return Interval(_LARGE, INFINITY)
    return turning(lambda a: INFINITY if abs(a) > VAST else a.cosh(), _zero)(u)


def _underflowing(function: Function, *, signed: bool = False) -> Function:
    """A function that sinks to 0 like an exponential at both ends: never exactly 0."""
    least = -_NEXT_TO_NOTHING if signed else ZERO

    def over(u: Interval) -> Interval:
        if u.low > VAST or u.high < -VAST:
            return Interval(least, _NEXT_TO_NOTHING)
        return function(u)

    return over


def sigmoid(u: Interval) -> Interval:
    """1/(1 + e**-u)."""
    if u.high < -VAST:
        return Interval(ZERO, _NEXT_TO_NOTHING)
    return _sigmoid(u)


def softplus(u: Interval) -> Interval:
    """log(1 + e**u)."""
    if u.high < -VAST:
        return Interval(ZERO, _NEXT_TO_NOTHING)
    return _positive_softplus(u)


_sigmoid = not_negative(rising(_logistic))
_positive_softplus = not_negative(rising(_softplus))
sigmoid_slope = _underflowing(not_negative(turning(_logistic_slope, _zero)))
sigmoid_curvature = _underflowing(
    turning(_logistic_curvature, *_both(lambda: (2 + arb(3).sqrt()).log())), signed=True
)
tanh_slope = _underflowing(not_negative(turning(_tanh_slope, _zero)))
tanh_curvature = _underflowing(
    turning(lambda a: -2 * a.tanh() * _tanh_slope(a), *_both(lambda: _root_of_third().atanh())),
    signed=True,
)
gauss = _underflowing(not_negative(turning(_gauss, _zero)))
gauss_moment = _underflowing(turning(_times_self(_gauss), *_both(_root_of_half)), signed=True)
norm_pdf = _underflowing(not_negative(turning(_normal_density, _zero)))
norm_moment = _underflowing(turning(_times_self(_normal_density), *_both(lambda: ONE)), signed=True)
atan_slope = not_negative(turning(_witch, _zero))
atan_curvature = turning(lambda a: -2 * a * _witch(a) ** 2, *_both(_root_of_third))
asinh_slope = not_negative(turning(lambda a: _witch(a).sqrt(), _zero))
asinh_curvature = turning(
    lambda a: ZERO if not a.is_finite() else -a * _witch(a).sqrt() * _witch(a),
    *_both(_root_of_half),
)


def _wave(at: Callable[[Ball], Ball], crest: Callable[[], Ball]) -> Function:
    """A wave that is 1 at crest + 2 n pi and -1 half a period on."""

    def over(u: Interval) -> Interval:
        if u.low is u.high:
            return Interval(at(u.low))
        half = arb.pi()
        first, last = ((u.low - crest()) / half).ceil(), ((u.high - crest()) / half).floor()
        if not (u.high - u.low < 2 * half and first.is_exact() and last.is_exact()):
            return Interval(-ONE, ONE)
        low, high = at(u.low).min(at(u.high)), at(u.low).max(at(u.high))
        n = int(first.fmpz())
        for extreme in range(n, int(last.fmpz()) + 1):
            low, high = (low, ONE) if extreme % 2 == 0 else (-ONE, high)
        return Interval(low, high)

    return over


sin = _wave(lambda a: a.sin(), lambda: arb.pi() / 2)
cos = _wave(lambda a: a.cos(), _zero)


def power(u: Interval, exponent: Ball) -> Interval:
    """u**exponent for one exponent; a base below 0 needs a whole one."""
    whole = int(exponent.fmpz()) if exponent.is_integer() else None

    def at(a: Ball) -> Ball:
        if a.is_zero():
            return ZERO if exponent > 0 else INFINITY
        if abs(a) == INFINITY and (a > 0 or whole is not None):
            return ZERO if exponent < 0 else a if (whole or 2) % 2 else abs(a)
        return a**exponent if whole is None else a ** arb(whole)

    if whole is not None and not u.low >= 0:
        if whole % 2 == 0:
            size = u if u.high < 0 else Interval(ZERO, u.magnitude)
            mirrored = Interval(abs(size.high), abs(size.low)) if size is u else size
            return Interval(at(u.low)) if u.is_point else power(mirrored, exponent)
        if u.is_point:
            return Interval(at(u.low))
        if whole > 0:
            return rising(lambda a: -at(-a) if a < 0 else at(a))(u)
        return -power(-u, exponent) if u.high < 0 else Interval(MINUS_INFINITY, INFINITY)
    if u.is_point:
        return Interval(at(u.low))
    ends = at(u.low), at(u.high)
    return Interval(*ends) if exponent >= 0 else Interval(*ends[::-1])
