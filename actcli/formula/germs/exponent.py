"""The exponents of germs."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Generic, Protocol, Self, TypeVar

from flint import arb


class Scalable(Protocol):
    """What there are sums and multiples of: a germ."""

    def __add__(self, other: Self, /) -> Self: ...

    def scale(self, factor: arb, /) -> Self:
        """Its multiple."""


G = TypeVar("G", bound=Scalable)


class Exponent(Generic[G]):
    """An exponent: a sum of multiples of germs, kept apart so that equal ones cancel exactly."""

    __slots__ = ("_germ", "terms")

    def __init__(self, terms: Sequence[tuple[G, arb]]) -> None:
        self.terms = tuple(terms)
        self._germ: G | None = None

    def plus(self, other: Exponent[G]) -> Exponent[G]:
        """The sum of two exponents."""
        terms = list(self.terms)
        for germ, factor in other.terms:
            for i, (known, sofar) in enumerate(terms):
                if known is germ:
                    terms[i] = known, sofar + factor
                    break
            else:
                terms.append((germ, factor))
        return Exponent([(germ, factor) for germ, factor in terms if not factor.is_zero()])

    def times(self, s: arb) -> Exponent[G]:
        """Its multiple."""
        return Exponent([(germ, factor * s) for germ, factor in self.terms])

    @property
    def germ(self) -> G:
        """The sum as a germ, of one term or more."""
        if self._germ is None:
            parts = (germ if factor == 1 else germ.scale(factor) for germ, factor in self.terms)
            self._germ = reduce(operator.add, parts)
        return self._germ
