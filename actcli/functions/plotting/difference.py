"""The difference of two functions as a function of its own."""

from __future__ import annotations

from actcli.activations.base import Activation
from actcli.formula.expression import expression
from actcli.structure.written import written_out


def difference(f: Activation, g: Activation) -> Activation:
    """The function f - g, right to the last bits where they nearly agree."""
    return expression(f"{written_out(f)} - ({written_out(g)})").known_as(f"{f} - {g}")
