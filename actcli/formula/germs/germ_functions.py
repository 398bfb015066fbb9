"""Elementary functions of germs that may go to infinity: as exponentials, by identities."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import arb, fmpq

from actcli.formula.germs.expansion import as_ball
from actcli.formula.germs.germ import Germ
from actcli.formula.germs.rings import Ring
from actcli.formula.jets import interval_functions
from actcli.formula.jets.exact_number import pi
from actcli.formula.jets.intervals import MINUS_INFINITY, ONE, ZERO, Interval
from actcli.formula.jets.jets import UndecidedError

Rule = Callable[[Ring[Germ], Germ], Germ]

_MILD = Fraction(1, 64)
"""|log t| <= t**-d / (e d) for 0 < t <= 1: small beside any power, and integrable."""


def _log(ring: Ring[Germ], u: Germ) -> Germ:
    if u.sign() <= 0 or (ring.two_sided and u.p):
        raise UndecidedError
    if u.smaller is not None:
        a = u.leading()
        return _log(ring, a) + ring.compose("log1p", u.smaller * a.inverse())
    if u.c and u.c[0] > 0:
        result = ring.compose("log", Germ(ring, 0, None, u.c, u.R))
    else:
        result = ring.enclosed(interval_functions.log(u.sum()))
    if u.U is not None:
        result = result + u.U.germ
    if not u.p:
        return result
    if not ring.mild:
        return result + ring.enclosed(Interval(MINUS_INFINITY, ring.T.log()).scale(as_ball(u.p)))
    if not ring.T <= 1:
        raise UndecidedError
    least = -1 / (ONE.exp() * as_ball(_MILD))
    alone = result.is_zero() or result.sign() * u.p < 0
    result = result + ring.enclosed(Interval(least, ZERO).scale(as_ball(u.p)), -_MILD)
    result.is_never_zero = alone and bool(ring.T < 1)
    return result


def _log1p(ring: Ring[Germ], u: Germ) -> Germ:
    whole = u + ring.const(ONE)
    is_tame = ring.bounded(u) and whole.p == 0 and bool(whole.c)
    return ring.compose("log1p", u) if is_tame else _log(ring, whole)


def _expm1(ring: Ring[Germ], u: Germ) -> Germ:
    return ring.compose("expm1", u) if ring.bounded(u) else ring.exp(u) - ring.const(ONE)


def _tending(name: str, beyond: Callable[[Ring[Germ], Germ, int], Germ]) -> Rule:
    """A function that is composed where u is bounded, and else given by the way that u goes."""

    def rule(ring: Ring[Germ], u: Germ) -> Germ:
        way = ring.way(u)
        return beyond(ring, u, way) if way else ring.compose(name, u)

    return rule


def _tanh(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    small, one = ring.small_exponential(u, way, 2), ring.const(ONE)
    return ((one - small) / (one + small)).scale(arb(way))


def _tanh_slope(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    small = ring.small_exponential(u, way, 2)
    return small.scale(arb(4)) / (ring.const(ONE) + small).square()


def _sigmoid(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    small = ring.small_exponential(u, way, 1)
    inverse = (ring.const(ONE) + small).inverse()
    return inverse if way > 0 else small * inverse


def _sigmoid_slope(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    small = ring.small_exponential(u, way, 1)
    return small / (ring.const(ONE) + small).square()


def _sigmoid_curvature(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    small, one = ring.small_exponential(u, way, 1), ring.const(ONE)
    total = one + small
    return (small * (one - small) / (total.square() * total)).scale(arb(-way))


def _softplus(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    small = _log1p(ring, ring.small_exponential(u, way, 1))
    return u + small if way > 0 else small


def _anything(ring: Ring[Germ], _u: Germ, _way: int) -> Germ:
    return ring.enclosed(Interval(-ONE, ONE))


def _sinh(ring: Ring[Germ], u: Germ, _way: int) -> Germ:
    return (ring.exp(u) - ring.exp(-u)).scale(arb(0.5))


def _cosh(ring: Ring[Germ], u: Germ, _way: int) -> Germ:
    return (ring.exp(u) + ring.exp(-u)).scale(arb(0.5))


def _atan(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    return ring.const(pi(fmpq(way, 2))) - ring.compose("atan", u.inverse())


def _asinh(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    a = u if way > 0 else -u
    root = ring.power(a.square() + ring.const(ONE), arb(0.5))
    return _log(ring, a + root).scale(arb(way))


def _atan_slope(ring: Ring[Germ], u: Germ) -> Germ:
    return (ring.const(ONE) + u.square()).inverse()


def _atan_curvature(ring: Ring[Germ], u: Germ) -> Germ:
    return (u * _atan_slope(ring, u).square()).scale(arb(-2))


def _asinh_slope(ring: Ring[Germ], u: Germ) -> Germ:
    return ring.power(ring.const(ONE) + u.square(), arb(0.5)).inverse()


def _asinh_curvature(ring: Ring[Germ], u: Germ) -> Germ:
    square = ring.const(ONE) + u.square()
    return -(u / (ring.power(square, arb(0.5)) * square))


def _norm_pdf(ring: Ring[Germ], u: Germ) -> Germ:
    return ring.gaussian(u, half=True).scale(1 / (2 * arb.pi()).sqrt())


def _mills(ring: Ring[Germ], w: Germ, q: Germ) -> Germ:
    """The asymptotic series w (1 - q + 3 q**2 - 15 q**3 + ...), which encloses after each term."""
    total = ring.enclosed(Interval(ZERO, arb(105)))
    for k in (-15, 3, -1, 1):
        total = total * q + ring.const(arb(k))
    return w * total


def _upper_tail(ring: Ring[Germ], a: Germ) -> Germ:
    """Erfc(a) where a goes to +infinity."""
    w = a.inverse()
    series = _mills(ring, w, w.square().scale(arb(0.5)))
    return (series * ring.gaussian(a, half=False)).scale(1 / arb.pi().sqrt())


def _erfc(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    return _upper_tail(ring, u) if way > 0 else ring.const(arb(2)) - _upper_tail(ring, -u)


def _erf(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    return (ring.const(ONE) - _upper_tail(ring, u if way > 0 else -u)).scale(arb(way))


def _norm_cdf(ring: Ring[Germ], u: Germ, way: int) -> Germ:
    w = (u if way > 0 else -u).inverse()
    tail = _mills(ring, w, w.square()) * _norm_pdf(ring, u)
    return tail if way < 0 else ring.const(ONE) - tail


RULES: dict[str, Rule] = {
    "exp": lambda ring, u: ring.exp(u),
    "expm1": _expm1,
    "log": _log,
    "log1p": _log1p,
    "sqrt": lambda ring, u: ring.power(u, arb(0.5)),
    "tanh": _tending("tanh", _tanh),
    "tanh_slope": _tending("tanh_slope", _tanh_slope),
    "tanh_curvature": lambda ring, u: (ring.apply("tanh", u) * ring.apply("tanh_slope", u)).scale(
        arb(-2)
    ),
    "sigmoid": _tending("sigmoid", _sigmoid),
    "sigmoid_slope": _tending("sigmoid_slope", _sigmoid_slope),
    "sigmoid_curvature": _tending("sigmoid_curvature", _sigmoid_curvature),
    "softplus": _tending("softplus", _softplus),
    "sin": _tending("sin", _anything),
    "cos": _tending("cos", _anything),
    "sinh": _tending("sinh", _sinh),
    "cosh": _tending("cosh", _cosh),
    "atan": _tending("atan", _atan),
    "atan_slope": _atan_slope,
    "atan_curvature": _atan_curvature,
    "asinh": _tending("asinh", _asinh),
    "asinh_slope": _asinh_slope,
    "asinh_curvature": _asinh_curvature,
    "gauss": lambda ring, u: ring.gaussian(u, half=False),
    "gauss_moment": lambda ring, u: u * ring.gaussian(u, half=False),
    "norm_pdf": _norm_pdf,
    "norm_moment": lambda ring, u: u * _norm_pdf(ring, u),
    "erf": _tending("erf", _erf),
    "erfc": _tending("erfc", _erfc),
    "norm_cdf": _tending("norm_cdf", _norm_cdf),
}
"""What each function does with a germ; a function that is not here is composed."""
