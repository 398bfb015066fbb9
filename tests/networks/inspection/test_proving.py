"""Names are proved: by constants that were rounded to float32, or a bound on the difference."""

from __future__ import annotations

import math

import numpy as np
import pytest

from actcli.networks.inspection.graph.naming import first_named

SOON = math.inf


def f32(value: float, ulps: int = 0) -> str:
    """A constant as float32 has it, or one so many units in the last place above."""
    found = np.float32(value)
    for _ in range(ulps):
        found = np.nextafter(found, np.float32(np.inf))
    return repr(float(found))


R, K = math.sqrt(2 / math.pi), 0.044715

WRITTEN = {
    f"x*0.5*(1 + erf(x*{f32(1 / math.sqrt(2))}))": "gelu",
    f"x*0.5*(1 + erf(x*{f32(1 / math.sqrt(2), 1)}))": "gelu",
    f"x*(0.5 + 0.5*erf(x/{math.sqrt(2)!r}))": "gelu",
    f"0.5*x*(1 + tanh(x*({f32(R * K)}*x*x + {f32(R)})))": "gelu_tanh",
    f"x*sigmoid(x*({f32(2 * R * K)}*x*x + {f32(2 * R)}))": "gelu_tanh",
    "x/(1 + exp(-x))": "silu",
    "x*(0.5 + 0.5*tanh(0.5*x))": "silu",
    f"x/(1 + exp({f32(-1.702)}*x))": "quick_gelu",
    f"x*min(max(x*{f32(1 / 6)} + 0.5, 0), 1)": "hardswish",
    f"x*{f32(1 / 6)}*min(relu(x + 3), 6)": "hardswish",
    f"max(0, min(1, 0.5 + {f32(1 / 6)}*x))": "hardsigmoid",
    "x*tanh(log(1 + exp(x)))": "mish",
    "x*((1 + exp(x))**2 - 1)/((1 + exp(x))**2 + 1)": "mish",
    "max(x, 0) + log1p(exp(-abs(x)))": "softplus",
    "2*sigmoid(2*x) - 1": "tanh",
    f"{f32(1.0507009873554805)}*where(x > 0, x, {f32(1.6732632423543772)}*(exp(x) - 1))": "selu",
    f"max(x, {f32(0.01)}*x)": "leaky_relu",
    f"where(x >= 0, x, {f32(0.3)}*(exp(x) - 1))": "elu:alpha=0.3",
    "max(0, x) + min(0, 1.5*(exp(x/1.5) - 1))": "celu:alpha=1.5",
    "x - x/(1 + exp(x))": "silu",
    f"max(0, min(1, 0.5 + x*0.31*{f32(1 / 6 / 0.31)}))": "hardsigmoid",
    f"where(x > 0, x, x*0.31*{f32(0.01 / 0.31)})": "leaky_relu",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_function_is_known_however_it_is_written(text: str) -> None:
    found = first_named((text,), SOON)
    assert found is not None
    assert (str(found.activation), found.named) == (WRITTEN[text], "proved")


BESIDE = (
    f"x*0.5*(1 + erf(x*{f32(1 / math.sqrt(2), 4)}))",
    f"x*sigmoid({f32(1.7025)}*x) + 1e-6",
    "x*min(max(x*0.1666 + 0.5, 0), 1)",
    "where(x > 20, x, log(1 + exp(x)))",
    "max(x, 0) + max(x - 50, 0)",
    "x*sigmoid(x) + 0*sqrt(abs(x) - 0.001)",
    "where(x > 0.03, x, 0)",
    "where(abs(x - 7.77777) < 1e-9, 8, max(x, 0))",
    "where(x == 0.123, 5, tanh(x))",
)


@pytest.mark.parametrize("text", BESIDE)
def test_what_is_beside_it_has_not_its_name(text: str) -> None:
    found = first_named((text,), SOON)
    assert found is None or "=" in str(found.activation)


def test_without_time_for_a_proof_values_give_the_name() -> None:
    found = first_named(("x/(1 + exp(-x)) + 0",), 0.0)
    assert found is not None
    assert (str(found.activation), found.named) == ("silu", "values")
