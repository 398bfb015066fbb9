"""The default range of x: round, and wide enough for what the function does."""

from __future__ import annotations

import pytest

from actcli.activations.base import Activation
from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.functions.plotting.plot_range import rounded, window
from tests.activations.known import is_endless, kinks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((name, (-6, 6)) for name in ("relu", "sigmoid", "gelu", "tanh", "silu", "softplus")),
        *((text, (-6, 6)) for text in ("1/x", "tan(x)", "x", "3", "x**2", "sin(1/x)")),
        ("gaussian", (-6, 6)),
        ("asinh", (-15, 15)),
        ("sinc", (-10, 10)),
        ("relu6", (-8, 8)),
        ("hardshrink", (-2, 2)),
        ("exp(x)", (-4, 4)),
        ("x**6", (-2, 2)),
        ("sigmoid(50*x)", (-0.4, 0.4)),
        ("sqrt(x)", (0, 6)),
        ("log(x)", (0, 6)),
        ("log(x/(1-x))", (0, 1)),
        ("sqrt(1-x**2)", (-1, 1)),
        ("sqrt(-1-x**2)", (-6, 6)),
    ],
)
def test_the_range_is_round_and_fits(text: str, expected: tuple[float, float]) -> None:
    assert window([find(text)]) == pytest.approx(expected)


def test_what_happens_far_away_is_gone_to() -> None:
    low, high = window([find("sigmoid(x-100)")])
    assert 80 <= low <= 96
    assert 104 <= high <= 120


def test_several_functions_share_the_widest_range() -> None:
    assert window([find("hardshrink"), find("relu6")]) == (-8, 8)


@pytest.mark.parametrize("cls", catalogue().values(), ids=str)
def test_kinks_are_well_inside(cls: type[Activation]) -> None:
    act = cls()
    low, high = window([act])
    assert low < high
    if not is_endless(act):
        assert all(low < 0.9 * kink or kink == 0 for kink in kinks(act) if kink < 0)
        assert all(0.9 * low < kink < 0.9 * high for kink in kinks(act))


@pytest.mark.parametrize(("x", "expected"), [(1, 1), (1.01, 1.2), (0.034, 0.04), (970, 1000)])
def test_rounded(x: float, expected: float) -> None:
    assert rounded(x) == pytest.approx(expected)
