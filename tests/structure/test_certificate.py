"""The boxes that prove a bound."""

import math
from itertools import pairwise

import pytest

from actcli.find import find
from actcli.structure.certificate import bounded
from actcli.structure.structure import Structure


@pytest.mark.parametrize(("name", "steepest"), [("tanh", 1.0), ("sigmoid", 0.25), ("relu", 1.0)])
def test_the_boxes_of_a_bound_fill_the_line_and_cross_no_level(name: str, steepest: float) -> None:
    structure = Structure(find(name))
    boxes = bounded("f", 1, structure.window, structure.steepness).boxes
    assert (boxes[0].low, boxes[-1].high) == (-math.inf, math.inf)
    assert all(one.high == other.low for one, other in pairwise(boxes))
    for box in boxes:
        low, high = box.enclosure or (math.nan, math.nan)
        assert -low == high <= steepest
        assert (box.claim, box.from_crossing, box.to_crossing, box.jumps) == (
            "between",
            *(False, False, False),
        )
