"""Plain values over an arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from actcli.activations.registry import Named
from actcli.formula.primitives import PRIMITIVES


class Values:
    """The algebra whose numbers are an arithmetic's own."""

    def __init__(self, arithmetic: Any) -> None:
        self.arithmetic = arithmetic

    def number(self, value: float) -> Any:
        """The number that a literal stands for."""
        return self.arithmetic.number(value)

    def constant(self, name: str) -> Any:
        """`pi` or `e`."""
        return self.arithmetic.constant(name)

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive applied to numbers."""
        return PRIMITIVES[operation].value(self.arithmetic, *arguments)

    def activation(self, cls: type[Named], x: Any, params: Mapping[str, Any]) -> Any:
        """A function of the catalogue, by its own kernel."""
        return self.arithmetic.apply(instance(cls, params).f, x)


def instance(cls: type[Named], params: Mapping[str, Any]) -> Named:
    """The activation with these parameters, which are constants of the formula."""
    return _instance(cls, tuple((name, float(value)) for name, value in params.items()))


@lru_cache(maxsize=256)
def _instance(cls: type[Named], params: tuple[tuple[str, float], ...]) -> Named:
    return cls(**dict(params))
