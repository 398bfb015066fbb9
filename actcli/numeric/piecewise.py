"""Constants on pieces of the line, with NaN for NaN."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array


def constant(level: float, x: Array) -> Array:
    """The level everywhere; NaN where x is NaN."""
    return _keep_nan(np.full_like(x, level), x)


def indicator(condition: NDArray[np.bool_], x: Array) -> Array:
    """1 where the condition holds, else 0; NaN where x is NaN."""
    return _keep_nan(condition.astype(np.float64), x)


def choose(condition: NDArray[np.bool_], x: Array, held: float, failed: float) -> Array:
    """`held` where the condition holds, else `failed`; NaN where x is NaN."""
    return _keep_nan(np.where(condition, held, failed), x)


def _keep_nan(y: Array, x: Array) -> Array:
    np.copyto(y, x, where=np.isnan(x))
    return y
