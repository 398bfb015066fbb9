"""The moments of f(x) and f'(x) for normal x, integrated once more by Taylor's formula."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, arb_series, ctx

from tests.certificates.course import break_at, breaks_beside
from tests.certificates.doubles import high_end, low_end
from tests.certificates.function import SHARP, Function, RefutedError, UnconfirmedError
from tests.certificates.numbers.duals import Walk
from tests.certificates.numbers.monomials import CannotTellError, Coefficient, Monomial, key_of
from tests.certificates.numbers.series import Series
from tests.certificates.numbers.tails import Tail
from tests.present import present

_TERMS = 36
"""Taylor coefficients, an even number; one more bounds the rest."""

_BITS = 220
_REACH = 16
"""Standard deviations, beyond which f is bounded by how fast it grows."""

_NEAREST = 2.0
"""From where on an expansion towards infinity may serve."""

_SMALL = arb(2) ** -90
"""What a box may leave open, relative to a rough guess at the whole."""

_NARROW = 2.0**-90
_LEAST = 1e-290
_MOST = 3000
_POINTS = 400

KNOWN = arb(2) ** -40
"""How closely a number has to agree with what is said, relative to it."""

_ROUNDED = 32
"""By how many widths of its enclosure a number may be off: it has the digits that are certain."""

_LEAST_DOUBLE = arb(2) ** -1074

_NOTHING = arb(2) ** -44
"""What is no larger, relative to what it is a mean of, is 0."""


class Moments(NamedTuple):
    """Balls; the last is infinite where f jumps."""

    mean: Any
    second_moment: Any
    variance: Any
    mean_derivative: Any
    second_moment_derivative: Any


def moments(f: Function, q: float) -> Moments:
    """E f, E f^2, Var f, E f' and E f'^2 for x ~ N(0, q).

    From g = f - c for a number c near E f, and with E f' = E x f/q.

    Raises:
        UnconfirmedError: they could not be found.
    """
    with ctx.workprec(_BITS):
        before, ctx.cap = ctx.cap, _TERMS + 1
        try:
            return _Integrals(f, q).run()
        finally:
            ctx.cap = before


class _Integrals:
    def __init__(self, f: Function, q: float) -> None:
        self._f, self._q, self._jumps = f, arb(q), False
        self._unit = float(self._q.sqrt())
        self._end = max(_REACH * self._unit, _NEAREST)
        self._c, self._scales = self._guessed()

    def _guessed(self) -> tuple[Any, list[float]]:
        """A number near the mean, and roughly how large the integrals are."""
        xs = [self._unit * (12 * (i + 0.5) / _POINTS - 6) for i in range(_POINTS)]
        found = [(x, here) for x in xs if (here := self._f.at(x, 80)[0]) is not None]
        total = sum(math.exp(-0.5 * (x / self._unit) ** 2) for x in xs)
        rows = [
            (math.exp(-0.5 * (x / self._unit) ** 2) / total, float(here.v), float(here.d))
            for x, here in found
            if here.v.is_finite() and here.d.is_finite()
        ]
        c = sum(w * v for w, v, _ in rows)
        spread = sum(w * (v - c) ** 2 for w, v, _ in rows)
        steep = sum(w * d * d for w, _, d in rows)
        root = math.sqrt(spread)
        return arb(c), [max(_LEAST, scale) for scale in (root, spread, root * self._unit, steep)]

    def run(self) -> Moments:
        totals, waiting = [arb(0)] * 4, [(-self._end, 0.0), (0.0, self._end)]
        for _ in range(_MOST):
            if not waiting:
                break
            low, high = waiting.pop()
            found = self._on(low, high)
            if found is None and high - low > _NARROW * self._unit:
                middle = (low + high) / 2
                if low < middle < high:
                    waiting += [(low, middle), (middle, high)]
                    continue
            found = self._at_break(low, high) if found is None else found
            totals = [a + b for a, b in zip(totals, found, strict=True)]
        else:
            raise UnconfirmedError("too many boxes for an integral")
        for end in (-math.inf, math.inf):
            totals = [a + b for a, b in zip(totals, self._beyond(end), strict=True)]
        g, squares, first, slopes = totals
        variance, mean = squares - g * g, self._c + g
        slope = arb("inf") if self._jumps else slopes
        return Moments(mean, variance + mean * mean, variance, first / self._q, slope)

    def _integrands(self, x: Any) -> tuple[Sequence[Any], Walk]:
        """g, g^2, x g and f'^2 times the density, as series; and what branch was taken."""
        found, walk = self._f.over(Series(), arb_series([x, 1]))
        if found is None:
            raise UnconfirmedError(f"f has no value at {x.str(10)}")
        g, d = found.v - self._c, found.d
        some = [g, g * g, arb_series([x, 1]) * g, d * d]
        return [one * self._density(x) for one in some], walk

    def _on(self, low: float, high: float) -> Sequence[Any] | None:
        """The integrals over a box, if they are seen closely enough."""
        x, width = arb(low).union(arb(high)), arb(high) - arb(low)
        wide, walk = self._integrands(x)
        is_special = 0 in (low, high) and self._f.plain(0.0) is None
        rough = self._beside_0(x, width) if is_special else [one[0] * width for one in wide]
        sizes = (float(one.abs_lower()) if one.is_finite() else 0.0 for one in rough)
        self._scales = [*map(max, self._scales, sizes)]
        if self._is_close(rough) and (is_special or not walk.may_jump):
            self._jumps |= is_special and break_at(self._f, 0.0).is_jump
            return rough
        if walk.is_mixed or walk.is_tied:
            return None
        narrow, _ = self._integrands((arb(low) + arb(high)) / 2)
        found = []
        for one, bounds in zip(narrow, wide, strict=True):
            total, power = arb(0), width
            for k in range(0, _TERMS, 2):
                total += one[k] * power / (k + 1)
                power *= (width / 2) ** 2
            found.append(total + bounds[_TERMS] * power / (_TERMS + 1))
        return found if self._is_close(found) else None

    def _beside_0(self, x: Any, width: Any) -> list[Any]:
        """The integrals over a box that ends at 0, by an expansion there."""
        with ctx.workprec(SHARP):
            try:
                found, _ = self._f.on_tail(0.0, 1 if x.mid() > 0 else -1, 1 / width)
                v, d = (_range(part) for part in (present(found).v, present(found).d))
            except CannotTellError:
                v = d = arb("nan")
        g = v - self._c
        return [one * width * self._density(x)[0] for one in (g, g * g, x * g, d * d)]

    def _is_close(self, some: Sequence[Any]) -> bool:
        return all(
            bool(one.is_finite() and one.rad() <= _SMALL * scale)
            for one, scale in zip(some, self._scales, strict=True)
        )

    def _at_break(self, low: float, high: float) -> Sequence[Any]:
        """What a narrow box adds, in which the branch changes."""
        for end in (low, high):
            breaks = [break_at(self._f, end), *breaks_beside(self._f, end)]
            self._jumps |= any(b.is_jump for b in breaks)
        x, width = arb(low).union(arb(high)), arb(high) - arb(low)
        if 0 in (low, high):
            return self._beside_0(x, width)
        return [one[0] * width for one in self._integrands(x)[0]]

    def _density(self, x: Any) -> Any:
        return (-(arb_series([x, 1]) ** 2) / (2 * self._q)).exp() / (2 * arb.pi() * self._q).sqrt()

    def _beyond(self, end: float) -> Sequence[Any]:
        """The integrals towards infinity: |f| and |f'| are at most B exp(y^2/8q)."""
        q, y = self._q, arb(self._end)
        try:
            found, _ = self._f.on_tail(end, 0, y)
            if found is None:
                raise UnconfirmedError(f"f has no value towards {end}")
            decay = Tail(
                found.v.y,
                {
                    Monomial(((Fraction(2), key_of(-1 / (8 * q))),)): Coefficient(
                        arb(1), is_constant=True
                    )
                },
            )
            v, d = (abs((one * decay).range().ball) for one in (found.v - self._c, found.d))
        except CannotTellError:
            raise UnconfirmedError(f"how f grows towards {end}") from None
        # the density is exp(-y^2/2q)/sqrt(2 pi q), and x at most sqrt(4 q) exp(x^2/8q)
        rest = (y / (2 * q.sqrt())).erfc()
        sizes = [v * rest, v * v * rest, 2 * q.sqrt() * v * rest, d * d * rest]
        return [arb(0, 1) * 2 * size for size in sizes]


def _range(part: Tail) -> Any:
    """All values beside a place; NaN where they have no bound."""
    try:
        return part.range().ball
    except CannotTellError:
        return arb("nan")


def gain(answer: Mapping[str, Any], enclosures: Mapping[str, Any], found: Moments) -> None:
    """That the moments, the gains and their enclosures are as is said."""
    q, second, slopes = arb(answer["q"]), found.second_moment, found.second_moment_derivative
    balls = {
        **found._asdict(),
        "forward_gain": (q / second).sqrt(),
        "standard_gain": 1 / found.variance.sqrt(),
        "backward_gain": 1 / slopes.sqrt() if slopes.is_finite() else slopes,
    }
    sizes = {"mean": second.sqrt(), "mean_derivative": slopes.sqrt()}
    for name, ball in balls.items():
        size = sizes.get(name, abs(ball))
        low, high = low_end(enclosures[name][0]), high_end(enclosures[name][1])
        if ball < low or ball > high:
            raise RefutedError(f"{name} is not between {low} and {high}")
        said = answer[name]
        if said is None:
            if ball.is_finite() and ball < arb(2) ** 1024:
                raise RefutedError(f"{name} is {ball.str(15)}")
        elif not ball.is_finite():
            raise UnconfirmedError(f"{name} is not known")
        elif said == 0:
            if not abs(ball) <= _NOTHING * (size if size.is_finite() else arb(1)) + _LEAST_DOUBLE:
                raise RefutedError(f"{name} is {ball.str(15)}, not 0")
        else:
            _is_near(name, said, ball, arb(high) - arb(low))


def _is_near(name: str, said: float, ball: Any, wide: Any) -> None:
    """That a number is as said, but for its last digits if its enclosure is so wide."""
    if not ball.rad() <= _NOTHING * abs(ball) + wide + _LEAST_DOUBLE:
        raise UnconfirmedError(f"{name} is {ball.str(15)}")
    if not abs(ball - said) <= KNOWN * abs(ball) + _ROUNDED * wide + _LEAST_DOUBLE:
        raise RefutedError(f"{name} is {ball.str(20)}, not {said}")
