"""What repeats: f(x + p) = f(x) + a for all x, proved by walking the formula over shifts.

That is how a wave or a staircase is understood: by its spacing and one cell, not by its steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from flint import arb

from actcli.formula.by_formula import ByFormula
from actcli.formula.identities.form_rules import apply
from actcli.formula.identities.normal_form import Form, Forms, NoFormError
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import INTERVALS, Jet
from actcli.formula.primitives import CHOICES, CONDITIONS
from actcli.structure.function import ProvedFunction

_ODD = {"sin", "tan", "sinh", "tanh", "atan", "asinh", "erf", "sign", "negate", "+", "-"}
_EVEN = {"cos", "cosh", "abs"}
_WAVES = {"sin", "cos", "tan"}


class Repetition(NamedTuple):
    """f(x + period) = f(x) + rise, both as balls."""

    period: arb
    rise: arb


class _Number(NamedTuple):
    """A constant: as a form, which tells what it is, and as a ball."""

    form: Form
    ball: arb

    def over(self, other: _Number) -> Fraction | None:
        """The quotient, where it is rational."""
        quotient = _result("/", self, other)
        return quotient and quotient.form.number

    @property
    def whole(self) -> int | None:
        """The whole number that it is."""
        number = self.form.number
        return None if number is None or number.denominator > 1 else int(number)


def _result(operation: str, *numbers: _Number | None) -> _Number | None:
    """An operation on constants; None where one of them is unknown."""
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        return None
    try:
        form = apply(operation, [number.form for number in known])
    except (NoFormError, ZeroDivisionError):
        return None
    number = form.number
    if number is not None:
        return _Number(form, _ball(number))
    jets = [Jet(Interval(each.ball)) for each in known]
    jet = JetAlgebra(INTERVALS).call(operation, jets)
    return None if jet.marks else _Number(form, jet.value.ball)


def _ball(number: Fraction) -> arb:
    return arb(number.numerator) / number.denominator


class _Shifted(NamedTuple):
    """What becomes of a result when x moves on."""

    by: _Number | None = None
    """What is added to it; None where that is not one number."""
    constant: _Number | None = None
    """The number that it is."""
    slope: _Number | None = None
    """The k where it is k x + c."""
    flips: bool = False
    """Whether its sign changes instead."""

    @property
    def stays(self) -> bool:
        """Whether it is the same."""
        return self.by is not None and not self.by.form

    @property
    def moves(self) -> Sequence[_Number | None]:
        """What is added, and what is added for each 1 of x."""
        return self.by, self.slope


def _linear(operation: str, *parts: Sequence[_Number | None]) -> _Shifted:
    """What moves as its parts do."""
    by, slope = (_result(operation, *each) for each in zip(*parts, strict=True))
    return _Shifted(by, slope=slope)


_UNKNOWN, _FLIPPED = _Shifted(), _Shifted(flips=True)


class _Shifts(ByFormula):
    """The algebra of such moves."""

    def __init__(self, forms: Forms, by: _Number | None) -> None:
        self.one, self._zero = (_Number(forms.rational(n), arb(n)) for n in (1, 0))
        self._pi = _Number(forms.pi, arb.pi())
        self._same = _Shifted(self._zero)
        self.x = _Shifted(by, slope=self.one)
        self.spacings: list[_Number] = []
        """By how much x has to move for the waves, floors and remainders that are met."""

    def number(self, value: float) -> _Shifted:
        """A number."""
        return self._known(_Number(self.one.form.ring.rational(value), arb(value)))

    def constant(self, name: str) -> _Shifted:
        """`pi` or `e`."""
        return self._known(self._pi if name == "pi" else _result("exp", self.one))

    def _known(self, number: _Number | None) -> _Shifted:
        return _Shifted(self._zero, number, self._zero)

    def call(self, operation: str, arguments: Sequence[_Shifted]) -> _Shifted:
        """One primitive."""
        u, w = arguments[0], arguments[-1]
        if operation not in CONDITIONS and all(a.constant is not None for a in arguments):
            return self._known(_result(operation, *(a.constant for a in arguments)))
        if any(argument.flips for argument in arguments):
            return self._of_flipped(operation, arguments)
        match operation:
            case "+" | "-":
                return _linear(operation, u.moves, w.moves)
            case "negate":
                return _linear(operation, u.moves)
            case "*" | "/" if w.constant is not None:
                return _linear(operation, u.moves, [w.constant] * 2)
            case "*" if u.constant is not None:
                return _linear(operation, [u.constant] * 2, w.moves)
            case "%" if w.constant is not None:
                return _UNKNOWN if self._steps(u, w.constant) is None else self._same
            case "floor":
                steps = self._steps(u, self.one)
                return _UNKNOWN if steps is None else _Shifted(u.by)
            case name if name in _WAVES:
                steps = self._steps(u, self._pi)
                if steps is not None:
                    return self._same if steps % 2 == 0 or name == "tan" else _FLIPPED
        if all(argument.stays for argument in arguments):
            return self._same
        return self._moved_together(operation, arguments)

    def _steps(self, u: _Shifted, unit: _Number) -> int | None:
        """How many whole units it moves on by."""
        spacing = _result("/", unit, u.slope)
        if spacing is not None and spacing.form:
            self.spacings.append(spacing)
        steps = None if u.by is None else _result("/", u.by, unit)
        return steps and steps.whole

    def _moved_together(self, operation: str, arguments: Sequence[_Shifted]) -> _Shifted:
        """A comparison, or a choice, of what moves by the same."""
        u, w = arguments[-2:] if len(arguments) > 1 else (arguments[0], _UNKNOWN)
        if u.by is None or w.by is None or u.by.form != w.by.form:
            return _UNKNOWN
        if operation in CONDITIONS:
            return self._same
        is_chosen = operation in CHOICES and (len(arguments) == 2 or arguments[0].stays)
        return _Shifted(u.by) if is_chosen else _UNKNOWN

    def _of_flipped(self, operation: str, arguments: Sequence[_Shifted]) -> _Shifted:
        """What follows where arguments change their sign, and the others stay."""
        if not all(argument.stays or argument.flips for argument in arguments):
            return _UNKNOWN
        flips, exponent = sum(argument.flips for argument in arguments), arguments[-1].constant
        if operation in _EVEN or (operation in ("*", "/") and flips == 2):
            return self._same
        if operation in ("*", "/") or (operation in _ODD and flips == len(arguments)):
            return _FLIPPED
        if operation == "**" and exponent is not None and exponent.whole is not None:
            return _FLIPPED if exponent.whole % 2 else self._same
        return _UNKNOWN


def repetition(function: ProvedFunction) -> Repetition | None:
    """The shortest period, up to a line, that the waves and floors of a formula suggest."""
    forms = Forms()
    asked = _Shifts(forms, None)
    function.over(asked, asked.x)
    if not asked.spacings:
        return None
    first = asked.spacings[0]
    shares = [spacing.over(first) for spacing in asked.spacings]
    known = [abs(share) for share in shares if share is not None]
    if len(known) < len(shares):
        return None
    common = Fraction(
        math.lcm(*(share.numerator for share in known)),
        math.gcd(*(share.denominator for share in known)),
    )
    for times in (common, 2 * common):
        share = _Number(forms.rational(times), _ball(times))
        period = _result("*", first, share)
        moved: _Shifted = function.over(shifts := _Shifts(forms, period), shifts.x)
        if period is not None and moved.by is not None:
            sign = 1 if period.ball > 0 else -1
            return Repetition(sign * period.ball, sign * moved.by.ball)
    return None
