"""The formula language: a formula in x as an activation, parsed and never run as Python."""

from actcli.formula.expression import Expression, expression

__all__ = ["Expression", "expression"]
