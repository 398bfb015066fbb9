"""Every function of the catalogue is decided at every threshold, at all its example parameters."""

from __future__ import annotations

from itertools import cycle, product

import pytest

from actcli.functions.saturation import saturation
from tests.activations.test_accuracy import variants

THRESHOLDS = (1e-1, 1e-2, 1e-3, 1e-6, 1e-9, 1e-300)

CASES = list(product(variants(), THRESHOLDS))
PARTS = cycle(CASES[start::7] for start in range(7))
"""Each with every function and, seven being prime to six, with every threshold."""


@pytest.mark.random
def test_ranges_are_proved() -> None:
    open_ones = [
        (str(activation), eps)
        for activation, eps in next(PARTS)
        if not saturation(activation, eps).proved
    ]
    assert open_ones == []
