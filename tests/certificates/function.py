"""One function of a certificate, evaluated by the checker's own means, and its limits."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.formula.parse import parse
from tests.certificates.numbers.balls import Balls
from tests.certificates.numbers.duals import Dual, Walk
from tests.certificates.numbers.monomials import ONE, CannotTellError, Monomial
from tests.certificates.numbers.tail_functions import Tails

SHARP = 240
"""Bits of a number at a place."""

_FAR_OUT = 2.0**100
"""Where a number is seen better from infinity, if its exponential is too large."""

_REACHES = (1100, 120, 20)
"""How close to a place, or far out, limits are looked at, in bits."""

_FINE = arb(2) ** -200
"""How closely a number near 0 is known that lies between doubles."""

_FIRST = Monomial((), Fraction(1))
"""y itself."""


class RefutedError(Exception):
    """The certificate is wrong."""


class UnconfirmedError(Exception):
    """It could not be seen to be right."""


class Side(NamedTuple):
    """The limits of f and f' on one side of a place."""

    v: Any
    d: Any


class Line(NamedTuple):
    """The line m x + c that f approaches at -inf or +inf."""

    m: Any
    c: Any
    end: float


class Function:
    """f, or f - g, less a line: its line at an end, or another one."""

    def __init__(self, formulas: Sequence[Mapping[str, Any]], less: Line | None = None) -> None:
        self._formulas, self._less = formulas, less
        self._programs = [
            (parse(p["formula"], list(p["params"])), {**p["params"], **p["exact"]})
            for p in formulas
        ]
        self.beside: Callable[[float, int], Side | None] = cache(self._beside)
        self.plain: Callable[[float], Dual | None] = cache(self._plain)
        self.line: Callable[[float], Line | None] = cache(self._line)

    def less(self, line: Line) -> Function:
        """The same without a line; towards the end that the line is for, without it exactly."""
        return Function(self._formulas, line)

    def over(self, k: Any, x: Any) -> tuple[Dual | None, Walk]:
        """f on numbers of some kind, None where it has no value; and how that was come by."""
        walk = Walk(k)
        found = [walk.run(program, params, x) for program, params in self._programs]
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return None, walk
        whole = parts[0] - parts[1] if len(parts) > 1 else parts[0]
        if self._less is None:
            return whole, walk
        m, c, end = self._less
        if isinstance(k, Tails) and k.end == end != 0:
            m = math.copysign(1, end) * m
            if whole.v.coefficient(_FIRST).overlaps(m) and whole.v.coefficient(ONE).overlaps(c):
                return Dual(whole.v.without(_FIRST, ONE), whole.d.without(ONE), k.flat), walk
            raise CannotTellError
        return whole - Dual(k.number(m) * x + k.number(c), k.number(m), k.flat), walk

    def at(self, x: Any, bits: int = SHARP) -> tuple[Dual | None, Walk]:
        """f at a number."""
        with ctx.workprec(bits):
            return self.over(Balls(), arb(x))

    def on_tail(self, x: Any, side: int, y: Any, far: Any = None) -> tuple[Dual | None, Walk]:
        """f towards infinity, or beside a number, from y = |x| or 1/|x - number| on."""
        tails = Tails(arb(y), far, x if math.isinf(x) else 0.0)
        if math.isinf(x):
            return self.over(tails, tails.powers((1 if x > 0 else -1, 1)))
        return self.over(tails, tails.powers((x, 0), (side, -1)))

    def _plain(self, x: float) -> Dual | None:
        """The dual at a number around which f is analytic; else None."""
        found, walk = self.at(x)
        if found is None or walk.is_tied or walk.is_mixed:
            return None
        return found if found.v.is_finite() and found.d.is_finite() else None

    def _beside(self, x: float, side: int) -> Side | None:
        """The limits on one side of a number, or at infinity; None where f has no value there."""
        if math.isfinite(x) and (found := self.plain(x)) is not None:
            return Side(found.v, found.d)
        with ctx.workprec(SHARP), contextlib.suppress(CannotTellError):
            found = self._first_seen(x, side)
            return None if found is None else Side(found.v.limit, found.d.limit)
        if math.isfinite(x) and abs(x) > _FAR_OUT:
            with ctx.workprec(SHARP), contextlib.suppress(CannotTellError):
                found, _ = self.on_tail(math.copysign(math.inf, x), 0, abs(arb(x)))
                if found is None:
                    return None
                return Side(found.v.at(abs(arb(x))), found.d.at(abs(arb(x))))
        raise UnconfirmedError(f"what f does beside {x}")

    def _first_seen(self, x: float, side: int) -> Dual | None:
        for bits in _REACHES:
            reach = arb(2) ** bits / (abs(arb(x)) if x and math.isfinite(x) else 1)
            with contextlib.suppress(CannotTellError):
                return self.on_tail(x, side, reach)[0]
        raise CannotTellError

    def _line(self, end: float) -> Line | None:
        """What f approaches at an end; None if it has no value there, or goes another way."""
        with ctx.workprec(SHARP), contextlib.suppress(CannotTellError):
            found = self._first_seen(end, 0)
            if found is None:
                return None
            others = found.v.without(_FIRST, ONE).terms
            if not any(one.growth > 0 for one in others):
                m, c = (found.v.coefficient(one) for one in (_FIRST, ONE))
                return Line(math.copysign(1, end) * m, c, end)
            if any(one.growth > 0 and not a.ball.contains(0) for one, a in others.items()):
                return None
        raise UnconfirmedError(f"how f goes on to {end}")
