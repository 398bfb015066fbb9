"""The arithmetic of real balls (Arb) over object arrays.

A number is an `arb`, or an object array of them, so that a step of a program costs its Python once
for all points. What a ball leaves open (a choice, a whole part) becomes NaN, which asks for more
precision; at the last one it counts as a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
from flint import arb
from numpy.typing import NDArray

from actcli.formula.algebras import Values
from actcli.formula.by_formula import ByFormula
from actcli.formula.primitives import COMPARISONS, Arithmetic
from actcli.formula.values.ties import TiedDuals
from actcli.formula.values.truths import Mask, Truths, negation

R = TypeVar("R")
Balls = NDArray[np.object_]
Ball: TypeAlias = "arb | Balls"
Signs = NDArray[np.float64]

_NAN = arb.nan()


def each(function: Callable[..., R], arguments: int = 1) -> Callable[..., R | Balls]:
    """The function, applied to every number of its arrays."""
    elementwise: Callable[..., R | Balls] = np.frompyfunc(function, arguments, 1)
    return elementwise


def chosen(condition: Truths | Mask, yes: object, no: object, undecided: object) -> Balls:
    """One or the other, or what it is where a `Truths` is open; a plain mask is never open."""
    if not isinstance(condition, Truths):
        mask = np.asarray(condition, np.bool_)
        condition = Truths(mask, ~mask)
    yes, no, undecided = (np.asarray(part, np.object_) for part in (yes, no, undecided))
    return np.where(condition.yes, yes, np.where(condition.no, no, undecided))


def _norm_cdf(u: arb) -> arb:
    return (-u / arb(2).sqrt()).erfc() / 2


def _norm_pdf(u: arb) -> arb:
    return (-u * u / 2).exp() / (2 * arb.pi()).sqrt()


def _sigmoid(u: arb) -> arb:
    if u > 0:
        return 1 / (1 + (-u).exp())
    e = u.exp()
    return e / (1 + e)


def _sigmoid_derivative(u: arb) -> arb:
    return _tanh_derivative(u / 2) / 4


def _softplus(u: arb) -> arb:
    return u.exp().log1p() if u < 0 else u + (-u).exp().log1p()


def _tanh_derivative(u: arb) -> arb:
    if abs(u) < 64:
        return u.sech() ** 2
    e = (-2 * abs(u)).exp()  # far out arb's hyperbolic secant is undefined
    return 4 * e / (1 + e) ** 2


def _erf_derivative(u: arb) -> arb:
    return 2 * (-u * u).exp() / arb.const_sqrt_pi()


class BallArithmetic(Arithmetic[Ball]):
    """The arithmetic of balls at one precision.

    `open` tells afterwards whether a choice was left open, so that more digits may yet define what
    came out undefined.
    """

    sin, cos, tan, atan, asinh = map(each, (arb.sin, arb.cos, arb.tan, arb.atan, arb.asinh))
    exp, expm1, sinh, cosh, tanh = map(each, (arb.exp, arb.expm1, arb.sinh, arb.cosh, arb.tanh))
    erf, erfc, absolute = each(arb.erf), each(arb.erfc), each(abs)
    erf_derivative, tanh_derivative = each(_erf_derivative), each(_tanh_derivative)
    norm_cdf, norm_pdf, softplus = each(_norm_cdf), each(_norm_pdf), each(_softplus)
    sigmoid, sigmoid_derivative = each(_sigmoid), each(_sigmoid_derivative)
    maximum, minimum = each(arb.max, 2), each(arb.min, 2)
    number = arb
    negation = staticmethod(negation)

    def __init__(self, last: bool = False) -> None:
        self.last = last
        self.open = False

    def constant(self, name: str) -> arb:
        return {"pi": arb.pi, "e": arb.const_e}[name]()

    def sqrt(self, u: Ball) -> Ball:
        return each(arb.sqrt)(self.decided(u))

    def log(self, u: Ball) -> Ball:
        return each(arb.log)(self.decided(u))

    def log1p(self, u: Ball) -> Ball:
        return each(arb.log1p)(self.decided(u, -1.0))

    def power(self, u: Ball, v: Ball) -> Ball:
        """The power u**v; a base below 0 has whole powers only."""
        return each(_power, 2)(self.decided(u), v)

    def decided(self, u: Ball, edge: float = 0.0) -> Ball:
        """The number; it is noted where more digits are needed to tell it from an edge."""
        self.signs(u, edge)
        return u

    def signs(self, u: Ball, v: Ball | float) -> Signs:
        """The signs of u - v; NaN where they are not decided."""
        return np.asarray(each(self._sign, 2)(u, v), np.float64)

    def _sign(self, u: arb, v: arb) -> float:
        if u < v:
            return -1.0
        if u > v:
            return 1.0
        gap = u - v
        if gap.is_zero() or (self.last and gap.is_finite()):
            return 0.0
        self.open = True
        return np.nan

    def sign(self, u: Ball) -> Ball:
        return each(lambda one: arb(self._sign(one, arb(0))))(u)

    def floor(self, u: Ball) -> Ball:
        return each(self._floor)(u)

    def _floor(self, u: arb) -> arb:
        whole = u.floor()
        if whole.is_exact() or not u.is_finite():
            return whole
        if self.last:
            return u.upper().floor()
        self.open = True
        return _NAN

    def modulo(self, u: Ball, v: Ball) -> Ball:
        return u - v * self.floor(u / self.decided(v))

    def where(self, condition: Truths | Mask, yes: Ball | float, no: Ball | float) -> Ball:
        """One or the other; NaN where a `Truths` is open. A plain mask may be false where open."""
        yes, no = (arb(part) if isinstance(part, float) else part for part in (yes, no))
        return chosen(condition, yes, no, _NAN)

    def compared(self, operation: str, u: Ball, v: Ball | float) -> Truths:
        """A comparison."""
        signs = self.signs(u, v)
        yes = np.isin(signs, COMPARISONS[operation])
        return Truths(yes, ~yes & ~np.isnan(signs))


def _nothing(u: arb) -> arb:
    """A number less itself."""
    return arb(0) if u.is_finite() else _NAN


def _power(u: arb, v: arb) -> arb:
    whole = v.unique_fmpz() if v.is_exact() and v.is_integer() else None
    if whole is not None and abs(whole) < 2**31:
        if whole > 0 and u.contains(0) and u.mid().is_zero():  # of which FLINT says nothing
            return arb(0, 1) * u.abs_upper() ** int(whole)
        return u ** int(whole)
    if whole is not None and u < 0:
        size = (v * (-u).log()).exp()
        return size if int(whole) % 2 == 0 else -size
    if u.is_zero():
        return u if v > 0 else _NAN
    return (v * u.log()).exp()


class BallValues(ByFormula, Values[Ball]):
    """The algebra of balls."""

    arithmetic: BallArithmetic

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive, the comparisons by the signs of differences."""
        if operation in COMPARISONS:
            return self.arithmetic.compared(operation, *arguments)
        if operation == "/":
            self.arithmetic.decided(arguments[1])
        if operation == "-" and arguments[0] is arguments[1]:
            return each(_nothing)(arguments[0])
        return super().call(operation, arguments)


class BallDuals(ByFormula, TiedDuals[Ball]):
    """The algebra of dual balls."""
