"""Answers can be copied and pickled, as what goes to another process or into a file is."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import actcli
from actcli.api.answer import Answer
from actcli.functions.saturation import Saturation

ANSWERS: dict[str, Callable[[], Answer[Any]]] = {
    "saturation": lambda: actcli.saturation("sigmoid"),
    "saturation of a formula": lambda: actcli.saturation("round(4*x)/4"),
    "compare": lambda: actcli.compare("gelu", "gelu_tanh"),
    "facts": lambda: actcli.facts("hardswish"),
    "facts of a formula": lambda: actcli.facts("x*tanh(x)"),
    "gain": lambda: actcli.gain("relu"),
    "propagate": lambda: actcli.propagate("tanh"),
    "table": lambda: actcli.table("elu:alpha=0.5", [-1.0, 0.5]),
    "collapse": lambda: actcli.collapse(3, 4, "relu", 2),
}

COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("way", COPIES)
def test_a_copy_answers_the_same(name: str, way: str) -> None:
    answer = ANSWERS[name]()
    other = COPIES[way](answer)
    assert other is not answer
    assert str(other) == str(answer)
    assert other.rows() == answer.rows()
    assert str(COPIES[way](other)) == str(answer)


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_is_of_what_proves_it_too(way: str) -> None:
    """And finds out more, within the time that was left."""
    found: Saturation = actcli.saturation("sigmoid").result
    other: Saturation = COPIES[way](found)
    assert other == found
    assert other.structure.flat(0.1).ranges == found.structure.flat(0.1).ranges
    assert other.structure.symmetry == found.structure.symmetry
    assert other.structure.zeros == found.structure.zeros
