"""Zeros by the signs of f alone: the same as by its monotone pieces."""

from __future__ import annotations

import pytest

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.functions.views import structure_of
from actcli.structure.boxes import EVERYWHERE
from actcli.structure.function import LARGEST
from actcli.structure.points.zeros import by_signs
from actcli.structure.structure import Structure

TOUCHES = ["x + (x - 1.1)**2", "x + sin(x)**2"]
CLOSE_TO_A_DOUBLE = ["laplace:sigma=0.01", "x - x*tanh(30*(x - 2))", "2*x + 1 - exp(-x)"]


@pytest.mark.parametrize("text", [*catalogue(), *TOUCHES, *CLOSE_TO_A_DOUBLE])
def test_fixed_points_are_those_of_monotone_pieces(text: str) -> None:
    structure = structure_of(find(text), None)
    less_x = structure.less_x
    low, high = structure.window
    window = max(low, -LARGEST), min(high, LARGEST)
    found = by_signs(less_x.function, window, structure.focus)
    if structure.branches == ((), ()) and found is not None:
        assert found == less_x.zeros


@pytest.mark.parametrize("text", TOUCHES)
def test_signs_do_not_tell_where_zero_is_touched(text: str) -> None:
    structure = Structure(find(text))
    assert by_signs(structure.less_x.function, EVERYWHERE) is None
