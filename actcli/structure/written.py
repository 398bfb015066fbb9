"""What an activation is by definition: the formula that it is written as."""

from __future__ import annotations

from collections.abc import Mapping

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.formula.by_formula import program_of
from actcli.formula.program import Program


def program_and_params(activation: Activation) -> tuple[Program, Mapping[str, float]]:
    """The formula of an activation, and the values of its parameters."""
    if isinstance(activation, Named):
        return program_of(type(activation)), activation.params
    from actcli.formula.expression import Expression, expression

    if isinstance(activation, Expression):
        return activation.program, {}
    return expression(activation.formula).program, {}


def written_out(activation: Activation) -> str:
    """A formula of x that is the activation, its parameters put in."""
    if isinstance(activation, Named):
        given = "".join(f", {key}={value!r}" for key, value in activation.params.items())
        return f"{activation.name}(x{given})"
    return activation.formula
