"""What a formula is at a number, by a few lines over Python's own syntax tree and Arb's balls.

Shares with the program the language and the formulas of the catalogue, no code. The balls are
rigorous, so that a ball and an enclosure that have no number in common refute the enclosure.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from flint import arb, ctx

from actcli.activations import registry
from actcli.activations.registry import Parameter
from tests.soundness.operations import (
    COMPARISONS,
    FUNCTIONS,
    OPERATORS,
    At,
    Ball,
    NoValueError,
    UnclearError,
    power_of,
    sign_of,
)

PRECISIONS = (128, 512, 2200, 7000)
_FINE = 6000


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
            rule, u, v = OPERATORS[type(op)], _number(left, names), _number(right, names)
            return lambda x: rule(u(x), v(x))
        case ast.Compare(left=first, ops=ops, comparators=others):
            sides = [_number(side, names) for side in (first, *others)]
            rules = [COMPARISONS[type(op)] for op in ops]
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
    if name in FUNCTIONS and not keywords:
        rule = FUNCTIONS[name]
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
    return lambda x: rule(sign_of(u(x) - v(x)))


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
        return power_of(base, exponent)

    return power
