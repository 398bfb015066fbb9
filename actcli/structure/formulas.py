"""The formulas of activations, of which everything is proved."""

from __future__ import annotations

from collections.abc import Mapping

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.formula import Expression
from actcli.formula.by_formula import program_of
from actcli.formula.program import Program


def program_and_params(activation: Activation) -> tuple[Program, Mapping[str, float]]:
    """The formula of an activation, and the values of its parameters."""
    if isinstance(activation, Named):
        return program_of(type(activation)), activation.params
    if isinstance(activation, Expression):
        return activation.program, {}
    from actcli.formula import expression

    return expression(activation.formula).program, {}
