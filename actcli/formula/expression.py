"""A typed formula as an activation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from actcli.activations.base import Activation
from actcli.formula.parse import parse
from actcli.formula.program import Program
from actcli.formula.scan import normalised
from actcli.numeric.arrays import Array


@dataclass(frozen=True)
class Expression(Activation):
    """The function of x that a formula defines; equal to another of the same text.

    Where the derivative jumps it is the selected branch's of `where`, 0 of `abs`, the constant's of
    max(x, 0), and the mean of the two sides of max(f(x), g(x)).
    """

    text: str
    program: Program = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the formula.

        Raises:
            UsageError: the text is not a formula.
        """
        object.__setattr__(self, "text", normalised(self.text))
        object.__setattr__(self, "program", parse(self.text))

    @property
    def formula(self) -> str:
        """The text as typed, white space apart."""
        return self.text

    def __str__(self) -> str:
        return self.label or self.text

    def f(self, x: Array) -> Array:
        """The kernel of `value`."""
        from actcli.formula.values.evaluation import values

        return values(self.program, x)

    def df(self, x: Array) -> Array:
        """The kernel of `derivative`."""
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        """The kernel of `value_and_derivative`."""
        from actcli.formula.values.evaluation import values_and_derivatives

        y[:], dy[:] = values_and_derivatives(self.program, x)

    @cached_property
    def sampled(self) -> Expression:
        """The same function in doubles alone."""
        return Sampled(self.text)


class Sampled(Expression):
    """A formula as doubles give it: fast, but wrong where they cancel."""

    @property
    def sampled(self) -> Expression:
        """Itself."""
        return self

    def f(self, x: Array) -> Array:
        """The kernel of `value`."""
        from actcli.formula.values import sampling

        return sampling.values(self.program, x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        """The kernel of `value_and_derivative`."""
        from actcli.formula.values import sampling

        y[:], dy[:] = sampling.values_and_derivatives(self.program, x)


@lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    """The activation that a formula defines.

    Raises:
        UsageError: the text is not a formula; the message gives the column and the mending.
    """
    return Expression(text)
