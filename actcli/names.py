"""Text -> Activation: `elu`, `elu:alpha=0.5`, `keras.leaky_relu`, `x*tanh(x)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from actcli.activation import Activation
from actcli.catalogue.registry import Named, catalogue, lookup, suggestions
from actcli.errors import UsageError, quoted

_NAME = re.compile(r"(?P<name>[a-z_][a-z0-9_.]*)(?::(?P<params>.*))?", re.IGNORECASE | re.DOTALL)
_FORMULA_WORDS = frozenset({"x", "pi", "e"})


@lru_cache(maxsize=256)
def find(text: str) -> Activation:
    """The activation that a text names: a name, a name with parameters, or a formula in x.

    Raises:
        UsageError: there is no such name or parameter, a value is out of bounds, or the formula is
            not one; the message says what would be right.
    """
    text = text.strip()
    match = _NAME.fullmatch(text)
    if (match is None and lookup(text) is None) or text in _FORMULA_WORDS:
        from actcli.expression import expression

        return expression(text)
    name, params = match.group("name", "params") if match else (text, None)
    cls = lookup(name)
    if cls is None:
        raise UsageError(f"unknown activation {quoted(name)}: {_advice(name)}")
    return cls(**_parameters(cls, params))


def completions(incomplete: str) -> Iterator[tuple[str, str]]:
    """What the text may go on to: (text, summary) pairs; parameters after a colon or a comma."""
    name, colon, given = incomplete.partition(":")
    cls = lookup(name) if colon else None
    if cls is None:
        for named in catalogue().values():
            if named.name.startswith(incomplete):
                yield named.name, named.summary()
    else:
        before, comma, begun = given.rpartition(",")
        for parameter in cls.parameters():
            if parameter.name.startswith(begun):
                yield f"{name}:{before}{comma}{parameter.name}=", parameter.doc


def _advice(name: str) -> str:
    close = suggestions(name)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return "`actcli list` shows the names; a formula is written in x, such as 'x*tanh(x)'"


def _parameters(cls: type[Named], text: str | None) -> dict[str, float]:
    if text is None:
        return {}
    known = [p.name for p in cls.parameters()]
    values: dict[str, float] = {}
    for pair in text.split(","):
        key, equals, number = (part.strip() for part in pair.partition("="))
        if not equals:
            raise UsageError(f"{cls.name}: write parameters as key=value, not {quoted(pair)}")
        if key not in known:
            has = f"its parameters are: {', '.join(known)}" if known else "it has none"
            raise UsageError(f"{cls.name} has no parameter {quoted(key)}: {has}")
        if key in values:
            raise UsageError(f"{cls.name}: parameter {key} is given twice")
        values[key] = _number(number, f"{cls.name}: {key}")
    return values


def _number(text: str, what: str) -> float:
    """A decimal or a fraction such as 1/6, rounded once."""
    try:
        return float(Fraction(text)) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise UsageError(f"{what} must be a number, not {quoted(text)}") from None
