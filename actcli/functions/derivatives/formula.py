"""The derivatives of an activation as formulas, and f'' as a function."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.functions.choosing.rows import row_of
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@lru_cache(maxsize=256)
def derivative_formula(activation: Activation, order: int = 1) -> str | None:
    """The formula of f' or of a higher derivative, with the parameters' values put in.

    It is equal to the derivative wherever f has one; None where it would be too long.
    """
    row = row_of(activation)
    text: str | None = derivative_found(activation) if row is None else row["derivative"]
    for _ in range(order - 1):
        text = None if text is None else derivative_found(_expression(text))
    return text


def derivative_found(activation: Activation) -> str | None:
    """The formula of f', not looked up but found."""
    from actcli.formula.symbolic.derivative import NoFormulaError, derivative
    from actcli.structure.written import program_and_params

    try:
        return derivative(*program_and_params(activation))
    except NoFormulaError:
        return None


def _expression(text: str) -> Activation:
    from actcli.formula.expression import expression

    return expression(text)


@dataclass(frozen=True)
class SecondDerivative:
    """f'' of an activation, within 8 ulp; NaN where f' jumps, bends or has no value."""

    activation: Activation
    slope: Activation
    """f', of which it is the derivative."""

    @classmethod
    def of(cls, activation: Activation) -> SecondDerivative:
        """That of an activation.

        Raises:
            ActcliError: its derivative is too long to be written as a formula.
        """
        text = derivative_formula(activation)
        if text is None:
            raise ActcliError(f"{activation} has no f'' here: the formula of f' is too long")
        return cls(activation, _expression(text))

    def __call__(self, x: Array) -> Array:
        """f''(x), elementwise, of a 1-D array."""
        found = np.asarray(self.slope.derivative(x))
        found[np.isin(x, self._bends(x))] = np.nan
        return found

    def _bends(self, x: Array) -> tuple[float, ...]:
        """Where f'' does not exist."""
        finite = x[np.isfinite(x)]
        if not finite.size:
            return ()
        from actcli.functions.marks import bends

        return bends(self.activation, (float(finite.min()) - 1, float(finite.max()) + 1))
