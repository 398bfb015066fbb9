"""Whether a function turns, or changes branch, for ever: then it is looked at in a window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actcli.formula.by_formula import program_of
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ONE
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import Jet, OutOfTimeError, UndecidedError
from actcli.formula.program import Program
from actcli.structure.function import ProvedFunction

_WAVES = ("sin", "cos", "tan", "floor", "%")

_REACHES = (16.0, 256.0, 2.0**20, 2.0**40, 2.0**100, 2.0**1000)
"""How far out it is looked whether anything still happens."""


def is_endless(function: ProvedFunction) -> bool:
    """Whether a wave or a staircase goes on, and the bend of f does not settle for one sign."""
    found: bool = function.once(("is endless",), lambda: _is_endless(function))
    return found


def _is_endless(function: ProvedFunction) -> bool:
    return _has_waves(function.program) and any(
        not _settles(function, side) and _goes_on(function, side) for side in (-1, 1)
    )


def _has_waves(program: Program) -> bool:
    return any(
        _has_waves(program_of(step.activation)) if step.activation else step.operation in _WAVES
        for step in program.steps
    )


def _ring(side: int, reach: float) -> GermRing:
    return GermRing(reach, side=side, at_infinity=True)


def _settles(function: ProvedFunction, side: int) -> bool:
    """Whether f'' is proved to keep its sign from somewhere on."""
    for reach in _REACHES:
        try:
            jet = function.germ(_ring(side, reach))
        except OutOfTimeError:
            raise
        except UndecidedError:  # what is left of f less its line is not known
            return False
        if jet.is_nowhere_defined:
            return True
        bend = jet.curvature
        if not jet.marks and (bend is None or bend.is_zero() or bend.limit_sign()):
            return True
    return False


def _goes_on(function: ProvedFunction, side: int) -> bool:
    """Whether a wave or a staircase is taken of what may be unbounded."""
    ring = _ring(side, _REACHES[-1])
    algebra = _Noting(ring)
    function.over(algebra, Jet(ring.x(), ring.const(ONE)))
    return algebra.goes_on


class _Noting(JetAlgebra):
    """Jets that note where a wave goes on."""

    goes_on = False

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive."""
        if operation in _WAVES:
            self.goes_on |= self._is_unbounded(*arguments)
        return super().call(operation, arguments)

    def _is_unbounded(self, u: Jet, w: Jet | None = None) -> bool:
        if not u.has_value or (w is not None and not w.has_value):
            return not u.is_nowhere_defined
        try:
            return not self.ring.bounded(u.value if w is None else u.value / w.value)
        except UndecidedError:
            return True
