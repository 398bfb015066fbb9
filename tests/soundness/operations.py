"""What operators and functions make of balls."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from flint import arb

Ball = Any
At = Callable[[Ball], Ball]


class NoValueError(Exception):
    """The formula has no value at this number."""


class UnclearError(Exception):
    """So many bits do not tell."""


def sign_of(u: Ball) -> int:
    if u > 0:
        return 1
    if u < 0:
        return -1
    if u.is_zero():
        return 0
    raise UnclearError


def _floor(u: Ball) -> Ball:
    whole = u.floor()
    if not (whole.is_finite() and whole.is_exact()):
        raise UnclearError
    return whole


def _divided(u: Ball, v: Ball) -> Ball:
    if v.is_zero():
        raise NoValueError
    return u / v


def _remainder(u: Ball, v: Ball) -> Ball:
    return u - v * _floor(_divided(u, v))


def power_of(u: Ball, v: Ball) -> Ball:
    if not (u.is_finite() and v.is_finite()):
        raise UnclearError
    if v.is_integer():
        if v.is_zero():
            return arb(1)
        if u.is_zero():
            if v < 0:
                raise NoValueError
            return arb(0)
        if v > 0 and u.mid().is_zero():  # of which FLINT says nothing
            return arb(0, 1) * u.abs_upper() ** v
        return u**v if abs(v) < 1000 else _whole_power(u, v)
    if not v.is_exact():
        integers = v.lower().ceil() <= v.upper().floor()
        if integers and not u > 0:
            raise UnclearError
    sign = sign_of(u)
    if sign < 0 or (sign == 0 and sign_of(v) < 0):
        raise NoValueError
    return (u.log() * v).exp() if sign else arb(0)


def _whole_power(u: Ball, v: Ball) -> Ball:
    sign = -1 if sign_of(u) < 0 and not (v / 2).is_integer() else 1
    return (abs(u).log() * v).exp() * sign


def _root(u: Ball) -> Ball:
    if sign_of(u) < 0:
        raise NoValueError
    return u.sqrt()


def _logarithm(u: Ball) -> Ball:
    if sign_of(u) <= 0:
        raise NoValueError
    return u.log()


def _logarithm_of_one_and(u: Ball) -> Ball:
    if sign_of(u + 1) <= 0:
        raise NoValueError
    return u.log1p()


def _logistic(u: Ball) -> Ball:
    return 1 / (1 + (-u).exp())


def _softplus(u: Ball) -> Ball:
    return u.exp().log1p() if u < 0 else u + (-u).exp().log1p()


OPERATORS: dict[type[ast.operator], Callable[[Ball, Ball], Ball]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
    ast.Mod: _remainder,
}

COMPARISONS: dict[type[ast.cmpop], Callable[[int], bool]] = {
    ast.Lt: lambda sign: sign < 0,
    ast.LtE: lambda sign: sign <= 0,
    ast.Gt: lambda sign: sign > 0,
    ast.GtE: lambda sign: sign >= 0,
    ast.Eq: lambda sign: sign == 0,
    ast.NotEq: lambda sign: sign != 0,
}

FUNCTIONS: dict[str, At] = {
    "abs": abs,
    "sign": lambda u: arb(sign_of(u)),
    "floor": _floor,
    "sqrt": _root,
    "log": _logarithm,
    "log1p": _logarithm_of_one_and,
    "tan": lambda u: _divided(u.sin(), u.cos()),
    "norm_cdf": lambda u: (-u / arb(2).sqrt()).erfc() / 2,
    "sigmoid": _logistic,
    "softplus": _softplus,
    **{
        name: operator.methodcaller(name)
        for name in (
            "exp", "expm1", "sin", "cos", "sinh", "cosh", "tanh", "atan", "asinh", "erf", "erfc",
        )
    },
}  # fmt: skip
