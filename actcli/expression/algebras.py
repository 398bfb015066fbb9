"""Values, and values with derivatives (dual numbers), over an arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from actcli.catalogue.registry import Named
from actcli.expression.functions import CONDITIONS, PRIMITIVES

CONSTANTS = {"pi": math.pi, "e": math.e}


class Values:
    """The algebra whose numbers are an arithmetic's own."""

    def __init__(self, arithmetic: Any) -> None:
        self.arithmetic = arithmetic

    def number(self, value: float) -> Any:
        """The number that a literal stands for."""
        return self.arithmetic.number(value)

    def constant(self, name: str) -> Any:
        """`pi` or `e`, rounded to a double."""
        return self.arithmetic.number(CONSTANTS[name])

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive applied to numbers."""
        return PRIMITIVES[operation].value(self.arithmetic, *arguments)

    def activation(self, cls: type[Named], x: Any, params: Mapping[str, Any]) -> Any:
        """A function of the catalogue, by its own kernel."""
        return self.arithmetic.apply(instance(cls, params).f, x)


class Duals:
    """Dual numbers: pairs (value, derivative) with None for the derivative of a constant."""

    def __init__(self, arithmetic: Any) -> None:
        self.arithmetic = arithmetic

    def number(self, value: float) -> Any:
        """The number that a literal stands for."""
        return self.arithmetic.number(value), None

    def constant(self, name: str) -> Any:
        """`pi` or `e`, rounded to a double."""
        return self.arithmetic.number(CONSTANTS[name]), None

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive applied to dual numbers, by the chain rule."""
        k = self.arithmetic
        primitive = PRIMITIVES[operation]
        values = [value for value, _ in arguments]
        rates = [rate for _, rate in arguments]
        result = primitive.value(k, *values)
        if operation in CONDITIONS or all(rate is None for rate in rates):
            return result, None
        if operation == "where":
            return result, k.where(values[0], *(0.0 if rate is None else rate for rate in rates[1:]))
        if operation in ("max", "min"):
            return result, self._rate_of_choice(operation, values, rates)
        terms = [
            _product(partial(k, result, *values), rate)
            for partial, rate in zip(primitive.partials, rates, strict=True)
            if rate is not None
        ]
        return result, terms[0] if len(terms) == 1 else terms[0] + terms[1]

    def _rate_of_choice(self, operation: str, values: list[Any], rates: list[Any]) -> Any:
        """The rate of the argument chosen; in a tie a constant wins, else both count half."""
        k = self.arithmetic
        u, v = values if operation == "max" else values[::-1]
        first, second = rates if operation == "max" else rates[::-1]
        if first is None or second is None:
            first, second = (0.0 if rate is None else rate for rate in (first, second))
            return k.where(u > v, first, k.where(u < v, second, 0.0))
        return k.where(u > v, first, k.where(u < v, second, 0.5 * (first + second)))

    def activation(self, cls: type[Named], x: Any, params: Mapping[str, Any]) -> Any:
        """A function of the catalogue, by its own kernels."""
        value, rate = x
        k = self.arithmetic
        named = instance(cls, {name: number for name, (number, _) in params.items()})
        result = k.apply(named.f, value)
        return result, None if rate is None else _product(k.apply(named.df, value), rate)


def _product(slope: Any, rate: Any) -> Any:
    return slope if isinstance(rate, float) and rate == 1.0 else slope * rate


def instance(cls: type[Named], params: Mapping[str, Any]) -> Named:
    """The activation with these parameters, which are constants of the formula."""
    return _instance(cls, tuple((name, float(value)) for name, value in params.items()))


@lru_cache(maxsize=256)
def _instance(cls: type[Named], params: tuple[tuple[str, float], ...]) -> Named:
    return cls(**dict(params))
