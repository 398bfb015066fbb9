"""Soft ramps."""

from __future__ import annotations

import sys

from actcli.activations.registry import Named, activation
from actcli.numeric.arrays import Array
from actcli.numeric.elementary import sigmoid, softplus
from actcli.numeric.late import np

_LARGEST = sys.float_info.max


@activation("bent_identity", "bentid")
class BentIdentity(Named):
    """A hyperbola that bends from slope 1/2 to slope 3/2."""

    formula = "(sqrt(x**2 + 1) - 1)/2 + x"
    reference = "classic; dks"

    def f(self, x: Array) -> Array:
        # (h - 1)/2 = x**2/(h + 1)/2 with h = hypot(x, 1)
        finite = np.clip(x, -_LARGEST, _LARGEST)
        y: Array = finite / (np.hypot(finite, 1) + 1)
        y *= 0.5
        y += 1
        y *= x
        return y

    def df(self, x: Array) -> Array:
        finite = np.clip(x, -_LARGEST, _LARGEST)
        return 1 + 0.5 * (finite / np.hypot(finite, 1))


@activation("sqrt_softplus")
class SqrtSoftplus(Named):
    """Square root of softplus: sqrt(x) far right, exp(x/2) far left."""

    formula = "sqrt(softplus(x))"
    reference = "Hugging Face transformers"

    def f(self, x: Array) -> Array:
        return np.where(x < -40, np.exp(x / 2), np.sqrt(softplus(x)))

    def df(self, x: Array) -> Array:
        return 0.5 * np.where(x < -40, np.exp(x / 2), sigmoid(x) / np.sqrt(softplus(x)))
