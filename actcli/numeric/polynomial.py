"""Evaluation of polynomials over arrays."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.numeric.arrays import Array


def horner(coefficients: Sequence[float], x: Array) -> Array:
    """The polynomial with the given coefficients (two or more, highest degree first) at x."""
    leading, second, *rest = coefficients
    y = leading * x
    y += second
    for coefficient in rest:
        y *= x
        y += coefficient
    return y
