"""Where |f'| is largest, against the values of the kernels on a grid."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actcli.activations.registry import catalogue
from actcli.find import find
from tests.functions.facts.known_facts import of

inf = math.inf

KNOWN = {
    "identity": [(-inf, inf, None)],
    "abs": [(-inf, 0, None), (0, inf, None)],
    "relu": [(0, inf, None)],
    "relu6": [(0, 6, None)],
    "step": [(0, 0, None)],
    "softplus": [(inf, inf, "right")],
    "logsigmoid": [(-inf, -inf, "left")],
    "tanhshrink": [(-inf, -inf, "left"), (inf, inf, "right")],
    "gelu": [(math.sqrt(2), math.sqrt(2), None)],
    "sigmoid": [(0, 0, None)],
    "softshrink": [(-inf, -0.5, None), (0.5, inf, None)],
    "hardswish": [(3, 3, None)],
    "hardsigmoid": [(-3, 3, None)],
    "square": [(-inf, -inf, "left"), (inf, inf, "right")],
    "isrlu": [(0, inf, None)],
    "3": [],
    "sin": [(-math.pi, -math.pi, None), (0, 0, None), (math.pi, math.pi, None)],
    "max(x, -2*x)": [(-inf, 0, None)],
}


@pytest.mark.parametrize(("text", "expected"), KNOWN.items())
def test_what_is_known(text: str, expected: list[tuple[float, float, str | None]]) -> None:
    found: list[tuple[object, ...]] = [tuple(one) for one in of(text).steepest]
    assert found == [(pytest.approx(low), pytest.approx(high), end) for low, high, end in expected]


@pytest.mark.parametrize("name", catalogue())
def test_no_slope_elsewhere_is_as_large(name: str) -> None:
    found = of(name)
    if not found.steepest or math.isinf(found.lipschitz):
        return
    window = found.window or (-60.0, 60.0)
    x = np.linspace(*window, 20001)
    slopes = np.abs(find(name).derivative(x))
    assert slopes.max() <= found.lipschitz * (1 + 1e-12)
    near = np.zeros_like(x, bool)
    for low, high, end in found.steepest:
        if end:
            near |= x > 5 if end == "right" else x < -5
        else:
            near |= (x >= low - 0.1) & (x <= high + 0.1)
    assert slopes[~near].max(initial=0.0) < found.lipschitz * (1 - 1e-9)
