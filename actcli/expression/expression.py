"""A typed formula as an activation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from actcli.activation import Activation, Array, Line
from actcli.errors import CrowdedError
from actcli.expression.parse import parse
from actcli.expression.program import Program
from actcli.expression.scan import normalised
from actcli.numeric.floats import LARGEST


@dataclass(frozen=True)
class Expression(Activation):
    """The function of x that a formula defines; equal to another of the same text.

    The facts that a catalogue entry declares are found when they are asked for. Where the
    derivative jumps it is the selected branch's of `where`, 0 of `abs`, the constant's of
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
        return self.text

    @cached_property
    def kinks(self) -> tuple[float, ...]:
        """Where f or f' jumps or is not finite; of an endless function those in [-100, 100].

        Raises:
            CrowdedError: there are too many.
        """
        from actcli.expression.kinks import kinks

        try:
            return kinks(self.program, self._finite_pair)
        except CrowdedError as error:
            raise error.of(self) from None

    @cached_property
    def left(self) -> Line | None:
        """The line approached at -inf; None where there is none."""
        return self._approached(-1)

    @cached_property
    def right(self) -> Line | None:
        """The line approached at +inf; None where there is none."""
        return self._approached(1)

    def _approached(self, side: int) -> Line | None:
        from actcli.expression.ends import approached

        return approached(self._finite_value, side, self.endless)

    @cached_property
    def period(self) -> float | None:
        """The period, where the formula's structure shows one."""
        from actcli.expression.recurrence import period

        return period(self.program, self._finite_value) if self.endless else None

    @cached_property
    def endless(self) -> bool:
        """Whether f turns or jumps for ever: sin(x), floor(x), not sin(tanh(x))."""
        from actcli.expression.recurrence import endless_steps

        return endless_steps(self.program)[-1]

    def f(self, x: Array) -> Array:
        """The kernel of `value`."""
        return self._with_limits(x, (self._finite_value(x),))[0]

    def df(self, x: Array) -> Array:
        """The kernel of `derivative`."""
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        """The kernel of `value_and_derivative`."""
        y[:], dy[:] = self._with_limits(x, self._finite_pair(x))

    def _finite_value(self, x: Array) -> Array:
        from actcli.expression.evaluation import values

        return values(self.program, x)

    def _finite_pair(self, x: Array) -> tuple[Array, Array]:
        from actcli.expression.evaluation import values_and_derivatives

        return values_and_derivatives(self.program, x)

    def _with_limits(self, x: Array, results: tuple[Array, ...]) -> tuple[Array, ...]:
        """The results with the limits of f and f' put in at +-inf."""
        infinite = np.isinf(x)
        if np.any(infinite):
            for side, line in (-1, self.left), (1, self.right):
                at_end = infinite & (x * side > 0)
                if np.any(at_end):
                    limits = self._limits(side, line)
                    for result, limit in zip(results, limits, strict=False):
                        result[at_end] = limit
        return results

    def _limits(self, side: int, line: Line | None) -> tuple[float, float]:
        """The limits of f and f' at an end: the line's, else what the outermost doubles suggest."""
        if line is not None:
            return line(side * np.inf), line.slope
        outermost, infinite = np.transpose(
            self._finite_pair(np.array([side * LARGEST, side * np.inf]))
        )
        value, derivative = np.where(np.isnan(outermost), np.nan, infinite)
        if np.isnan(value) and abs(outermost[0]) > 2.0**500 and not self.endless:
            value = np.copysign(np.inf, outermost[0])
        if np.isnan(derivative) and not np.isnan(value):
            derivative = outermost[1] if abs(outermost[1]) > 2.0**-500 else 0.0
        return float(value) + 0.0, float(derivative) + 0.0


@lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    """The activation that a formula defines.

    Raises:
        UsageError: the text is not a formula; the message gives the column and the mending.
    """
    return Expression(text)
