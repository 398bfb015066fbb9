"""Text -> Activation: `elu`, `elu:alpha=0.5`, `keras.leaky_relu`, `x*tanh(x)`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from actcli.activations.base import Activation
from actcli.activations.registry import Named, catalogue, lookup, suggestions
from actcli.errors import UsageError, quoted
from actcli.numeral import numeral

if TYPE_CHECKING:
    from actcli.activations.frameworks import Framework

_FORMULA_WORDS = frozenset({"x", "pi", "e"})


@lru_cache(maxsize=256)
def find(text: str) -> Activation:
    """The activation that a text names: a name, a name with parameters, or a formula in x.

    Raises:
        UsageError: there is no such name or parameter, a value is out of bounds, or the formula is
            not one; the message says what would be right.
    """
    text = text.strip()
    name, colon, params = text.partition(":")
    if not _is_name(name):
        name, colon = text, ""
    if not (_is_name(name) or (_may_be_entered(name) and lookup(name))) or text in _FORMULA_WORDS:
        from actcli.formula import expression

        return expression(text)
    cls = lookup(name)
    if cls is not None:
        return cls(**_parameters(cls, params if colon else None))
    if "." in name:
        return _in_framework(name, params if colon else None)
    raise UsageError(_unknown(name))


def _is_name(text: str) -> bool:
    """Whether the text is an identifier of ASCII characters, or several with dots between."""
    return text.isascii() and text[:1] != "." and text.replace(".", "_").isidentifier()


def _may_be_entered(text: str) -> bool:
    """Whether the catalogue might know a text that is no name: brackets are in formulas alone."""
    return not {*text} & {*"()*/+"}


def _in_framework(path: str, params: str | None) -> Activation:
    """What a framework means by a name; what stands between the two does not matter.

    The parameters given come before the framework's own.
    """
    from actcli.activations.frameworks import FRAMEWORKS

    *rooms, name = path.split(".")
    keys = [room.lower() for room in rooms if room.lower() in FRAMEWORKS]
    if not keys:
        raise UsageError(f"unknown framework {quoted(rooms[0])}: there are {', '.join(FRAMEWORKS)}")
    found = find(_meaning(keys[-1], FRAMEWORKS[keys[-1]], name))
    if params is None:
        return found
    if not isinstance(found, Named):
        raise UsageError(f"{path} has no parameters")
    return type(found)(**{**found.params, **_parameters(type(found), params)})


def _meaning(key: str, framework: Framework, name: str) -> str:
    """The text for what a framework means by a name."""
    meanings = framework.meanings(name)
    if not meanings:
        close = framework.suggestions(name)
        advice = f"did you mean {' or '.join(close)}?" if close else f"it has {framework.listed}"
        raise UsageError(f"{key} has no activation {quoted(name)}: {advice}")
    if len({*meanings.values()}) > 1:
        said = " or ".join(f"{key}.{there} ({here})" for there, here in meanings.items())
        raise UsageError(f"{quoted(name)} is ambiguous: it may be {said}")
    (meaning,) = {*meanings.values()}
    if meaning in framework.not_elementwise:
        raise UsageError(f"{key}.{name} {_not_elementwise(meaning)}")
    return meaning


def _not_elementwise(name: str) -> str | None:
    from actcli.activations.frameworks import why_not_elementwise

    reason = why_not_elementwise(name)
    return reason and f"is not a function of one number: {reason}"


def completions(incomplete: str) -> Iterator[tuple[str, str]]:
    """What the text may go on to: (text, summary) pairs; parameters after a colon or a comma."""
    from actcli.activations.frameworks import FRAMEWORKS

    name, colon, given = incomplete.partition(":")
    cls = lookup(name) if colon else None
    key, _, begun = incomplete.partition(".")
    if key in FRAMEWORKS:
        for there, meaning in FRAMEWORKS[key].names.items():
            if there.startswith(begun):
                yield f"{key}.{there}", meaning
    elif cls is None:
        for named in catalogue().values():
            if named.name.startswith(incomplete):
                yield named.name, named.summary()
    else:
        before, comma, begun = given.rpartition(",")
        for parameter in cls.parameters():
            if parameter.name.startswith(begun):
                yield f"{name}:{before}{comma}{parameter.name}=", parameter.doc


def _unknown(name: str) -> str:
    vector = _not_elementwise(name)
    if vector:
        return f"{name} {vector}"
    close = suggestions(name)
    if close:
        return f"unknown activation {quoted(name)}: did you mean {' or '.join(close)}?"
    return (
        f"unknown activation {quoted(name)}: `actcli list` shows the names; "
        "a formula is written in x, such as 'x*tanh(x)'"
    )


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
    try:
        return numeral(text)
    except ValueError:
        raise UsageError(f"{what} must be a number, not {quoted(text)}") from None


class _Find(ModuleType):
    """This module, whose name within the package is also that of its function."""

    def __call__(self, text: str) -> Activation:
        return find(text)


sys.modules[__name__].__class__ = _Find
