"""What defines an activation, as another program can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from actcli.activations.base import Activation
from actcli.activations.registry import Named


class Formula(NamedTuple):
    """What defines a function."""

    formula: str
    params: Mapping[str, float]
    exact: Mapping[str, str]
    """The parameters whose number is meant to be one that no double is, as `1/6`."""


def formula_of(activation: Activation) -> Formula:
    """What defines an activation."""
    declared = activation.parameters() if isinstance(activation, Named) else ()
    given = activation.params
    exact = {p.name: p.exact for p in declared if p.exact and given[p.name] == p.default}
    return Formula(activation.formula, given, exact)
