"""The algebra of jets: the walk of a formula that proves what f, f' and f'' do on a box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

from flint import arb

from actcli.formula.by_formula import ByFormula
from actcli.formula.jets.exact_number import pi
from actcli.formula.jets.intervals import ONE, ZERO
from actcli.formula.jets.jet_arithmetic import JetArithmetic
from actcli.formula.jets.jets import (
    INFINITE,
    JUMP,
    NO_VALUE,
    SWITCH,
    Jet,
    OutOfTimeError,
    Truth,
    UndecidedError,
    chain,
    nothing,
)
from actcli.formula.primitives import COMPARISONS, CONDITIONS

_METHODS = {
    "+": "plus", "-": "minus", "*": "times", "/": "divided", "%": "modulo", "**": "power",
    "and": "both", "or": "either", "not": "opposite",
    "max": "maximum", "min": "minimum", "abs": "absolute",
}  # fmt: skip
"""The methods that are not called as their operations are."""

_LAZY = ("where", "and", "or")
"""Operations that may do without an argument that has no value."""


def _known(name: str, slope: str, curvature: str) -> Callable[[JetAlgebra, Jet], Jet]:
    """A function whose derivatives the ring knows by name."""

    def rule(algebra: JetAlgebra, u: Jet) -> Jet:
        apply = algebra.ring.apply
        return chain(
            u,
            apply(name, u.value),
            lambda: apply(slope, u.value),
            lambda: apply(curvature, u.value),
        )

    return rule


class JetAlgebra(ByFormula, JetArithmetic):
    """What `Program.walk` needs, over a ring of intervals or of germs."""

    def number(self, value: float) -> Jet:
        """The number that a literal stands for: exactly that double."""
        return Jet(self.ring.const(arb(value)))

    def constant(self, name: str) -> Jet:
        """`pi` or `e`, the numbers themselves."""
        return Jet(self.ring.const(pi() if name == "pi" else ONE.exp()))

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive applied to jets and truth values."""
        self.calls += 1
        marks = 0
        if operation not in _LAZY:
            for argument in arguments:
                marks |= argument.marks
        try:
            if marks & NO_VALUE:
                raise UndecidedError(0)
            if self.ring.is_germ and process_time() > self.deadline:
                raise OutOfTimeError
            if marks & INFINITE and _is_indefinite(operation, arguments):
                raise UndecidedError
            if operation in COMPARISONS:
                result = self.compared(operation, *arguments)
            else:
                result = getattr(self, _METHODS.get(operation, operation))(*arguments)
        except UndecidedError as problem:
            marks |= problem.marks
            return Truth(None, marks) if operation in CONDITIONS else nothing(marks)
        if operation in ("max", "min") and self._has_chosen():
            # those of the chosen argument are the result's; beside a tie the other may be chosen
            marks &= ~(SWITCH | JUMP)
        result.marks |= marks
        return result

    def _has_chosen(self) -> bool:
        """Whether one argument of a choice is the result throughout, whatever the other does."""
        return bool(self.choices.get(self.calls)) and self.calls not in self.pinned

    def power(self, u: Jet, w: Jet) -> Jet:
        """The power u**w: by a constant exponent, else exp(w log(u))."""
        if w.slope is None:
            return self.power_by_constant(u, w)
        is_positive = w.value.sign() > 0
        if not u.value.is_zero():
            try:
                u = self.from_least(u, ZERO, pole=not is_positive)
            except UndecidedError:
                if any(q is not None and q.sign() for q in (w.slope, w.curvature)):
                    raise
                raise UndecidedError from None  # a whole number, perhaps, all along
        if u.value.is_zero() and (self.ring.is_germ or u.slope is None or not self.side):
            return self.power_of_zero(u, w)
        if u.value.is_zero() and not self._beside(u):  # it may be 0 throughout
            raise UndecidedError
        logarithm = self.log(u)
        result = self.exp(self.times(w, logarithm))
        result.marks |= u.marks if is_positive else logarithm.marks
        return result

    # -- elementary functions

    def sqrt(self, u: Jet) -> Jet:
        """The square root: slope 1/(2 y), curvature -1/(4 y**3)."""
        u = self.from_least(u, ZERO)
        y = self.ring.apply("sqrt", u.value)
        return chain(u, y, lambda: (y + y).inverse(), lambda: -(((y + y).square() * y).inverse()))

    def exp(self, u: Jet) -> Jet:
        """The exponential."""
        y = self.ring.apply("exp", u.value)
        return chain(u, y, lambda: y, lambda: y)

    def expm1(self, u: Jet) -> Jet:
        """exp(u) - 1."""
        slope = self._of("exp", u)
        return chain(u, self.ring.apply("expm1", u.value), slope, slope)

    def log(self, u: Jet) -> Jet:
        """The natural logarithm."""
        u = self.from_least(u, ZERO, pole=True)
        return self._logarithm(u, "log", lambda: u.value.inverse())

    def log1p(self, u: Jet) -> Jet:
        """log(1 + u)."""
        u = self.from_least(u, -ONE, pole=True)
        return self._logarithm(u, "log1p", lambda: (u.value + self.ring.const(ONE)).inverse())

    def _logarithm(self, u: Jet, name: str, slope: Callable[[], Any]) -> Jet:
        value = self.ring.apply(name, u.value)
        if u.slope is None:
            return Jet(value, None, None, u.marks)
        inverse = slope()
        return chain(u, value, lambda: inverse, lambda: -inverse.square())

    def sin(self, u: Jet) -> Jet:
        """The sine."""
        y = self.ring.apply("sin", u.value)
        return chain(u, y, self._of("cos", u), lambda: -y)

    def cos(self, u: Jet) -> Jet:
        """The cosine."""
        y = self.ring.apply("cos", u.value)
        return chain(u, y, lambda: -self.ring.apply("sin", u.value), lambda: -y)

    def tan(self, u: Jet) -> Jet:
        """The tangent."""
        return self.divided(self.sin(u), self.cos(u))

    def sinh(self, u: Jet) -> Jet:
        """The hyperbolic sine."""
        y = self.ring.apply("sinh", u.value)
        return chain(u, y, self._of("cosh", u), lambda: y)

    def cosh(self, u: Jet) -> Jet:
        """The hyperbolic cosine."""
        y = self.ring.apply("cosh", u.value)
        return chain(u, y, self._of("sinh", u), lambda: y)

    def erf(self, u: Jet) -> Jet:
        """The error function: slope 2/sqrt(pi) exp(-u**2)."""
        return self._error_function(u, "erf", 2 / arb.pi().sqrt())

    def erfc(self, u: Jet) -> Jet:
        """1 - erf(u)."""
        return self._error_function(u, "erfc", -2 / arb.pi().sqrt())

    def _error_function(self, u: Jet, name: str, steepest: arb) -> Jet:
        gauss, moment = self._of("gauss", u), self._of("gauss_moment", u)
        return chain(
            u,
            self.ring.apply(name, u.value),
            lambda: gauss().scale(steepest),
            lambda: moment().scale(-2 * steepest),
        )

    def norm_cdf(self, u: Jet) -> Jet:
        """The normal distribution function."""
        return chain(
            u,
            self.ring.apply("norm_cdf", u.value),
            self._of("norm_pdf", u),
            lambda: -self.ring.apply("norm_moment", u.value),
        )

    tanh = _known("tanh", "tanh_slope", "tanh_curvature")
    sigmoid = _known("sigmoid", "sigmoid_slope", "sigmoid_curvature")
    softplus = _known("softplus", "sigmoid", "sigmoid_slope")
    atan = _known("atan", "atan_slope", "atan_curvature")
    asinh = _known("asinh", "asinh_slope", "asinh_curvature")

    def _of(self, name: str, u: Jet) -> Callable[[], Any]:
        return lambda: self.ring.apply(name, u.value)


def _is_indefinite(operation: str, arguments: Sequence[Any]) -> bool:
    """Whether something like 0 times infinity, or infinity by infinity, may be asked for."""
    values = [argument.value for argument in arguments if isinstance(argument, Jet)]
    infinite = sum(not value.is_finite() for value in values)
    if infinite == 2 and all(value.is_point for value in values):
        return operation != "*" and not (operation == "+" and values[0].low == values[1].low)
    return infinite > 1 or (infinite == 1 and any(value.is_zero() for value in values))
