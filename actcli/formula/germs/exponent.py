"""The exponents of germs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Exponent:
    """An exponent: a sum of multiples of germs, kept apart so that equal ones cancel exactly."""

    __slots__ = ("_germ", "terms")

    def __init__(self, terms: Sequence[tuple[Any, Any]]) -> None:
        self.terms = tuple(terms)
        self._germ: Any = None

    def plus(self, other: Exponent) -> Exponent:
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

    def times(self, s: Any) -> Exponent:
        """Its multiple."""
        return Exponent([(germ, factor * s) for germ, factor in self.terms])

    def germ(self, ring: Any) -> Any:
        """The sum as a germ."""
        if self._germ is None:
            total = ring.zero()
            for germ, factor in self.terms:
                total = total + (germ if factor == 1 else germ.scale(factor))
            self._germ = total
        return self._germ


EMPTY = Exponent(())
