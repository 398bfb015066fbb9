"""The arithmetic of formulas, by the names that `primitives` uses."""

from __future__ import annotations

from collections.abc import Callable

from actcli.formula.symbolic.term import ONE, ZERO, Term, rational, term

_TWO = rational(2)

number = term


_AT_ZERO = {
    **dict.fromkeys(("expm1", "log1p", "sin", "tan", "atan", "sinh", "tanh", "asinh"), ZERO),
    **dict.fromkeys(("erf", "abs", "sign", "floor"), ZERO),
    **dict.fromkeys(("exp", "cos", "cosh", "erfc"), ONE),
    **dict.fromkeys(("norm_cdf", "sigmoid"), ONE / 2),
}
"""What functions are at 0, where that is a plain number."""


def _function(name: str) -> Callable[..., Term]:
    def applied(*arguments: Term | float) -> Term:
        parts = [*map(number, arguments)]
        return _AT_ZERO[name] if parts == [ZERO] and name in _AT_ZERO else Term(name, *parts)

    return applied


def constant(name: str) -> Term:
    """`pi` or `e`."""
    return Term("constant", name)


exp, expm1, log, log1p = map(_function, ("exp", "expm1", "log", "log1p"))
sin, cos, tan, atan = map(_function, ("sin", "cos", "tan", "atan"))
sinh, cosh, tanh, asinh = map(_function, ("sinh", "cosh", "tanh", "asinh"))
erf, erfc, norm_cdf, sigmoid = map(_function, ("erf", "erfc", "norm_cdf", "sigmoid"))
softplus, absolute, sign, floor = map(_function, ("softplus", "abs", "sign", "floor"))
maximum, minimum, modulo = map(_function, ("max", "min", "%"))
negation = _function("not")


def sqrt(u: Term) -> Term:
    """The square root."""
    return number(u) ** 0.5


def power(u: Term, v: Term | float) -> Term:
    """The power u**v; one that is plain is calculated with."""
    base, exponent = number(u), number(v)
    known = exponent.rational
    return Term("**", base, exponent) if known is None else base**known


def where(condition: Term | bool, yes: Term | float, no: Term | float) -> Term:
    """One of two formulas."""
    if isinstance(condition, bool):
        return number(yes if condition else no)
    return Term("where", condition, number(yes), number(no))


def tanh_derivative(u: Term) -> Term:
    """The slope of tanh."""
    return 1 - tanh(u) ** 2


def sigmoid_derivative(u: Term) -> Term:
    """The slope of sigmoid."""
    return sigmoid(u) * (1 - sigmoid(u))


def erf_derivative(u: Term) -> Term:
    """The slope of erf."""
    return 2 * exp(-(u**2)) / sqrt(constant("pi"))


def norm_pdf(u: Term) -> Term:
    """The density of N(0, 1)."""
    return exp(-(u**2) / 2) / sqrt(_TWO * constant("pi"))
