"""Plain values over an arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, SupportsFloat

from actcli.activations.registry import Named
from actcli.formula.primitives import PRIMITIVES, Arithmetic, N


class Values(Generic[N]):
    """The algebra whose numbers are an arithmetic's own, but for the catalogue."""

    def __init__(self, arithmetic: Arithmetic[N]) -> None:
        self.arithmetic = arithmetic

    def number(self, value: float) -> N:
        """The number that a literal stands for."""
        return self.arithmetic.number(value)

    def constant(self, name: str) -> N:
        """`pi` or `e`."""
        return self.arithmetic.constant(name)

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive applied to numbers."""
        return PRIMITIVES[operation].value(self.arithmetic, *arguments)


def instance(cls: type[Named], params: Mapping[str, SupportsFloat]) -> Named:
    """The activation with these parameters, which are constants of the formula."""
    return _instance(cls, tuple((name, float(value)) for name, value in params.items()))


@lru_cache(maxsize=256)
def _instance(cls: type[Named], params: tuple[tuple[str, float], ...]) -> Named:
    return cls(**dict(params))
