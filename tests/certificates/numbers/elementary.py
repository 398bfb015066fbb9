"""Elementary functions by others, for numbers that have few of their own."""

from __future__ import annotations

from typing import Any

from flint import arb


class Elementary:
    """What follows from arithmetic and the exponential."""

    pi = property(lambda self: arb.pi())
    e = property(lambda self: arb.const_e())

    def number(self, value: Any) -> Any:
        raise NotImplementedError

    def exp(self, u: Any) -> Any:
        raise NotImplementedError

    def inverse_root(self, n: int) -> Any:
        return self.number(1 / (n * arb.pi()).sqrt())

    def square(self, u: Any) -> Any:
        return u * u

    def whole_power(self, u: Any, n: int) -> Any:
        result = self.number(1)
        for _ in range(abs(n)):
            result = result * u
        return result if n >= 0 else 1 / result

    def expm1(self, u: Any) -> Any:
        return self.exp(u) - 1

    def sinh(self, u: Any) -> Any:
        return (self.exp(u) - self.exp(-u)) / 2

    def cosh(self, u: Any) -> Any:
        return (self.exp(u) + self.exp(-u)) / 2
