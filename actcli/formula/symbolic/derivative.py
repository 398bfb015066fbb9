"""The derivative of a formula as a formula: the chain rule of `duals`, walked over formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from actcli.activations.registry import Named
from actcli.errors import UsageError
from actcli.formula.algebras import Values
from actcli.formula.by_formula import program_of
from actcli.formula.parse import parse
from actcli.formula.primitives import CONDITIONS
from actcli.formula.program import Program
from actcli.formula.symbolic import arithmetic
from actcli.formula.symbolic.rules import tidied
from actcli.formula.symbolic.term import Term, UndefinedTermError, powers, term, total
from actcli.formula.symbolic.writing import written
from actcli.formula.values.duals import Dual, Duals

_X = Term("x")


class NoFormulaError(Exception):
    """A derivative is too long to be written as a formula of the language."""


def derivative(program: Program, params: Mapping[str, float]) -> str:
    """The derivative as a formula in x, equal to f' wherever f has one.

    Where f' jumps it is what the chain rule of `duals` says.

    Raises:
        NoFormulaError: it is too long for the formula language.
    """
    values = {name: term(value) for name, value in params.items()}
    text = _derivative(program, values)
    try:
        parse(text)
    except UsageError:
        raise NoFormulaError from None
    return text


def _derivative(program: Program, params: Mapping[str, Term]) -> str:
    try:
        names = [one.parts[0] for one in params.values() if one.operation == "parameter"]
        simpler = parse(written(tidied(program.walk(_Values(), _X, params))), names)
        duals = {name: Dual(value) for name, value in params.items()}
        text = written(tidied(_rate(simpler, _Duals(), duals)))
        if any(step.operation == "log" for step in simpler.steps):
            by_factors = written(tidied(_rate(simpler, _LogsByFactors(names, duals), duals)))
            text = min(text, by_factors, key=len)
        return text
    except (UndefinedTermError, OverflowError, RecursionError, UsageError):
        raise NoFormulaError from None


def _rate(program: Program, algebra: _Duals, params: Mapping[str, Dual[Term]]) -> Term:
    """The rate of a formula by an algebra of duals."""
    return term(program.walk(algebra, algebra.variable(_X), params).rate_or_zero)


@cache
def _slope_of(cls: type[Named]) -> Program:
    """The derivative of a function of the catalogue, its parameters left open."""
    names = [parameter.name for parameter in cls.parameters()]
    params = {name: Term("parameter", name) for name in names}
    return parse(_derivative(program_of(cls), params), names)


class _Values(Values[Term]):
    """The algebra of formulas; calls of the catalogue stay calls."""

    def __init__(self) -> None:
        super().__init__(arithmetic)

    def call(self, operation: str, arguments: Sequence[Any]) -> Term:
        """One primitive; conditions are formulas too."""
        if operation in CONDITIONS:
            return Term(operation, *arguments)
        return term(super().call(operation, arguments))

    def activation(self, cls: type[Named], x: Term, params: Mapping[str, Term]) -> Term:
        """A call of a function of the catalogue."""
        return Term("activation", cls, (*params,), x, *params.values())


class _Duals(Duals[Term]):
    """The algebra of formulas and their derivatives."""

    values: _Values

    def __init__(self) -> None:
        super().__init__(arithmetic, _Values())

    def activation(
        self, cls: type[Named], x: Dual[Term], params: Mapping[str, Dual[Term]]
    ) -> Dual[Term]:
        """A function of the catalogue, by the derivative of its formula."""
        given = {name: number.value for name, number in params.items()}
        result = Dual(self.values.activation(cls, x.value, given))
        if x.rate is not None:
            defaults = {p.name: term(p.default) for p in cls.parameters()}
            slope = _slope_of(cls).walk(self.values, x.value, {**defaults, **given})
            result.rate = slope * x.rate
        return result


class _LogsByFactors(_Duals):
    """The same, but the rate of log(u/v) is u'/u - v'/v, that of log(u**v) v' log(u) + v u'/u."""

    def __init__(self, names: Sequence[str], params: Mapping[str, Dual[Term]]) -> None:
        super().__init__()
        self._names, self._params = names, params

    def call(self, operation: str, arguments: Sequence[Dual[Term]]) -> Dual[Term]:
        """One primitive."""
        result = super().call(operation, arguments)
        if operation == "log" and result.rate is not None:
            _, factors = powers(arguments[0].value)
            if len(factors) > 1 or any(one.operation == "**" for one in factors):
                result.rate = total((self._share(one), power) for one, power in factors.items())
        return result

    def _share(self, one: Term) -> Term:
        """The rate of a factor in units of itself."""
        if one.operation == "**":
            base, exponent = one.parts
            grows: Term = exponent * self._share(base)
            return self._rate_of(exponent) * arithmetic.log(base) + grows
        return self._rate_of(one) / one

    def _rate_of(self, one: Term) -> Term:
        return _rate(parse(written(one), self._names), self, self._params)
