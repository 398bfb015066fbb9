"""Text -> Activation: `elu`, `elu:alpha=0.5`, `keras.leaky_relu`, `x*tanh(x)`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType

from actcli.activations.base import Activation
from actcli.activations.registry import Named, beginning_with, lookup, suggestions
from actcli.errors import UsageError, quoted
from actcli.numeral import numeral

_FORMULA_WORDS = frozenset({"x", "pi", "e"})


@lru_cache(maxsize=256)
def find(text: str) -> Activation:
    """The activation that a text names: a name, a name with parameters, or a formula in x.

    Raises:
        UsageError: there is no such name or parameter, a value is out of bounds, or the formula is
            not one; the message says what would be right.
    """
    text = text.strip()
    found = _named(text)
    if found is None:
        from actcli.formula.expression import expression

        return expression(text)
    return found if str(found) == text else found.known_as(text)


def _named(text: str) -> Activation | None:
    """What a name stands for, with its parameters; None where the text is a formula."""
    name, colon, params = text.partition(":")
    if not _is_name(name):
        name, colon = text, ""
    if text.rpartition(".")[2] in _FORMULA_WORDS or not (
        _is_name(name) or (_is_spelling(name) and lookup(name))
    ):
        return None
    cls = lookup(name)
    given = params if colon else None
    if cls is not None:
        return cls(**_parameters(cls, given))
    if "." in name:
        return _in_library(name, given)
    return _primitive(name, given)


def _is_name(text: str) -> bool:
    """Whether the text is an identifier of ASCII characters, or several with dots between."""
    return text.isascii() and text[:1] != "." and text.replace(".", "_").isidentifier()


def _is_spelling(text: str) -> bool:
    """Whether a name may be written so, with hyphens or spaces; `x-1` is a formula."""
    words = re.split("[-_ ]", text)
    is_name = words[0].isidentifier() and all(map(str.isalnum, words))
    return is_name and not _FORMULA_WORDS & {*words}


def _in_library(path: str, params: str | None) -> Activation:
    """What a framework means by a name, or what its function, or numpy's, makes of x."""
    from actcli.activations.frameworks import FRAMEWORKS
    from actcli.formula.vocabulary import in_framework, is_library

    *rooms, written = path.split(".")
    if not is_library(rooms[0]):
        raise UsageError(f"unknown framework {quoted(rooms[0])}: there are {', '.join(FRAMEWORKS)}")
    meant = in_framework(rooms, written)
    return _in_framework(*meant, params) if meant else _called(path, params)


def _primitive(name: str, params: str | None) -> Activation:
    """What formulas have beside the catalogue: `tan`, `cosh`, `clip:min=0`."""
    from actcli.formula.vocabulary import is_primitive

    if not is_primitive(name):
        raise UsageError(_unknown(name))
    return _called(name, params)


def _called(path: str, params: str | None) -> Activation:
    """The function that `np.tanh` or `torch.clamp:min=0,max=6` is."""
    given = [f", {key}={text}" for key, text in _pairs(path, params).items()]
    function = _formula(f"{path}(x{''.join(given)})", "")
    cls = None if given else lookup(path.rpartition(".")[2])
    return cls() if cls else function


def _in_framework(key: str, name: str, params: str | None) -> Activation:
    """What a framework means by a name; the parameters given come before the framework's own."""
    from actcli.activations.frameworks import FRAMEWORKS

    pairs = _pairs(f"{key}.{name}", params)
    try:
        one, given = FRAMEWORKS[key].resolved(name, pairs)
    except UsageError as error:
        raise UsageError(f"{key}.{error}") from None
    values = {here: _number(text, f"{key}.{name}: {here}") for here, text in given.items()}
    for here, value in values.items():
        if not FRAMEWORKS[key].admits(name, {here: value}):
            allowed = FRAMEWORKS[key].bounds[name][here]
            raise UsageError(f"{key}.{name}: {here} must be {allowed}, not {value:g}")
    if one.is_formula:
        text = one.filled({here: _written(value) for here, value in values.items()})
        return _formula(text, f"{key}.{name}: ")
    base = find(one.meaning)
    assert isinstance(base, Named)
    return type(base)(**{**base.params, **values})


def _formula(text: str, prefix: str) -> Activation:
    """The function of a formula that nobody has typed, so that no column helps with it."""
    from actcli.formula.expression import expression

    try:
        return expression(text)
    except UsageError as error:
        _, _, reason = str(error).partition(": ")
        raise UsageError(f"{prefix}{reason}") from None


def _written(value: float) -> str:
    """A number as it stands in a formula."""
    return f"{value:.17g}" if float(f"{value:g}") != value else f"{value:g}"


def completions(incomplete: str) -> Iterator[tuple[str, str]]:
    """What the text may go on to: (text, summary) pairs; parameters after a colon or a comma."""
    name, colon, given = incomplete.partition(":")
    cls = lookup(name) if colon else None
    before, comma, started = given.rpartition(",")
    if cls is not None:
        for parameter in cls.parameters():
            if parameter.name.startswith(started):
                yield f"{name}:{before}{comma}{parameter.name}=", parameter.doc
    elif "." in name:
        yield from _completions_of_a_framework(name, colon, before + comma, started)
    else:
        for named in beginning_with(incomplete):
            yield named.name, named.summary()


def _completions_of_a_framework(
    name: str, colon: str, before: str, started: str
) -> Iterator[tuple[str, str]]:
    from actcli.activations.frameworks import FRAMEWORKS

    key, _, begun = name.partition(".")
    for one in FRAMEWORKS[key].signatures if key in FRAMEWORKS else ():
        if not colon and one.name.startswith(begun):
            yield f"{key}.{one.name}", one.meaning
        for there in (*one.takes, *one.options) if colon and one.name == begun else ():
            if there.startswith(started):
                yield f"{name}:{before}{there}=", one.takes.get(there, one.meaning)


def _unknown(name: str) -> str:
    from actcli.activations.frameworks.vectors import why_not_elementwise

    if reason := why_not_elementwise(name):
        return f"{name} {reason}"
    close = suggestions(name)
    if close:
        return f"unknown activation {quoted(name)}: did you mean {' or '.join(close)}?"
    return (
        f"unknown activation {quoted(name)}: `actcli list` shows the names; "
        "a formula is written in x, such as 'x*tanh(x)'"
    )


def _parameters(cls: type[Named], text: str | None) -> dict[str, float]:
    known = [p.name for p in cls.parameters()]
    values: dict[str, float] = {}
    for key, number in _pairs(cls.name, text).items():
        if key not in known:
            has = f"its parameters are: {', '.join(known)}" if known else "it has none"
            raise UsageError(f"{cls.name} has no parameter {quoted(key)}: {has}")
        values[key] = _number(number, f"{cls.name}: {key}")
    return values


def _pairs(name: str, text: str | None) -> dict[str, str]:
    """What stands after the colon, by key."""
    values: dict[str, str] = {}
    for pair in text.split(",") if text is not None else ():
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise UsageError(f"{name}: write parameters as key=value, not {quoted(pair)}")
        if key in values:
            raise UsageError(f"{name}: parameter {key} is given twice")
        values[key] = value
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
