"""A typed formula as an activation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from actcli.activation import Activation, Array
from actcli.expression.evaluation import values, values_and_derivatives
from actcli.expression.parse import parse
from actcli.expression.program import Program
from actcli.expression.scan import normalised


@dataclass(frozen=True)
class Expression(Activation):
    """The function of x that a formula defines; equal to another of the same text."""

    text: str

    @property
    def formula(self) -> str:
        """The text as typed, white space apart."""
        return self.text

    def __str__(self) -> str:
        return self.text

    @cached_property
    def program(self) -> Program:
        """The compiled formula."""
        return parse(self.text)

    def f(self, x: Array) -> Array:
        """The kernel of `value`."""
        return values(self.program, x)

    def df(self, x: Array) -> Array:
        """The kernel of `derivative`."""
        return self.f_and_df(x)[1]

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        """The kernel of `value_and_derivative`."""
        return values_and_derivatives(self.program, x)


@lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    """The activation that a formula defines.

    Raises:
        UsageError: the text is not a formula; the message gives the column and the mending.
    """
    made = Expression(normalised(text))
    made.program  # noqa: B018
    return made
