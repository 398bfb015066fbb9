"""The exact value and derivative of an activation, from its formula, in multiprecision.

Shares with the code under test the parser alone: every function and every rule of differentiation
here is mpmath's or written out anew. Literals in a formula mean doubles, `pi`, `e` and everything
computed from literals (`1/3`, `sqrt(2/pi)`) are exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from mpmath import mp, mpf

from actcli.activation import Activation
from actcli.catalogue.registry import Named
from actcli.expression.parse import parse
from actcli.expression.program import Program

LEAST_DIGITS = 60
WITHIN_DOUBLES = 800
"""Digits enough for 1 - tanh(x) to be resolved down to the smallest double, twice over."""
AGREEMENT = mpf(10) ** -25
HUGE = 2_000
"""Beyond 2**HUGE exp counts as 0 or infinite, sin as unknown: the digits would fill the memory."""

Dual = tuple[Any, Any]


def exact(activation: Activation, x: float) -> tuple[mpf, mpf]:
    """f(x) and f'(x) at the double x, to 25 digits or more; at a kink f' is meaningless."""
    if not math.isfinite(x):
        raise ValueError("the oracle knows finite points only")
    program = _program(activation.formula, tuple(activation.params))
    params = {name: float(value) for name, value in activation.params.items()}
    magnitude = abs(math.log10(abs(x))) if x else 0.0
    digits = max(LEAST_DIGITS, int(4.5 * magnitude) + 40)
    for least in (digits, max(digits, WITHIN_DOUBLES), 2 * digits + WITHIN_DOUBLES):
        pair = _at(program, x, params, least)
        check = _at(program, x, params, least + least // 2)
        if _agree(pair, check) and (all(check) or least >= WITHIN_DOUBLES):
            break
    return check


def exact_value(activation: Activation, x: float) -> mpf:
    """f(x) at the double x."""
    return exact(activation, x)[0]


def exact_derivative(activation: Activation, x: float) -> mpf:
    """f'(x) at the double x."""
    return exact(activation, x)[1]


def derivative_at(activation: Activation, x: mpf, digits: int) -> mpf:
    """f'(x) at any number, with that many digits in the working."""
    program = _program(activation.formula, tuple(activation.params))
    return _at(program, x, activation.params, digits)[1]


def ulps(approx: float, exact: Any) -> float:
    """The error in units in the last place of the exact result rounded to a double.

    The least unit is 5e-324. An exact result that rounds to an infinity, or is NaN, is met by that
    alone.
    """
    approx = float(approx)
    rounded = float(exact)
    if math.isnan(rounded) or math.isinf(rounded):
        same = approx == rounded or (math.isnan(approx) and math.isnan(rounded))
        return 0.0 if same else math.inf
    if not math.isfinite(approx):
        return math.inf
    with mp.workdps(LEAST_DIGITS):
        return float(abs(mpf(approx) - exact) / mpf(math.ulp(rounded)))


@cache
def _program(formula: str, parameters: tuple[str, ...]) -> Program:
    return parse(formula, parameters)


def _at(program: Program, x: float, params: Mapping[str, float], digits: int) -> Dual:
    with mp.workdps(digits):
        duals = {name: (mpf(value), mpf(0)) for name, value in params.items()}
        value, rate = program.walk(ALGEBRA, (mpf(x), mpf(1)), duals)
        return +value, +rate


def _agree(a: Dual, b: Dual) -> bool:
    return all(_close(u, v) for u, v in zip(a, b, strict=True))


def _close(u: mpf, v: mpf) -> bool:
    if mp.isnan(u) or mp.isnan(v):
        return bool(mp.isnan(u) and mp.isnan(v))
    return bool(u == v or abs(u - v) <= AGREEMENT * abs(v))


class ExactDuals:
    """Multiprecision pairs (value, derivative); truth values are plain bools."""

    def number(self, value: float) -> Dual:
        return mpf(value), mpf(0)

    def constant(self, name: str) -> Dual:
        return {"pi": +mp.pi, "e": +mp.e}[name], mpf(0)

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        return getattr(self, _METHODS.get(operation, f"_{operation}"))(*arguments)

    def activation(self, cls: type[Named], x: Dual, params: Mapping[str, Dual]) -> Dual:
        values = {p.name: self.number(p.default) for p in cls.parameters()} | dict(params)
        named = cls(**{name: float(value) for name, (value, _) in values.items()})
        result: Dual = _program(named.formula, tuple(values)).walk(self, x, values)
        return result

    def _add(self, a: Dual, b: Dual) -> Dual:
        return a[0] + b[0], a[1] + b[1]

    def _subtract(self, a: Dual, b: Dual) -> Dual:
        return a[0] - b[0], a[1] - b[1]

    def _negate(self, a: Dual) -> Dual:
        return -a[0], -a[1]

    def _multiply(self, a: Dual, b: Dual) -> Dual:
        return a[0] * b[0], a[0] * b[1] + a[1] * b[0]

    def _divide(self, a: Dual, b: Dual) -> Dual:
        if not b[0]:
            return (mp.nan if not a[0] else mp.sign(a[0]) * mp.inf), mp.nan
        return a[0] / b[0], (a[1] - a[0] / b[0] * b[1]) / b[0]

    def _modulo(self, a: Dual, b: Dual) -> Dual:
        if not b[0]:
            return mp.nan, mp.nan
        whole = mp.floor(a[0] / b[0])
        return a[0] - whole * b[0], a[1] - whole * b[1]

    def _power(self, a: Dual, b: Dual) -> Dual:
        (u, du), (v, dv) = a, b
        if dv == 0:
            return _power(u, v), (v * _power(u, v - 1) * du if v else mpf(0))
        if u <= 0:
            return _power(u, v), mp.nan
        value = _power(u, v)
        return value, value * (dv * mp.log(u) + v * du / u)

    def _where(self, condition: bool, a: Dual, b: Dual) -> Dual:
        return a if condition else b

    def _max(self, a: Dual, b: Dual) -> Dual:
        return _nan_of(a, b) or (a if a[0] >= b[0] else b)

    def _min(self, a: Dual, b: Dual) -> Dual:
        return _nan_of(a, b) or (a if a[0] <= b[0] else b)

    def _abs(self, a: Dual) -> Dual:
        return abs(a[0]), mp.sign(a[0]) * a[1]

    def _sign(self, a: Dual) -> Dual:
        return mp.sign(a[0]), mpf(0)

    def _floor(self, a: Dual) -> Dual:
        return mp.floor(a[0]), mpf(0)

    def _sqrt(self, a: Dual) -> Dual:
        if a[0] < 0 or mp.isnan(a[0]):
            return mp.nan, mp.nan
        root = mp.sqrt(a[0])
        return root, a[1] / (2 * root) if root else mp.inf * a[1]

    def _exp(self, a: Dual) -> Dual:
        e = _exp(a[0])
        return e, e * a[1]

    def _expm1(self, a: Dual) -> Dual:
        huge = abs(a[0]) > 10
        return (_exp(a[0]) - 1 if huge else mp.expm1(a[0])), _exp(a[0]) * a[1]

    def _log(self, a: Dual) -> Dual:
        if not a[0] > 0:
            return (mp.nan, mp.nan) if a[0] else (-mp.inf, mp.inf * a[1])
        return mp.log(a[0]), a[1] / a[0]

    def _log1p(self, a: Dual) -> Dual:
        if not a[0] > -1:
            return (-mp.inf, mp.inf * a[1]) if a[0] == -1 else (mp.nan, mp.nan)
        return mp.log1p(a[0]), a[1] / (1 + a[0])

    def _sin(self, a: Dual) -> Dual:
        u = _moderate(a[0])
        return mp.sin(u), mp.cos(u) * a[1]

    def _cos(self, a: Dual) -> Dual:
        u = _moderate(a[0])
        return mp.cos(u), -mp.sin(u) * a[1]

    def _tan(self, a: Dual) -> Dual:
        u = _moderate(a[0])
        return mp.tan(u), a[1] / mp.cos(u) ** 2

    def _sinh(self, a: Dual) -> Dual:
        return _sinh(a[0]), _cosh(a[0]) * a[1]

    def _cosh(self, a: Dual) -> Dual:
        return _cosh(a[0]), _sinh(a[0]) * a[1]

    def _tanh(self, a: Dual) -> Dual:
        e = _exp(-2 * abs(a[0]))
        value = mp.tanh(a[0]) if abs(a[0]) < 1 else mp.sign(a[0]) * (1 - e) / (1 + e)
        return value, 4 * e / (1 + e) ** 2 * a[1]

    def _atan(self, a: Dual) -> Dual:
        return mp.atan(a[0]), a[1] / (1 + a[0] ** 2)

    def _asinh(self, a: Dual) -> Dual:
        return mp.sign(a[0]) * mp.asinh(abs(a[0])), a[1] / mp.sqrt(1 + a[0] ** 2)

    def _erf(self, a: Dual) -> Dual:
        return mp.erf(a[0]), 2 / mp.sqrt(mp.pi) * _exp(-(a[0] ** 2)) * a[1]

    def _erfc(self, a: Dual) -> Dual:
        return _erfc(a[0]), -2 / mp.sqrt(mp.pi) * _exp(-(a[0] ** 2)) * a[1]

    def _norm_cdf(self, a: Dual) -> Dual:
        density = _exp(-(a[0] ** 2) / 2) / mp.sqrt(2 * mp.pi)
        return _erfc(-a[0] / mp.sqrt(2)) / 2, density * a[1]

    def _sigmoid(self, a: Dual) -> Dual:
        e = _exp(-abs(a[0]))
        return (1 if a[0] >= 0 else e) / (1 + e), e / (1 + e) ** 2 * a[1]

    def _softplus(self, a: Dual) -> Dual:
        e = _exp(-abs(a[0]))
        return max(a[0], mpf(0)) + mp.log1p(e), (1 if a[0] >= 0 else e) / (1 + e) * a[1]

    def _less(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] < b[0])

    def _less_or_equal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] <= b[0])

    def _greater(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] > b[0])

    def _greater_or_equal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] >= b[0])

    def _equal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] == b[0])

    def _unequal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] != b[0])

    def _and(self, a: bool, b: bool) -> bool:
        return a and b

    def _or(self, a: bool, b: bool) -> bool:
        return a or b

    def _not(self, a: bool) -> bool:
        return not a


_METHODS = {
    "+": "_add",
    "-": "_subtract",
    "*": "_multiply",
    "/": "_divide",
    "%": "_modulo",
    "**": "_power",
    "<": "_less",
    "<=": "_less_or_equal",
    ">": "_greater",
    ">=": "_greater_or_equal",
    "==": "_equal",
    "!=": "_unequal",
}
ALGEBRA = ExactDuals()


def _nan_of(a: Dual, b: Dual) -> Dual | None:
    return (mp.nan, mp.nan) if mp.isnan(a[0]) or mp.isnan(b[0]) else None


def _is_huge(u: mpf) -> bool:
    return bool(u and mp.isfinite(u) and mp.mag(u) > HUGE)


def _moderate(u: mpf) -> mpf:
    return mp.nan if _is_huge(u) else u


def _exp(u: mpf) -> mpf:
    return (mp.inf if u > 0 else mpf(0)) if _is_huge(u) else mp.exp(u)


def _sinh(u: mpf) -> mpf:
    return mp.sinh(u) if abs(u) < 1 else (_exp(u) - _exp(-u)) / 2


def _cosh(u: mpf) -> mpf:
    return (_exp(u) + _exp(-u)) / 2


def _erfc(u: mpf) -> mpf:
    """erfc; far out by the leading terms that the precision can see (DLMF 7.12.1)."""
    if u < 1000:
        return mp.erfc(u)
    term = total = mpf(1)
    for n in range(1, 400):
        term *= -(2 * n - 1) / (2 * u * u)
        total += term
        if abs(term) < mp.eps:
            break
    return _exp(-u * u) / (u * mp.sqrt(mp.pi)) * total


def _power(u: mpf, v: mpf) -> mpf:
    if u == 0:
        return mpf(0) if v > 0 else mpf(1) if v == 0 else mp.inf
    if abs(v) < 1000 and v == int(v):
        return u ** int(v)
    if u > 0:
        return _exp(v * mp.log(u))
    if v != mp.floor(v):
        return mp.nan
    size = _exp(v * mp.log(-u))
    return size if mp.floor(v / 2) * 2 == v else -size
