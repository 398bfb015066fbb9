"""What changes from piece to piece of the line, without branches: NaN stays NaN.

`np.clip` between constants is twice as fast as `np.maximum` with one, and arithmetic on a condition
several times as fast as `np.where`, which waits for every branch that it did not foresee.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array

Mask = NDArray[np.bool_]


def positive_part(x: Array) -> Array:
    """max(x, 0)."""
    return np.clip(x, 0.0, np.inf)


def negative_part(x: Array) -> Array:
    """min(x, 0)."""
    return np.clip(x, -np.inf, 0.0)


def constant(level: float, x: Array) -> Array:
    """The level everywhere; NaN where x is NaN."""
    return _keep_nan(np.full_like(x, level), x)


def indicator(condition: Mask, x: Array) -> Array:
    """1 where the condition holds, else 0; NaN where x is NaN."""
    return _keep_nan(condition.astype(np.float64), x)


def choose(condition: Mask, x: Array, held: float, failed: float) -> Array:
    """`held` where the condition holds, else `failed`; NaN where x is NaN."""
    rise = held - failed
    if failed + rise != held:
        return _keep_nan(np.where(condition, held, failed), x)
    y = condition.astype(np.float64)
    y *= rise
    y += failed
    return _keep_nan(y, x)


def blend(condition: Mask, held: Array, failed: Array) -> Array:
    """`held` where the condition holds, else `failed`; both are finite there, and overwritten."""
    share = condition.astype(np.float64)
    held *= share
    np.subtract(1, share, out=share)
    failed *= share
    held += failed
    return held


def mend(y: Array, where: Mask, better: Callable[[Mask], Array]) -> None:
    """Put `better(where)` into y where the condition holds, which is seldom."""
    if where.any():
        y[where] = better(where)


def _keep_nan(y: Array, x: Array) -> Array:
    mend(y, np.isnan(x), lambda missing: x[missing])
    return y
