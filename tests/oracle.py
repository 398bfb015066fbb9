"""The exact value and derivative of an activation, from its formula, in multiprecision.

Shares with the code under test the parser alone: every function is MPFR's or mpmath's, every rule
of differentiation is written out anew. Literals in a formula mean doubles, `pi`, `e` and everything
computed from literals (`1/3`, `sqrt(2/pi)`) are exact.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import gmpy2
from mpmath import mp, mpf
from mpmath.libmp import from_man_exp

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.formula.program import Program
from tests.exact_duals import ALGEBRA, MPFR_ALGEBRA, Dual, program_of

LEAST_DIGITS = 60
WITHIN_DOUBLES = 800
"""Digits enough for 1 - tanh(x) to be resolved down to the smallest double, twice over."""
AGREEMENT = 1e-25


def exact(activation: Activation, x: float) -> tuple[mpf, mpf]:
    """f(x) and f'(x) at the double x, to 25 digits or more; at a kink f' is meaningless."""
    if not math.isfinite(x):
        raise ValueError("the oracle knows finite points only")
    program, params = _meant(activation)
    magnitude = abs(math.log10(abs(x))) if x else 0.0
    digits = max(LEAST_DIGITS, int(4.5 * magnitude) + 40)
    try:
        with _mpfr_context():
            value, rate = _settled(lambda n: _by_mpfr(program, x, params, n), digits)
            return _mpf(value), _mpf(rate)
    except ArithmeticError:
        return _settled(lambda n: by_mpmath(program, x, params, n), digits)


def exact_value(activation: Activation, x: float) -> mpf:
    """f(x) at the double x."""
    return exact(activation, x)[0]


def exact_derivative(activation: Activation, x: float) -> mpf:
    """f'(x) at the double x."""
    return exact(activation, x)[1]


def derivative_at(activation: Activation, x: mpf, digits: int) -> mpf:
    """f'(x) at any number, with that many digits in the working."""
    program, params = _meant(activation)
    return by_mpmath(program, x, params, digits)[1]


def _meant(activation: Activation) -> tuple[Program, Params]:
    """The formula and its parameters; a default that stands for another number is put in as it."""
    formula, params = activation.formula, dict(activation.params)
    for declared in activation.parameters() if isinstance(activation, Named) else ():
        if declared.exact and params[declared.name] == declared.default:
            formula = re.sub(rf"\b{declared.name}\b", f"({declared.exact})", formula)
            del params[declared.name]
    return program_of(formula, tuple(params)), params


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


Params = Mapping[str, float]


def _settled(at: Callable[[int], Dual], digits: int) -> Dual:
    """What half as many digits again do not change; a zero needs as many as hold all doubles."""
    few, most = at(digits), 3 * (digits + WITHIN_DOUBLES)
    while True:
        digits += digits // 2
        many = at(digits)
        agreed = all(map(_close, few, many))
        if digits > most or (agreed and (all(many) or digits >= WITHIN_DOUBLES)):
            return many
        if agreed:
            digits = max(digits, WITHIN_DOUBLES * 2 // 3 + 1)
        few = many


def _close(u: Any, v: Any) -> bool:
    if u != u or v != v:
        return bool(u != u and v != v)
    return bool(u == v or abs(u - v) <= AGREEMENT * abs(v))


def by_mpmath(program: Program, x: Any, params: Params, digits: int) -> Dual:
    """The pair, with that many digits in the working."""
    with mp.workdps(digits):
        duals = {name: ALGEBRA.number(value) for name, value in params.items()}
        value, rate = ALGEBRA.walk(program, (mpf(x), mpf(1)), duals)
        return +value, +rate


def by_mpfr(program: Program, x: float, params: Params, digits: int) -> Dual:
    """The same, or an ArithmeticError where MPFR does not hold what comes up on the way."""
    with _mpfr_context():
        value, rate = _by_mpfr(program, x, params, digits)
    return _mpf(value), _mpf(rate)


def _by_mpfr(program: Program, x: float, params: Params, digits: int) -> Dual:
    gmpy2.get_context().precision = math.ceil(digits * math.log2(10))
    duals = {name: MPFR_ALGEBRA.number(value) for name, value in params.items()}
    return MPFR_ALGEBRA.walk(program, (gmpy2.mpfr(x), gmpy2.mpfr(1)), duals)


def _mpf(number: Any) -> mpf:
    """MPFR's number, to its last bit."""
    mantissa, exponent = number.as_mantissa_exp()
    return mp.make_mpf(from_man_exp(mantissa, int(exponent)))


def _mpfr_context() -> Any:
    """All the exponents that there are, and an error for what leaves them."""
    return gmpy2.context(
        emin=gmpy2.get_emin_min(),
        emax=gmpy2.get_emax_max(),
        trap_underflow=True,
        trap_overflow=True,
        trap_invalid=True,
        trap_divzero=True,
    )
