"""Where an activation changes branch: between neighbouring switches it is analytic in x."""

from __future__ import annotations

from functools import lru_cache

from actcli.activation import Activation
from actcli.analysis.pieces import Window
from actcli.errors import CrowdedError
from actcli.expression import Expression
from actcli.expression.branches import EVERYWHERE, branch_points, branch_points_of

__all__ = ["EVERYWHERE", "switches"]


@lru_cache(maxsize=256)
def switches(activation: Activation, window: Window = EVERYWHERE) -> tuple[float, ...]:
    """The places in the open window where the formula of an activation changes branch, ascending.

    The declared kinks are among them.

    Raises:
        CrowdedError: there are too many.
    """
    try:
        if isinstance(activation, Expression):
            return branch_points(activation.program, window=window)
        return branch_points_of(activation, window)
    except CrowdedError as error:
        raise error.of(activation) from None
