"""The way that a formula goes all over the line, by the ways of its parts: relu(floor(x)) rises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flint import arb

from actcli.formula.by_formula import ByFormula
from actcli.formula.jets.intervals import Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import INTERVALS, Jet
from actcli.formula.primitives import CONDITIONS
from actcli.structure.function import ProvedFunction

_RISING = {"sqrt", "exp", "expm1", "log", "log1p", "softplus", "sigmoid", "tanh", "sinh"}
_RISING |= {"atan", "asinh", "erf", "norm_cdf"}
"""Functions that rise strictly wherever they are defined."""

_STEPS = {"floor", "sign"}
"""Those that never fall."""


class Way(NamedTuple):
    """How a part of a formula goes as x rises, wherever it is defined."""

    way: int | None
    """1 where it never falls, -1 where it never rises, 0 where it is constant; None: not known."""
    is_strict: bool = False
    """Whether it is nowhere constant."""
    number: Jet | None = None
    """The number that it is."""

    def times(self, sign: int) -> Way:
        """The way of its multiple by a number of that sign."""
        return Way(self.way and self.way * sign, self.is_strict)


_UNKNOWN = Way(None)


class _Ways(ByFormula):
    """The algebra of ways."""

    def number(self, value: float) -> Way:
        """A number."""
        return Way(0, number=Jet(Interval(arb(value))))

    def constant(self, name: str) -> Way:
        """`pi` or `e`."""
        return Way(0, number=JetAlgebra(INTERVALS).constant(name))

    def call(self, operation: str, arguments: Sequence[Way]) -> Way:
        """One primitive."""
        if operation in CONDITIONS:
            return _UNKNOWN
        numbers = [argument.number for argument in arguments]
        if None not in numbers:
            jet = JetAlgebra(INTERVALS).call(operation, numbers)
            return Way(0, number=jet) if jet.has_value else _UNKNOWN
        u, w = arguments[0], arguments[-1]
        match operation:
            case "+":
                return _sum(u, w)
            case "-":
                return _sum(u, w.times(-1))
            case "negate":
                return u.times(-1)
            case "erfc":
                return u.times(-1)
            case "max" | "min":
                return _sum(u, w)._replace(is_strict=u.is_strict and w.is_strict)
            case "*" if u.number is not None:
                return w.times(sign) if (sign := u.number.value.sign()) else _UNKNOWN
            case "*" | "/" if w.number is not None:
                return u.times(sign) if (sign := w.number.value.sign()) else _UNKNOWN
            case name if name in _RISING:
                return u
            case name if name in _STEPS:
                return u._replace(is_strict=False)
        return _UNKNOWN


def _sum(u: Way, w: Way) -> Way:
    """The way of a sum of two parts, if both go one way."""
    if u.way is None or w.way is None or u.way * w.way < 0:
        return _UNKNOWN
    return Way(u.way or w.way, u.is_strict or w.is_strict)


def way_of(function: ProvedFunction) -> Way:
    """The way that f goes on the whole line, as far as its formula shows it."""
    found: Way = function.over(_Ways(), Way(1, is_strict=True))
    return found
