"""A formula's text as Taylor coefficients over balls: by Python's parser and Arb's power series."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection
from typing import Any

from flint import arb, arb_series, ctx

from tests.referee.functions import ONE, ORDER, Choices, Functions, UndecidedError

_LEAST_BITS, _MOST_BITS = 128, 1 << 17
_GOOD = 64
"""Bits that a number at a point has to have."""


class Formula:
    """A function of x, by its text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = ast.parse(text.strip(), mode="eval").body
        self._squares = {node for node in ast.walk(self._tree) if _has_twins(node)}
        self.choices = Choices()
        """Those on the way to the last result."""

    def on(self, low: Any, high: Any, bits: int = _LEAST_BITS) -> list[Any]:
        """The derivatives of order 0 to 3 on a closed box; `UndecidedError`, `OutsideError`."""
        with ctx.workprec(bits):
            x = arb(low).union(arb(high))
            return self._derivatives(x)

    def at(
        self, x: Any, order: int = 0, less: Any = 0, good: int = _GOOD, most: int = _MOST_BITS
    ) -> Any:
        """A derivative at a point less a number, its sign known and a double's digits and more."""
        bits = _LEAST_BITS
        while True:
            with ctx.workprec(bits):
                try:
                    found = self._derivatives(arb(x))[order] - less
                except UndecidedError:
                    if bits >= most or self.choices.tied:
                        raise
                    found = arb.nan()
            if found.is_zero() or (found.is_finite() and found.rel_accuracy_bits() > good):
                return found
            if bits >= most:
                raise UndecidedError
            bits *= 4

    def _derivatives(self, x: Any) -> list[Any]:
        ctx.cap = ORDER
        walk = _Walk(arb_series([x, 1]), self._squares)
        self.choices = walk.choices
        found = walk.visit(self._tree)
        found = [found[k] * _FACTORIAL[k] for k in range(ORDER)]
        if not found[0].is_finite() or not found[1].is_finite():
            raise UndecidedError
        return found


def _has_twins(node: ast.AST) -> bool:
    """Whether it is u*u, or compares u with u."""
    match node:
        case ast.BinOp(left, ast.Mult(), right) | ast.Compare(left, _, [right]):
            return ast.dump(left) == ast.dump(right)
    return False


_FACTORIAL = (1, 1, 2, 6)


class _Walk(ast.NodeVisitor, Functions):
    def __init__(self, x: Any, squares: Collection[ast.AST]) -> None:
        super().__init__()
        self.x, self.squares = x, squares

    # -- leaves

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id == "x":
            return self.x
        return arb_series([{"pi": arb.pi(), "e": arb.const_e()}[node.id]])

    def visit_Constant(self, node: ast.Constant) -> Any:
        number = node.value
        assert isinstance(number, int | float)
        return arb_series([arb(number if isinstance(number, int) else float(number))])

    # -- operators

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        inner = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return not inner
        return -inner if isinstance(node.op, ast.USub) else inner

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        u = self.visit(node.left)
        if isinstance(node.op, ast.Pow):
            return self._power(u, node.right)
        v = self.visit(node.right)
        match node.op:
            case ast.Add():
                return u + v
            case ast.Sub():
                return u - v
            case ast.Mult():
                return self._square(u) if node in self.squares else u * v
            case ast.Div():
                return self._quotient(u, v)
            case ast.Mod():
                return u - v * self._floor(self._quotient(u, v))
        raise NotImplementedError(node.op)

    def _square(self, u: Any) -> Any:
        product = u * u
        parts = [product[k] for k in range(ORDER)]
        parts[0] = u[0] ** 2
        return arb_series(parts)

    def _power(self, u: Any, exponent: ast.expr) -> Any:
        v = self.visit(exponent)
        constant = all(v[k].is_zero() for k in range(1, ORDER))
        p = v[0]
        if constant and p.is_exact() and p.is_integer() and abs(p) <= 1000:
            n = int(float(p))
            if n == 0:
                return ONE
            result = self._whole_power(u, abs(n))
            return result if n > 0 else self._quotient(ONE, result)
        if all(u[k].is_zero() for k in range(ORDER)) and constant and p > 0:
            return arb_series([0])
        return (v * self.f_log(u)).exp()

    def _whole_power(self, u: Any, n: int) -> Any:
        parts = [u[k] for k in range(ORDER)]
        # by the chain rule, so that even powers of balls about 0 are not negative
        p = [u[0] ** n, n * u[0] ** (n - 1)]
        p.append(n * (n - 1) * u[0] ** (n - 2) / 2 if n >= 2 else arb(0))
        p.append(n * (n - 1) * (n - 2) * u[0] ** (n - 3) / 6 if n >= 3 else arb(0))
        d1 = arb_series([0, *parts[1:]])
        return arb_series([p[0]]) + d1 * p[1] + d1 * d1 * p[2] + d1 * d1 * d1 * p[3]

    # -- choices

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        return self.visit(node.body if self.visit(node.test) else node.orelse)

    def visit_BoolOp(self, node: ast.BoolOp) -> bool:
        values = [self.visit(value) for value in node.values]
        return all(values) if isinstance(node.op, ast.And) else any(values)

    def visit_Compare(self, node: ast.Compare) -> bool:
        sides = [self.visit(part) for part in (node.left, *node.comparators)]
        results = []
        for op, u, v in zip(node.ops, sides, sides[1:], strict=False):
            s = 0 if node in self.squares else self._sign(u - v)
            results.append(_HOLDS[type(op)](s))
        return all(results)

    # -- functions

    def visit_Call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if name == "where":
            chosen = node.args[1] if self.visit(node.args[0]) else node.args[2]
            return self.visit(chosen)
        arguments = [self.visit(argument) for argument in node.args]
        return getattr(self, f"f_{name}")(*arguments)


_HOLDS: dict[type, Callable[[int], bool]] = {
    ast.Lt: lambda s: s < 0,
    ast.LtE: lambda s: s <= 0,
    ast.Gt: lambda s: s > 0,
    ast.GtE: lambda s: s >= 0,
    ast.Eq: lambda s: s == 0,
    ast.NotEq: lambda s: s != 0,
}
