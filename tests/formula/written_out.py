"""The catalogue as typed formulas."""

from __future__ import annotations

import re

from actcli.activations.registry import Named
from actcli.formula.expression import Expression, expression


def text_of(activation: Named) -> str:
    """The formula of a catalogue entry with its parameters put in as the numbers they stand for."""
    text = activation.formula
    for declared in activation.parameters():
        name, value = declared.name, activation.params[declared.name]
        number = declared.exact if declared.exact and value == declared.default else repr(value)
        text = re.sub(rf"\b{name}\b(?!\s*=[^=])", f"({number})", text)
    return text


def written_out(activation: Named) -> Expression:
    """The formula of a catalogue entry with its parameters put in as numbers."""
    return expression(text_of(activation))
