"""The catalogue as typed formulas."""

from __future__ import annotations

import re

from actcli.activations.registry import Named
from actcli.formula.expression import Expression, expression


def written_out(activation: Named) -> Expression:
    """The formula of a catalogue entry with its parameters put in as numbers."""
    text = activation.formula
    for name, value in activation.params.items():
        text = re.sub(rf"\b{name}\b(?!\s*=[^=])", f"({value!r})", text)
    return expression(text)
