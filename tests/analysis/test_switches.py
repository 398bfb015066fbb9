"""The places where formulas change branch."""

from __future__ import annotations

import re

import pytest

from actcli.activation import Activation
from actcli.analysis.switches import switches
from actcli.catalogue.registry import catalogue
from actcli.errors import CrowdedError
from actcli.names import find


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("relu", (0.0,)),
        ("elu", (0.0,)),
        ("sqnl", (-2.0, 0.0, 2.0)),
        ("gelu", ()),
        ("x*sigmoid(x)", ()),
        ("max(relu(x), 0.5)", (0.0, 0.5)),
        ("elu(x - 1)", (1.0,)),
        ("where(x > 0.1, x, 0.1)", (0.1,)),
        ("sqrt(x**2)", (0.0,)),
        ("1/(x - 3)", (3.0,)),
        ("log(x)", (0.0,)),
        ("max(x, 0)**2.5", (0.0,)),
        ("abs(exp(x))", ()),
    ],
)
def test_switches(text: str, wanted: tuple[float, ...]) -> None:
    assert switches(find(text)) == wanted


def test_only_those_in_the_window() -> None:
    assert switches(find("relu6"), (1.0, 9.0)) == (6.0,)
    assert switches(find("floor(1/x)"), (0.3, 9.0)) == (1 / 3, 0.5, 1.0)


def test_all_of_those_in_the_window() -> None:
    assert switches(find("floor(x)"), (-0.5, 1000.5)) == tuple(range(1001))
    assert len(switches(find("1/sin(1000*x)"), (0.5, 1.0))) == 159


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("floor(1/x)", "near 0"),
        ("1/sin(1/x)", "near 0"),
        ("tan(1/(x - 3))", "near 3"),
        ("tan(exp(x))", "near 100"),
        ("1/sin(1e6*x)", "from "),
    ],
)
def test_too_many_are_not_cut_short(text: str, where: str) -> None:
    with pytest.raises(CrowdedError, match=rf"^{re.escape(text)} turns too often {where}"):
        switches(find(text))


@pytest.mark.parametrize("cls", catalogue().values(), ids=lambda cls: cls.name)
def test_declared_kinks_are_switches(cls: type[Activation]) -> None:
    activation = cls()
    assert activation.endless or set(activation.kinks) <= set(switches(activation))
