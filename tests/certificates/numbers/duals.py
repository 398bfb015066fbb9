"""Formulas with their first two derivatives, over any kind of number: the checker's own algebra.

What decides a branch may be undecided, as on a ball that a kink lies in: then both arms count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actcli.formula.parse import parse
from actcli.formula.program import Program

BOTH = "both"
"""A truth value that holds in some places and not in others."""

UNDEFINED = None


@dataclass(frozen=True, slots=True)
class Dual:
    """f, f' and f''; the last is None where it is not asked for."""

    v: Any
    d: Any
    c: Any

    def __add__(self, other: Dual) -> Dual:
        c = None if self.c is None else self.c + other.c
        return Dual(self.v + other.v, self.d + other.d, c)

    def __sub__(self, other: Dual) -> Dual:
        c = None if self.c is None else self.c - other.c
        return Dual(self.v - other.v, self.d - other.d, c)

    def __mul__(self, other: Dual) -> Dual:
        u, w = self, other
        c = None if u.c is None else u.c * w.v + 2 * u.d * w.d + u.v * w.c
        return Dual(u.v * w.v, u.d * w.v + u.v * w.d, c)

    def through(self, g: Any, g1: Any, g2: Any) -> Dual:
        """g(f), by g, g' and g'' at f."""
        c = None if self.c is None else g2 * self.d * self.d + g1 * self.c
        return Dual(g, g1 * self.d, c)


def _by_slope(k: Any, name: str, u: Any) -> tuple[Any, Any, Any]:
    """g, g' and g'' of a function of one argument."""
    match name:
        case "exp" | "expm1":
            e = k.exp(u)
            return (e if name == "exp" else k.expm1(u)), e, e
        case "log" | "log1p":
            r = 1 / (u if name == "log" else 1 + u)
            return (k.log(u) if name == "log" else k.log1p(u)), r, -r * r
        case "sqrt":
            s = k.sqrt(u)
            return s, 1 / (2 * s), -1 / (4 * s * u)
        case "sin":
            return k.sin(u), k.cos(u), -k.sin(u)
        case "cos":
            return k.cos(u), -k.sin(u), -k.cos(u)
        case "tan":
            t = k.tan(u)
            return t, 1 + t * t, 2 * t * (1 + t * t)
        case "sinh":
            return k.sinh(u), k.cosh(u), k.sinh(u)
        case "cosh":
            return k.cosh(u), k.sinh(u), k.cosh(u)
        case "tanh":
            t, d = k.tanh(u), 4 * k.sigmoid(2 * u) * k.sigmoid(-2 * u)
            return t, d, -2 * t * d
        case "sigmoid":
            d = k.sigmoid(u) * k.sigmoid(-u)
            return k.sigmoid(u), d, -d * k.tanh(u / 2)
        case "softplus":
            return k.softplus(u), k.sigmoid(u), k.sigmoid(u) * k.sigmoid(-u)
        case "atan":
            r = 1 / (1 + k.square(u))
            return k.atan(u), r, -2 * u * r * r
        case "asinh":
            r = 1 / k.sqrt(1 + k.square(u))
            return k.asinh(u), r, -u * r * r * r
        case "norm_cdf":
            d = k.exp(-k.square(u) / 2) * k.inverse_root(2)
            return k.norm_cdf(u), d, -u * d
        case "erf" | "erfc":
            d = 2 * k.exp(-k.square(u)) * k.inverse_root(1)
            d = d if name == "erf" else -d
            return (k.erf(u) if name == "erf" else k.erfc(u)), d, -2 * u * d
    raise NotImplementedError(name)


class Walk:
    """The algebra of duals over numbers k."""

    def __init__(self, k: Any) -> None:
        self.k = k
        self.is_mixed = self.may_jump = self.is_tied = False
        self.choices: list[Any] = []

    def run(self, program: Program, params: Mapping[str, float | str], x: Any) -> Dual | None:
        """The formula at x; None where it has no value. A parameter may be written as a formula."""
        given = {name: self._meant(value) for name, value in params.items()}
        found: Dual | None = program.walk(self, Dual(x, self.k.number(1), self.k.flat), given)
        return found

    def number(self, value: Any) -> Dual:
        return Dual(self.k.number(value), self.k.number(0), self.k.flat)

    def _meant(self, value: float | str) -> Any:
        return (
            parse(value, []).walk(self, None, {}) if isinstance(value, str) else self.number(value)
        )

    def constant(self, name: str) -> Dual:
        return self.number(self.k.pi if name == "pi" else self.k.e)

    def activation(self, cls: type[Any], x: Any, params: Mapping[str, Any]) -> Dual | None:
        defaults = {p.name: self._meant(p.exact or p.default) for p in cls.parameters()}
        program = parse(cls().formula, list(defaults))
        found: Dual | None = program.walk(self, x, {**defaults, **params})
        return found

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """The result of a step, on an arm that need not be taken."""
        try:
            return self._call(operation, arguments)
        except (ValueError, ZeroDivisionError):
            return Dual(*(self.k.unknown,) * 2, self.k.flat)

    def _call(self, operation: str, arguments: Sequence[Any]) -> Any:
        u, w = arguments[0], arguments[-1]
        if operation == "where":
            return self._either(u, *arguments[1:], can_jump=True)
        if UNDEFINED in arguments:
            return UNDEFINED
        match operation:
            case "+":
                return u + w
            case "-":
                return u - w
            case "*":
                return u * w
            case "/":
                return self._divided(u, w)
            case "**":
                return self._power(u, w)
            case "%":
                return u - w * self.call("floor", [self._divided(u, w)])
            case "negate":
                return self.number(0) - u
            case "max":
                return self._either(self._holds(u, w, (1,)), u, w)
            case "min":
                return self._either(self._holds(u, w, (-1,)), u, w)
            case "abs":
                return self._either(self._holds(u, self.number(0), (1,)), u, self.number(0) - u)
            case "sign":
                sign = self._sign(u)
                if sign != BOTH:
                    return self.number(sign)
                return self._hull([self.number(-1), self.number(1)], can_jump=True)
            case "floor":
                low, high, is_inside = self.k.floor(u.v)
                self.is_tied |= not (is_inside or self._is_constant(u))
                self.choices.append(self.k.rational(self.k.number(low)))
                some = [self.number(low), self.number(high)]
                return some[0] if low == high else self._hull(some, can_jump=True)
            case "<" | ">" | "<=" | ">=" | "==" | "!=":
                signs = {"<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (1, 0), "==": (0,)}
                return self._holds(u, w, signs.get(operation, (-1, 1)))
            case "and" | "or":
                settling = operation == "or"
                return settling if settling in (u, w) else BOTH if BOTH in (u, w) else not settling
            case "not":
                return BOTH if u == BOTH else not u
            case "log" | "sqrt" | "log1p":
                inside = 1 + u.v if operation == "log1p" else u.v
                if self.k.sign(inside) in (-1, *((0,) if operation != "sqrt" else ())):
                    return UNDEFINED
        return u.through(*_by_slope(self.k, operation, u.v))

    def _divided(self, u: Dual, w: Dual) -> Dual:
        v = u.v / w.v
        d = (u.d - v * w.d) / w.v
        return Dual(v, d, None if u.c is None else (u.c - 2 * d * w.d - v * w.c) / w.v)

    def _power(self, u: Dual, w: Dual) -> Dual | None:
        k = self.k
        exponent = k.rational(w.v) if self._is_constant(w) else None
        if exponent is not None and exponent.denominator == 1:
            n = int(exponent)
            first = n * k.whole_power(u.v, n - 1) if n else k.number(0)
            second = n * (n - 1) * k.whole_power(u.v, n - 2) if n not in (0, 1) else k.number(0)
            return u.through(k.whole_power(u.v, n), first, second)
        sign = k.sign(u.v)
        if sign == -1:
            return UNDEFINED
        if exponent is not None:
            p = w.v
            powers = (k.power(u.v, exponent - n) for n in range(3))
            value, first, second = powers
            return u.through(value, p * first, p * (p - 1) * second)
        found: Dual | None = self.call("exp", [w * u.through(*_by_slope(k, "log", u.v))])
        return found

    def _is_constant(self, u: Dual) -> bool:
        return bool(self.k.sign(u.d) == 0)

    def _sign(self, u: Dual) -> Any:
        sign = self.k.sign(u.v)
        self.choices.append(sign)
        if sign == 0 and not self._is_constant(u):
            self.is_tied = True
        return sign

    def _holds(self, u: Dual, w: Dual, signs: tuple[int, ...]) -> Any:
        sign = 0 if u is w else self._sign(u - w)
        return BOTH if sign == BOTH else sign in signs

    def _either(self, holds: Any, u: Any, w: Any, *, can_jump: bool = False) -> Any:
        if holds is UNDEFINED:
            return UNDEFINED
        if holds != BOTH:
            return u if holds else w
        if UNDEFINED in (u, w):
            self.is_mixed = self.may_jump = True
            return Dual(*(self.k.unknown,) * 2, self.k.flat)
        return u if u is w else self._hull([u, w], can_jump=can_jump)

    def _hull(self, some: Sequence[Dual], *, can_jump: bool) -> Dual:
        self.is_mixed, self.may_jump = True, self.may_jump or can_jump
        first, *others = some
        for one in others:
            c = None if first.c is None else self.k.hull(first.c, one.c)
            first = Dual(self.k.hull(first.v, one.v), self.k.hull(first.d, one.d), c)
        return first
