"""The difference of two functions as one function, in which equal parts cancel exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import ctx

from actcli.activations.base import Activation
from actcli.formula.identities.arms import integer
from actcli.formula.jets.intervals import ONE, ZERO, Interval
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jet_signs import Choice
from actcli.formula.jets.jets import INTERVALS, NO_VALUE, PARTIAL, Jet
from actcli.structure.differences.steps import Steps
from actcli.structure.function import ProvedFunction
from actcli.structure.symmetries.identities import is_zero_function
from actcli.structure.written import program_and_params

_BITS = 200


class Difference(ProvedFunction):
    """The function f - g, wherever both are defined."""

    def __init__(self, f: Activation, g: Activation) -> None:
        steps = Steps()
        x = steps.call("x")
        places = []
        for activation in (f, g):
            program, values = program_and_params(activation)
            params = {name: steps.number(value) for name, value in values.items()}
            places.append(steps.inline(program, x, params))
        result = steps.difference(*places)
        super().__init__(steps.program(result), {})
        self.is_one_formula = places[0] == places[1]
        """Whether both are the same steps: whatever is not known of them, it is of both."""
        self._known: dict[Any, bool] = {}
        """For branches that were met, whether f and g are one function on them."""

    def _walk(self, algebra: JetAlgebra, x: Jet) -> Jet:
        jet = super()._walk(algebra, x)
        if self.is_one_formula and not jet.is_nowhere_defined:
            return Jet(
                algebra.ring.zero(), marks=PARTIAL if jet.marks & (NO_VALUE | PARTIAL) else 0
            )
        if jet.has_value and self._vanishes(algebra.choices, jet, x.value):
            return Jet(algebra.ring.zero(), None, None, jet.marks)
        return jet

    def _vanishes(self, choices: Mapping[int, Choice], jet: Jet, x: Interval) -> bool:
        """Whether f and g are one function where these branches hold: proved once for them."""
        if None in choices.values():
            return False
        key = tuple((call, integer(choice)) for call, choice in choices.items())
        if key not in self._known:
            if jet.value.sign():
                return False
            self._known[key] = not self._is_refuted(choices, x) and is_zero_function(
                self.terms, self.arm(choices)
            )
        return self._known[key]

    def _is_refuted(self, choices: Mapping[int, Choice], x: Interval) -> bool:
        """Whether it is not 0 by these branches at some number."""
        low, high = (end if end.is_finite() else ZERO for end in (x.low, x.high))
        middle = ((low + high) / 2).mid()
        with ctx.workprec(_BITS):
            algebra = JetAlgebra(INTERVALS, forced=choices)
            jet = super()._walk(algebra, Jet(Interval(middle), Interval(ONE)))
        return jet.has_value and bool(jet.value.sign())
