"""The primitives of the formula language: one table of their values and partial derivatives.

Every entry is written over an arithmetic `k` that supplies the elementary functions of one kind of
number (`arrays`, `estimated_functions`, `balls`); the operators come from the numbers themselves.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, Self, TypeVar


class Number(Protocol):
    """A number, or numbers: a double may stand in the place of either operand."""

    def __neg__(self) -> Self: ...
    def __add__(self, other: Self | float, /) -> Self: ...
    def __radd__(self, other: float, /) -> Self: ...
    def __sub__(self, other: Self | float, /) -> Self: ...
    def __rsub__(self, other: float, /) -> Self: ...
    def __mul__(self, other: Self | float, /) -> Self: ...
    def __rmul__(self, other: float, /) -> Self: ...
    def __truediv__(self, other: Self | float, /) -> Self: ...
    def __rtruediv__(self, other: float, /) -> Self: ...


N = TypeVar("N", bound=Number)
"""One kind of number."""

CONSTANTS = {"pi": math.pi, "e": math.e}
"""The doubles nearest to the constants of the language."""


class Arithmetic(Protocol[N]):
    """The elementary functions of one kind of number; its operators are those of Python."""

    def number(self, value: float, /) -> N:
        """The number that a literal stands for."""

    def constant(self, name: str, /) -> N:
        """`pi` or `e`."""

    def absolute(self, u: N, /) -> N:
        """The absolute value."""

    def sign(self, u: N, /) -> N:
        """-1, 0 or 1."""

    def floor(self, u: N, /) -> N:
        """The largest whole number that is not above u."""

    def sqrt(self, u: N, /) -> N:
        """The square root."""

    def exp(self, u: N, /) -> N:
        """The exponential."""

    def expm1(self, u: N, /) -> N:
        """exp(u) - 1."""

    def log(self, u: N, /) -> N:
        """The natural logarithm."""

    def log1p(self, u: N, /) -> N:
        """log(1 + u)."""

    def sin(self, u: N, /) -> N:
        """The sine."""

    def cos(self, u: N, /) -> N:
        """The cosine."""

    def tan(self, u: N, /) -> N:
        """The tangent."""

    def sinh(self, u: N, /) -> N:
        """The hyperbolic sine."""

    def cosh(self, u: N, /) -> N:
        """The hyperbolic cosine."""

    def tanh(self, u: N, /) -> N:
        """The hyperbolic tangent."""

    def atan(self, u: N, /) -> N:
        """The inverse tangent."""

    def asinh(self, u: N, /) -> N:
        """The inverse hyperbolic sine."""

    def erf(self, u: N, /) -> N:
        """The error function."""

    def erfc(self, u: N, /) -> N:
        """1 - erf(u)."""

    def norm_cdf(self, u: N, /) -> N:
        """The distribution function of N(0, 1)."""

    def norm_pdf(self, u: N, /) -> N:
        """The density of N(0, 1)."""

    def sigmoid(self, u: N, /) -> N:
        """1/(1 + exp(-u))."""

    def softplus(self, u: N, /) -> N:
        """log(1 + exp(u))."""

    def tanh_derivative(self, u: N, /) -> N:
        """The slope of tanh."""

    def erf_derivative(self, u: N, /) -> N:
        """The slope of erf."""

    def sigmoid_derivative(self, u: N, /) -> N:
        """The slope of sigmoid."""

    def maximum(self, u: N, v: N, /) -> N:
        """The larger of two."""

    def minimum(self, u: N, v: N, /) -> N:
        """The smaller of two."""

    def modulo(self, u: N, v: N, /) -> N:
        """The remainder u - v floor(u/v)."""

    def power(self, u: N, v: N, /) -> N:
        """The power u**v."""

    def where(self, condition: Any, yes: N | float, no: N | float, /) -> N:
        """One or the other."""

    def negation(self, condition: Any, /) -> Any:
        """True where a condition is false."""


Rule = Callable[..., Any]
"""Over every kind of number, its first argument the `Arithmetic` of it."""


class Primitive(NamedTuple):
    """An operation: `value(k, *arguments)` and, per argument, `partial(k, result, *arguments)`.

    `where`, `max` and `min` choose between arguments and have no partials: `duals` knows them.
    Comparisons have none either: a truth value has no derivative.
    """

    value: Rule
    partials: tuple[Rule, ...] = ()


def _function(name: str, slope: Callable[[Arithmetic[Any], Any, Any], Any]) -> Primitive:
    return Primitive(lambda k, u: getattr(k, name)(u), (slope,))


def _plain(value: Callable[..., Any], *partials: Rule) -> Primitive:
    return Primitive(lambda k, *arguments: value(*arguments), partials)


FUNCTIONS: dict[str, Primitive] = {
    "abs": _function("absolute", lambda k, y, u: k.sign(u)),
    "sign": _function("sign", lambda k, y, u: 0.0),
    "floor": _function("floor", lambda k, y, u: 0.0),
    "sqrt": _function("sqrt", lambda k, y, u: 0.5 / y),
    "exp": _function("exp", lambda k, y, u: y),
    "expm1": _function("expm1", lambda k, y, u: k.exp(u)),
    "log": _function("log", lambda k, y, u: k.where(u < 0, y, 1.0 / u)),
    "log1p": _function("log1p", lambda k, y, u: k.where(u < -1, y, 1.0 / (1.0 + u))),
    "sin": _function("sin", lambda k, y, u: k.cos(u)),
    "cos": _function("cos", lambda k, y, u: -k.sin(u)),
    "tan": _function("tan", lambda k, y, u: 1.0 + y * y),
    "sinh": _function("sinh", lambda k, y, u: k.cosh(u)),
    "cosh": _function("cosh", lambda k, y, u: k.sinh(u)),
    "tanh": _function("tanh", lambda k, y, u: k.tanh_derivative(u)),
    "atan": _function("atan", lambda k, y, u: 1.0 / (1.0 + u * u)),
    "asinh": _function("asinh", lambda k, y, u: 1.0 / k.sqrt(1.0 + u * u)),
    "erf": _function("erf", lambda k, y, u: k.erf_derivative(u)),
    "erfc": _function("erfc", lambda k, y, u: -k.erf_derivative(u)),
    "norm_cdf": _function("norm_cdf", lambda k, y, u: k.norm_pdf(u)),
    "sigmoid": _function("sigmoid", lambda k, y, u: k.sigmoid_derivative(u)),
    "softplus": _function("softplus", lambda k, y, u: k.sigmoid(u)),
}
"""Functions of one argument, by the name that formulas use."""

CHOICES: dict[str, Primitive] = {
    "max": Primitive(lambda k, u, v: k.maximum(u, v)),
    "min": Primitive(lambda k, u, v: k.minimum(u, v)),
    "where": Primitive(lambda k, condition, u, v: k.where(condition, u, v)),
}

OPERATORS: dict[str, Primitive] = {
    "+": _plain(operator.add, lambda k, y, u, v: 1.0, lambda k, y, u, v: 1.0),
    "-": _plain(operator.sub, lambda k, y, u, v: 1.0, lambda k, y, u, v: -1.0),
    "*": _plain(operator.mul, lambda k, y, u, v: v, lambda k, y, u, v: u),
    "/": _plain(operator.truediv, lambda k, y, u, v: 1.0 / v, lambda k, y, u, v: -y / v),
    "%": Primitive(
        lambda k, u, v: k.modulo(u, v),
        (lambda k, y, u, v: 1.0, lambda k, y, u, v: -k.floor(u / v)),
    ),
    "**": Primitive(
        lambda k, u, v: k.power(u, v),
        (
            lambda k, y, u, v: k.where(v == 0.0, 0.0, v * k.power(u, v - 1.0)),
            lambda k, y, u, v: k.where(y == 0.0, 0.0, y * k.log(u)),
        ),
    ),
    "negate": _plain(operator.neg, lambda k, y, u: -1.0),
}

CONDITIONS: dict[str, Primitive] = {
    "<": _plain(operator.lt),
    "<=": _plain(operator.le),
    ">": _plain(operator.gt),
    ">=": _plain(operator.ge),
    "==": _plain(operator.eq),
    "!=": _plain(operator.ne),
    "and": _plain(operator.and_),
    "or": _plain(operator.or_),
    "not": Primitive(lambda k, c: k.negation(c)),
}
"""Operations whose result is a truth value."""

COMPARISONS = {
    "<": (-1,),
    "<=": (-1, 0),
    ">": (1,),
    ">=": (1, 0),
    "==": (0,),
    "!=": (-1, 1),
}
"""The signs of u - v for which a comparison of u with v holds."""

PRIMITIVES: dict[str, Primitive] = {**FUNCTIONS, **CHOICES, **OPERATORS, **CONDITIONS}
