"""What a formula is at a number, by a few lines over Python's own syntax tree and Arb's balls.

Shares with the program the language and the formulas of the catalogue, no code. The balls are
rigorous, so that a ball and an enclosure that have no number in common refute the enclosure.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flint import arb, ctx

from actcli.activations import registry
from actcli.activations.registry import Parameter

PRECISIONS = (128, 512, 2200, 7000)
_FINE = 6000

Ball = Any
At = Callable[[Ball], Any]


class NoValueError(Exception):
    """The formula has no value at this number."""


class UnclearError(Exception):
    """So many bits do not tell."""


def value(text: str, x: Any, enough: int = 60) -> Ball | None:
    """A ball, of so many bits, around the value at the exact number x; None where it has none.

    Raises:
        UnclearError: the bits that are tried do not tell.
    """
    f = compiled(text)
    for bits in PRECISIONS:
        if bits <= enough:
            continue
        with ctx.workprec(bits):
            try:
                ball = f(arb(x))
            except NoValueError:
                return None
            except UnclearError:
                continue
            if not ball.is_finite():
                continue
            if ball.rel_accuracy_bits() >= enough or ball.is_exact() or bits == PRECISIONS[-1]:
                return ball
    raise UnclearError


@lru_cache(maxsize=4096)
def compiled(text: str) -> At:
    """The formula as a function of a ball."""
    return _number(ast.parse(text.strip(), mode="eval").body, {})


def _number(node: ast.expr, names: Mapping[str, At]) -> At:
    f = _expression(node, names)
    return lambda x: arb(int(y)) if isinstance(y := f(x), bool) else y


def _expression(node: ast.expr, names: Mapping[str, At]) -> At:
    match node:
        case ast.Constant(value=int() | float() as number):
            return lambda x: arb(float(number))
        case ast.Name(id="x") if "x" not in names:
            return lambda x: x
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id="pi"):
            return lambda x: arb.pi()
        case ast.Name(id="e"):
            return lambda x: arb(1).exp()
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            truth = _expression(inner, names)
            return lambda x: not truth(x)
        case ast.UnaryOp(op=op, operand=inner):
            u = _number(inner, names)
            return (lambda x: -u(x)) if isinstance(op, ast.USub) else u
        case ast.BinOp(left=ast.Name(id="e"), op=ast.Pow(), right=right) if "e" not in names:
            u = _number(right, names)
            return lambda x: u(x).exp()
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _raised(_number(left, names), _number(right, names))
        case ast.BinOp(left=left, op=op, right=right):
            rule, u, v = _OPERATORS[type(op)], _number(left, names), _number(right, names)
            return lambda x: rule(u(x), v(x))
        case ast.Compare(left=first, ops=ops, comparators=others):
            sides = [_number(side, names) for side in (first, *others)]
            rules = [_COMPARISONS[type(op)] for op in ops]
            links = [_link(*part) for part in zip(rules, sides, sides[1:], strict=False)]
            return lambda x: _decided(links, x, deciding=False)
        case ast.BoolOp(op=op, values=values):
            parts = [_expression(part, names) for part in values]
            return lambda x: _decided(parts, x, deciding=isinstance(op, ast.Or))
        case ast.IfExp(test=test, body=body, orelse=otherwise):
            return _chosen(test, body, otherwise, names)
        case ast.Call(func=ast.Name(id="where"), args=[test, body, otherwise]):
            return _chosen(test, body, otherwise, names)
        case ast.Call(func=ast.Name(id="max" | "min" as name), args=args):
            us = [_number(u, names) for u in args]
            return lambda x: _extreme(name, [u(x) for u in us])
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=keywords):
            return _call(name, _number(inner, names), keywords, names)
    raise AssertionError(ast.dump(node))


def _call(name: str, u: At, keywords: list[ast.keyword], names: Mapping[str, At]) -> At:
    if name in _FUNCTIONS and not keywords:
        rule = _FUNCTIONS[name]
        return lambda x: rule(u(x))
    cls = registry.lookup(name)
    assert cls is not None
    inner: dict[str, At] = {p.name: _fixed(p.default) for p in cls.parameters()}
    inner |= {str(k.arg): _number(k.value, names) for k in keywords}
    inner |= {p.name: _meant(inner[p.name], p) for p in cls.parameters() if p.exact}
    # a formula of the catalogue is in an x of its own, which a one-element stack carries to it
    within: list[Ball] = []
    f = _number(ast.parse(cls().formula, mode="eval").body, inner | {"x": lambda _: within[-1]})

    def called(x: Ball) -> Ball:
        within.append(u(x))
        try:
            return f(x)
        finally:
            within.pop()

    return called


def _fixed(number: float) -> At:
    return lambda x: arb(number)


def _meant(given: At, declared: Parameter) -> At:
    """A parameter whose default is written as a double but stands for a fraction, such as 1/6."""
    exact = _number(ast.parse(declared.exact, mode="eval").body, {})
    return lambda x: exact(x) if given(x) == declared.default else given(x)


def _chosen(test: ast.expr, body: ast.expr, otherwise: ast.expr, names: Mapping[str, At]) -> At:
    truth, u, v = _expression(test, names), _number(body, names), _number(otherwise, names)
    return lambda x: u(x) if truth(x) else v(x)


def _link(rule: Callable[[int], bool], u: At, v: At) -> At:
    return lambda x: rule(_sign(u(x) - v(x)))


def _decided(parts: list[At], x: Ball, *, deciding: bool) -> bool:
    """Conjunction or disjunction, for which one part that decides is enough."""
    problem: Exception | None = None
    for part in parts:
        try:
            if bool(part(x)) == deciding:
                return deciding
        except (NoValueError, UnclearError) as error:
            problem = problem if isinstance(problem, UnclearError) else error
    if problem is not None:
        raise problem
    return not deciding


def _extreme(name: str, us: list[Ball]) -> Ball:
    result = us[0]
    for u in us[1:]:
        result = getattr(result, name)(u)
    return result


def _sign(u: Ball) -> int:
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


def _power(u: Ball, v: Ball) -> Ball:
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
    sign = _sign(u)
    if sign < 0 or (sign == 0 and _sign(v) < 0):
        raise NoValueError
    return (u.log() * v).exp() if sign else arb(0)


def _raised(u: At, v: At) -> At:
    """The power; isolated points of its domain, as of x**x at negative numbers, are none of it."""

    def power(x: Ball) -> Ball:
        base, exponent = u(x), v(x)
        if base < 0:
            with ctx.workprec(_FINE):
                distance = (1 if x.is_zero() else abs(x)) * arb(2) ** (-_FINE // 3)
                beside = [v(x + side * distance) for side in (-1, 1)]
            if any(not other.overlaps(exponent) for other in beside):
                raise NoValueError
        return _power(base, exponent)

    return power


def _whole_power(u: Ball, v: Ball) -> Ball:
    sign = -1 if _sign(u) < 0 and not (v / 2).is_integer() else 1
    return (abs(u).log() * v).exp() * sign


def _root(u: Ball) -> Ball:
    if _sign(u) < 0:
        raise NoValueError
    return u.sqrt()


def _logarithm(u: Ball) -> Ball:
    if _sign(u) <= 0:
        raise NoValueError
    return u.log()


def _logarithm_of_one_and(u: Ball) -> Ball:
    if _sign(u + 1) <= 0:
        raise NoValueError
    return u.log1p()


def _logistic(u: Ball) -> Ball:
    return 1 / (1 + (-u).exp())


def _softplus(u: Ball) -> Ball:
    return u.exp().log1p() if u < 0 else u + (-u).exp().log1p()


_OPERATORS: dict[type[ast.operator], Callable[[Ball, Ball], Ball]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
    ast.Mod: _remainder,
}

_COMPARISONS: dict[type[ast.cmpop], Callable[[int], bool]] = {
    ast.Lt: lambda sign: sign < 0,
    ast.LtE: lambda sign: sign <= 0,
    ast.Gt: lambda sign: sign > 0,
    ast.GtE: lambda sign: sign >= 0,
    ast.Eq: lambda sign: sign == 0,
    ast.NotEq: lambda sign: sign != 0,
}

_FUNCTIONS: dict[str, At] = {
    "abs": abs,
    "sign": lambda u: arb(_sign(u)),
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
