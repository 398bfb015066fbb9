"""The ring of germs beside one number or towards infinity, and the elementary functions over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flint import arb

from actcli.formula.germs import composition
from actcli.formula.germs.expansion import NIL, UNIT, Power, as_ball
from actcli.formula.germs.exponent import Exponent
from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_functions import RULES
from actcli.formula.germs.rings import Ring
from actcli.formula.jets import interval_functions
from actcli.formula.jets.intervals import INFINITY, MINUS_INFINITY, ONE, ZERO, Interval, Real
from actcli.formula.jets.jets import UndecidedError

R = TypeVar("R")

TERMS, MORE_TERMS = 5, 14
"""Coefficients of a germ; more where what cancels takes the first ones with it."""

_ESSENTIALLY_ZERO = arb(2) ** -100000


class GermRing(Ring[Germ]):
    """The germs in t for 0 < t <= T, where x = centre + side t, or x = side/t towards infinity.

    A two-sided ring has -T <= t <= T: plain Taylor expansions about the centre.
    """

    is_germ = True

    def __init__(
        self,
        reach: Real,
        *,
        side: int = 1,
        centre: Real = 0.0,
        at_infinity: bool = False,
        two_sided: bool = False,
        terms: int = TERMS,
        far: Real | None = None,
        mild: bool = False,
    ) -> None:
        """Germs that hold up to `reach` from the centre, or from `reach` on towards infinity.

        `far` limits a tail: x lies between reach and far. In a mild ring a logarithm is enclosed
        by a small power of t, which can be integrated, else by its sign and its infinity.
        """
        self._given: dict[str, Any] = {
            "side": side, "centre": centre, "at_infinity": at_infinity,
            "two_sided": two_sided, "far": far, "mild": mild,
        }  # fmt: skip
        self.reach, self.terms, self.mild = reach, terms, mild
        self.side, self.centre = side, arb(centre)
        self.at_infinity, self.two_sided = at_infinity, two_sided
        self.T = (1 / arb(reach) if at_infinity else arb(reach)).upper()
        least = ZERO if far is None else (1 / arb(far)).lower() if at_infinity else arb(far)
        self.t = Interval(-self.T, self.T) if two_sided else Interval(least, self.T)
        self._made: dict[tuple[str, int, int], tuple[object, Any]] = {}

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from other rings."""
        return (self.reach, self.terms, *self._given.values())

    @property
    def end(self) -> arb:
        """The number that lies at t = T, the farthest from the centre."""
        return self.side / self.T if self.at_infinity else self.centre + self.side * self.T

    def finer(self) -> GermRing:
        """The same ring with more terms."""
        return GermRing(self.reach, **self._given, terms=MORE_TERMS)

    def milder(self) -> GermRing:
        """The same ring, in which a logarithm is enclosed by a small power."""
        return GermRing(self.reach, **{**self._given, "mild": True}, terms=self.terms)

    # -- numbers

    def x(self) -> Germ:
        """The variable."""
        c = [arb(self.side)] + [ZERO] * (self.terms - 1)
        return Germ(self, -1 if self.at_infinity else 1, None, c, NIL) + self.const(self.centre)

    def const(self, number: arb) -> Germ:
        return Germ(self, 0, None, [number] + [ZERO] * (self.terms - 1), NIL)

    def zero(self) -> Germ:
        return Germ(self, 0, None, [], NIL)

    def enclosed(self, remainder: Interval, p: Power = 0) -> Germ:
        return Germ(self, p, None, [], remainder)

    def without_constant(self, u: Germ) -> Germ:
        """A germ that is known to be 0 at t = 0.

        Raises:
            UndecidedError: it is not seen to have a constant term.
        """
        if u.U is not None or u.smaller is not None or u.p < 0 or not u.c:
            raise UndecidedError
        return u if u.p else Germ(self, 0, None, [ZERO, *u.c[1:]], u.R)

    # -- ranges and limits

    def powers_of_t(self, p: Power, t: Interval | None = None) -> Interval:
        t = self.t if t is None else t
        if p == 0:
            return UNIT
        if self.two_sided:
            if p < 0 or not isinstance(p, int):
                raise UndecidedError
            top = self.T**p
            return Interval(-top, top) if p % 2 else Interval(ZERO, top)
        power = as_ball(p)
        if p > 0:
            return Interval(t.low**power if t.low > 0 else ZERO, t.high**power)
        return Interval(t.high**power, t.low**power if t.low > 0 else INFINITY)

    def range(self, u: Germ, t: Interval | None = None) -> Interval:
        """Everything that u is for t in (0, T], or in a shorter interval."""
        if u.is_zero():
            return NIL
        u = u.folded()
        total = u.sum(t)
        if u.U is None:
            return total * self.powers_of_t(u.p, t) if u.p else total
        exponent = u.U.germ
        if t is None and self.t.low > 0:
            powers = interval_functions.exp(self.range(exponent))
            return total * self.powers_of_t(u.p) * powers
        sign = exponent.limit_sign()
        if sign < 0:
            return total * self.decay(exponent, u.p, t)
        if sign > 0:
            least = self.decay(-exponent, -u.p, t).high
            return total * Interval(1 / least if least > 0 else ZERO, INFINITY)
        raise UndecidedError

    def decay(self, exponent: Germ, q: Power, t: Interval | None = None) -> Interval:
        if t is None and self.t.low > 0:
            powers = interval_functions.exp(self.range(exponent))
            return Interval(ZERO, (self.powers_of_t(q) * powers).high)
        t = Interval(ZERO, self.t.high if t is None else t.high)
        s = -exponent.p if exponent.U is None else 1
        if s <= 0:
            raise UndecidedError
        # -D >= rate/t**s; where D grows like an exponential itself, by the size of -D t alone
        rate = -self.range(exponent.shifted(s), t).high
        power, y = as_ball(q), t.high ** -as_ball(s)
        if not rate > 0:
            if q < 0:
                raise UndecidedError
            high = interval_functions.exp(self.range(exponent, t)).high
            return Interval(ZERO, t.high**power * high)
        if q < 0:
            top = -power / (as_ball(s) * rate)
            if not y >= top:
                steep = -power / as_ball(s)
                return Interval(ZERO, top**steep * (-steep).exp())
        return Interval(ZERO, t.high**power * interval_functions.exp(Interval(-rate * y)).high)

    def limit(self, u: Germ | None) -> Interval:
        """The limit for t to 0: a point where it is known, +-inf included; wide where it is not."""
        if u is None or u.is_zero():
            return NIL
        a, unknown = u.leading(), Interval(MINUS_INFINITY, INFINITY)
        if self.t.low > 0 or (a.c and not a.R.is_finite()):
            return unknown
        sign = (int(a.c[0] > 0) - int(a.c[0] < 0)) if a.c else a.sum().sign()
        if a.U is not None:
            way = a.U.germ.limit_sign()
            return NIL if way < 0 else Interval(INFINITY * sign) if way and sign else unknown
        if a.p > 0:
            return NIL if a.R.is_finite() else unknown
        if a.p < 0:
            return Interval(INFINITY * sign) if sign else unknown
        return Interval(a.c[0]) if a.c else self.range(a, Interval(ZERO, _ESSENTIALLY_ZERO))

    def bounded(self, u: Germ) -> bool:
        u = u.leading()
        if u.is_zero():
            return True
        if u.U is not None:
            found: bool = u.U.germ.limit_sign() < 0
            return found
        return bool(u.p >= 0 and u.R.is_finite())

    def absolute(self, u: Germ) -> Germ:
        return u.hull(-u)

    def way(self, u: Germ) -> int:
        """The sign of the infinity that u goes to, 0 where it is bounded."""
        if self.bounded(u):
            return 0
        sign = u.sign()
        if not sign or not (u.p < 0 or u.U is not None):
            raise UndecidedError
        return sign

    # -- exponentials

    def exponential(self, exponent: Exponent[Germ]) -> tuple[Exponent[Germ] | None, Germ | None]:
        """What exp of an exponent is: (itself, None), or (None, a germ) where it is bounded.

        (None, None) stands for 1.
        """
        if not exponent.terms:
            return None, None
        total = exponent.germ
        if total.is_zero():
            return None, None
        if self.bounded(total):
            return None, self.compose("exp", total)
        exact = all(
            g.U is None and g.smaller is None and g.R.is_zero() and all(a.is_exact() for a in g.c)
            for g, _ in exponent.terms
        )
        return (Exponent([(total, ONE)]) if exact and len(exponent.terms) > 1 else exponent), None

    def ratio(self, a: Germ, b: Germ) -> tuple[Exponent[Germ] | None, Germ | None]:
        if a.U is b.U:
            return None, None

        def find() -> tuple[Exponent[Germ] | None, Germ | None]:
            over, under = b.U or Exponent[Germ](()), a.U or Exponent[Germ](())
            return self.exponential(over.plus(under.times(-ONE)))

        return self._once(("ratio", id(a.U), id(b.U)), (a.U, b.U), find)

    def dominance(self, a: Germ, b: Germ) -> int:
        exponent, _ = self.ratio(a, b)
        if exponent is None:
            return 0
        sign = exponent.germ.limit_sign()
        if not sign:
            raise UndecidedError
        return sign

    def _once(self, key: tuple[str, int, int], of: object, make: Callable[[], R]) -> R:
        """The same object each time, so that it cancels exactly; `of` has the ids in its key."""
        if key not in self._made:
            self._made[key] = of, make()
        found: R = self._made[key][1]
        return found

    def small_exponential(self, u: Germ, way: int, factor: int) -> Germ:
        """exp(-factor |u|) where u goes to infinity that way; the same germ each time."""
        return self._once(
            ("exp", id(u), factor),
            u,
            lambda: self.exp((u if way < 0 else -u).scale(arb(factor))),
        )

    def gaussian(self, u: Germ, half: bool) -> Germ:
        """exp(-u**2), or exp(-u**2/2); the same germ for u and for -u."""
        if u.multiple_of is not None and abs(u.multiple_of[1]) == 1:
            u = u.multiple_of[0]
        scale = arb(-0.5 if half else -1)
        return self._once(("gauss", id(u), half), u, lambda: self.exp(u.square().scale(scale)))

    # -- functions

    def apply(self, name: str, u: Germ) -> Germ:
        """An elementary function of a germ; the same germ each time."""
        rule = RULES.get(name)
        return self._once(
            (name, id(u), 0), u, lambda: rule(self, u) if rule else self.compose(name, u)
        )

    def exp(self, u: Germ) -> Germ:
        """The exponential: where u goes to infinity it stays an exponential."""
        if self.bounded(u):
            return self.compose("exp", u)
        if u.smaller is not None:
            return self.exp(u.leading()) * self.exp(u.smaller)
        if not u.sign():
            raise UndecidedError
        if not (u.p < 0 or u.U is not None):
            return self.enclosed(interval_functions.exp(self.range(u)))
        c = [ONE] + [ZERO] * (self.terms - 1)
        return Germ(self, 0, Exponent([u.multiple_of or (u, ONE)]), c, NIL)

    def power(self, u: Germ, exponent: arb) -> Germ:
        """A power by one number that is known to be a fraction."""
        return composition.power(self, u, exponent)

    def compose(self, name: str, u: Germ) -> Germ:
        return composition.compose(self, name, u)
