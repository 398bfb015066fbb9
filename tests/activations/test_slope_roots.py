"""The table of roots of derivatives is what the formulas say."""

from __future__ import annotations

import pytest

from actcli.activations import slope_roots
from actcli.activations.registry import catalogue
from actcli.numeric.root import Root
from tests.activations.root_coefficients import NEAR, series


@pytest.mark.parametrize("name", NEAR)
def test_root_and_series(name: str) -> None:
    root: Root = getattr(slope_roots, name.upper())
    assert root == series(catalogue()[name](), NEAR[name], root.reach)


def test_every_root_is_checked() -> None:
    declared = {name for name, value in vars(slope_roots).items() if isinstance(value, Root)}
    assert declared == {name.upper() for name in NEAR}
