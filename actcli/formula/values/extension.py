"""The branch of a formula around a point of the line, continued into the complex plane.

A number is a pair: balls at real points, which decide between branches as they do on the line, and
complex balls around those points, which follow the branch that was taken. Where a complex ball
comes out finite, that branch is holomorphic on it; it is NaN where it meets a pole or a branch cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import methodcaller
from typing import Any, TypeAlias

from flint import acb, arb

from actcli.formula.algebras import Values
from actcli.formula.by_formula import ByFormula
from actcli.formula.primitives import COMPARISONS, Arithmetic
from actcli.formula.values import balls
from actcli.formula.values.balls import Ball, Balls, chosen, each
from actcli.formula.values.duals import Duals
from actcli.formula.values.truths import Mask, Truths, negation

Around: TypeAlias = "acb | Balls"

_NAN = acb("nan")


class Continued:
    """Real balls, an array or one, and complex balls around them, of a shape that fits."""

    __slots__ = ("around", "point")

    def __init__(self, point: Ball, around: Around) -> None:
        self.point, self.around = point, around

    def __neg__(self) -> Continued:
        return Continued(-self.point, -self.around)

    def __add__(self, other: Continued | float) -> Continued:
        other = continued(other)
        return Continued(self.point + other.point, self.around + other.around)

    def __sub__(self, other: Continued | float) -> Continued:
        other = continued(other)
        return Continued(self.point - other.point, self.around - other.around)

    def __mul__(self, other: Continued | float) -> Continued:
        other = continued(other)
        return Continued(self.point * other.point, self.around * other.around)

    def __truediv__(self, other: Continued | float) -> Continued:
        other = continued(other)
        return Continued(self.point / other.point, self.around / other.around)

    def __radd__(self, other: float) -> Continued:
        return continued(other) + self

    def __rsub__(self, other: float) -> Continued:
        return continued(other) - self

    def __rmul__(self, other: float) -> Continued:
        return continued(other) * self

    def __rtruediv__(self, other: float) -> Continued:
        return continued(other) / self

    def __lt__(self, other: float) -> Any:
        return self.point < other

    def __eq__(self, other: object) -> Any:
        return self.point == other

    __hash__ = None  # type: ignore[assignment]


def continued(number: Continued | arb | float) -> Continued:
    """A number, continued as itself."""
    return number if isinstance(number, Continued) else Continued(arb(number), acb(number))


def _sigmoid(z: acb) -> acb:
    if z.real >= 0:
        return 1 / (1 + (-z).exp())
    e = z.exp()
    return e / (1 + e)


def _softplus(z: acb) -> acb:
    if z.real > 1:
        return z + _log1p((-z).exp())
    return _log1p(z.exp())


def _log1p(z: acb) -> acb:
    return z.log1p() if abs(z) < 1 else (1 + z).log(analytic=True)


def _tanh_derivative(z: acb) -> acb:
    e = (-2 * z if z.real >= 0 else 2 * z).exp()
    return 4 * e / (1 + e) ** 2


def _away_from_cuts(function: Callable[[acb], acb]) -> Callable[[acb], acb]:
    """A function with cuts from i and -i on outwards, NaN on what may meet them."""

    def over(z: acb) -> acb:
        return function(z) if z.real > 0 or z.real < 0 or abs(z.imag) < 1 else _NAN

    return over


def _asinh(z: acb) -> acb:
    if z.real < 0:
        return -_asinh(-z)
    if not z.real > 0:
        return z.asinh()
    root = (z + acb(0, 1)).sqrt(analytic=True) * (z - acb(0, 1)).sqrt(analytic=True)
    return (z + root).log(analytic=True)


def _power(z: acb, exponent: acb) -> acb:
    whole = exponent.real.unique_fmpz() if exponent.is_exact() and exponent.imag == 0 else None
    if whole is not None and exponent.real.is_integer():
        return z ** int(whole)
    if z.is_zero() and exponent.real > 0:
        return z
    return (exponent * z.log(analytic=True)).exp()


_FUNCTIONS: dict[str, Callable[[acb], acb]] = {
    "sqrt": lambda z: z.sqrt(analytic=True),
    "exp": methodcaller("exp"),
    "expm1": methodcaller("expm1"),
    "log": lambda z: z.log(analytic=True),
    "log1p": _log1p,
    "sin": methodcaller("sin"),
    "cos": methodcaller("cos"),
    "tan": methodcaller("tan"),
    "sinh": methodcaller("sinh"),
    "cosh": methodcaller("cosh"),
    "tanh": methodcaller("tanh"),
    "atan": _away_from_cuts(methodcaller("atan")),
    "asinh": _away_from_cuts(_asinh),
    "erf": methodcaller("erf"),
    "erfc": methodcaller("erfc"),
    "norm_cdf": lambda z: (z * (-1 / arb(2).sqrt())).erfc() / 2,
    "norm_pdf": lambda z: (-z * z / 2).exp() / (2 * arb.pi()).sqrt(),
    "erf_derivative": lambda z: 2 * (-z * z).exp() / arb.const_sqrt_pi(),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "sigmoid_derivative": lambda z: _tanh_derivative(z / 2) / 4,
    "tanh_derivative": _tanh_derivative,
}


def _both(name: str) -> Any:
    over_points: Any = getattr(balls.BallArithmetic, name)
    around = each(_FUNCTIONS[name])
    return staticmethod(lambda u: Continued(over_points(u.point), around(u.around)))


class ContinuedArithmetic(Arithmetic[Continued]):
    """The arithmetic of continued numbers."""

    exp, expm1, sin, cos, tan = map(_both, ("exp", "expm1", "sin", "cos", "tan"))
    sinh, cosh, tanh, atan, asinh = map(_both, ("sinh", "cosh", "tanh", "atan", "asinh"))
    erf, erfc, norm_cdf, norm_pdf = map(_both, ("erf", "erfc", "norm_cdf", "norm_pdf"))
    sigmoid, softplus = map(_both, ("sigmoid", "softplus"))
    erf_derivative, tanh_derivative, sigmoid_derivative = map(
        _both, ("erf_derivative", "tanh_derivative", "sigmoid_derivative")
    )
    number = staticmethod(continued)
    negation = staticmethod(negation)

    def __init__(self) -> None:
        self.points = balls.BallArithmetic()

    def constant(self, name: str) -> Continued:
        return continued(self.points.constant(name))

    def sqrt(self, u: Continued) -> Continued:
        return self._cut("sqrt", u)

    def log(self, u: Continued) -> Continued:
        return self._cut("log", u)

    def log1p(self, u: Continued) -> Continued:
        return self._cut("log1p", u)

    def _cut(self, name: str, u: Continued) -> Continued:
        return Continued(getattr(self.points, name)(u.point), each(_FUNCTIONS[name])(u.around))

    def power(self, u: Continued, v: Continued | float) -> Continued:
        v = continued(v)
        return Continued(self.points.power(u.point, v.point), each(_power, 2)(u.around, v.around))

    def compared(self, operation: str, u: Continued, v: Continued | float) -> Truths:
        """A comparison, as it is at the points."""
        return self.points.compared(operation, continued(u).point, continued(v).point)

    def where(
        self, condition: Truths | Mask, yes: Continued | float, no: Continued | float
    ) -> Continued:
        """One or the other, as at the points; NaN where that is not decided."""
        yes, no = continued(yes), continued(no)
        around = chosen(condition, yes.around, no.around, _NAN)
        return Continued(self.points.where(condition, yes.point, no.point), around)

    def maximum(self, u: Continued, v: Continued) -> Continued:
        return self.where(self.compared(">=", u, v), u, v)

    def minimum(self, u: Continued, v: Continued) -> Continued:
        return self.where(self.compared("<=", u, v), u, v)

    def absolute(self, u: Continued) -> Continued:
        return self.where(self.compared(">=", u, 0.0), u, -u)

    def sign(self, u: Continued) -> Continued:
        return _constant(self.points.sign(u.point))

    def floor(self, u: Continued) -> Continued:
        return _constant(self.points.floor(u.point))

    def modulo(self, u: Continued, v: Continued) -> Continued:
        return u - v * self.floor(u / v)


def _constant(points: Ball) -> Continued:
    """A function that is constant around each point."""
    return Continued(points, each(acb)(points))


class _Values(ByFormula, Values[Continued]):
    arithmetic: ContinuedArithmetic

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        if operation in COMPARISONS:
            return self.arithmetic.compared(operation, *arguments)
        return super().call(operation, arguments)


class ContinuedDuals(ByFormula, Duals[Continued]):
    """The algebra of a formula and its derivative, continued."""

    def __init__(self) -> None:
        arithmetic = ContinuedArithmetic()
        super().__init__(arithmetic, _Values(arithmetic))
