"""Enclosures of a function from its formula alone."""

from __future__ import annotations

import pytest

from actcli.find import find
from actcli.structure.function import LARGEST, ProvedFunction


@pytest.mark.parametrize(("x", "limit"), [(LARGEST / 2, 0.0), (LARGEST, None)])
def test_beyond_the_double_that_stands_for_infinity_no_limit_is_looked_for(
    x: float, limit: float | None
) -> None:
    """Where a root begins its slope is infinite, and germs alone know its limit."""
    found = ProvedFunction.of(find(f"sqrt(abs(x) - {x!r})")).limit(x, 1)
    assert (None if found is None else float(found.ball)) == limit
