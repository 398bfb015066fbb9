"""What a framework is: its names, the parameters they take there, and what they mean here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from actcli.activations.registry import folded
from actcli.bounds import Bounds
from actcli.errors import UsageError, quoted

Rows = Mapping[str, str]
"""What it is here -> the names for it there, with spaces between them.

A name is written with what it takes there: `LeakyRelu(alpha=negative_slope)` sets our parameter
`negative_slope` by its `alpha`, `elu(alpha)` has our name for it, `gelu(approximate='tanh')` means
the row with that option only. Where the row is a formula, `softplus(beta=1,threshold=20)` gives the
defaults of its parameters; what follows a `*` is set by name only. Of several rows with one name
the first that takes what is given is meant.
"""

NEUTRAL = frozenset({"inplace", "name", "num_parameters"})
"""What frameworks take and no value depends on."""


class Signature(NamedTuple):
    """A name there, what it takes, and what it means here."""

    name: str
    meaning: str
    """`leaky_relu:negative_slope=0.2`, or a formula."""
    takes: Mapping[str, str]
    """The parameters there, in order -> those here."""
    order: tuple[str, ...]
    """What may be given by position."""
    defaults: Mapping[str, str]
    """Of a formula: its parameters -> their defaults."""
    options: Mapping[str, str]
    """What has to be said with the name, unless it is the default there."""

    @property
    def is_formula(self) -> bool:
        """Whether the meaning is a formula, with parameters to be filled in."""
        return re.match(r"[a-z]\w+(:|$)", self.meaning) is None

    def filled(self, values: Mapping[str, str]) -> str:
        """The formula with its parameters as these texts, or as their defaults."""
        known = {**self.defaults, **values}
        return re.sub(r"[A-Za-z_]\w*", lambda word: _filled(word, known), self.meaning)

    def bound(self, given: Mapping[str, Any], ordered: Sequence[Any]) -> dict[str, Any] | None:
        """Our parameters as they are given there; None where this row does not take them.

        Our own names for them are understood too.
        """
        if len(ordered) > len(self.order):
            return None
        names = {**{there: there for there in self.takes.values()}, **dict.fromkeys(self.options)}
        names = {**names, **self.takes}
        values = dict(zip(self.order, ordered, strict=False))
        if not given.keys() <= names.keys() or given.keys() & values.keys():
            return None
        values |= given
        for key in self.options.keys() & values.keys():
            if str(values.pop(key)).strip("'\"").lower() != self.options[key].lower():
                return None
        found = {str(names[key]): value for key, value in values.items()}
        is_whole = not self.is_formula or {*self.takes.values()} <= {*self.defaults, *found}
        return found if is_whole else None


class Framework(NamedTuple):
    """The activations of a framework, by their names there."""

    title: str
    rows: Rows
    not_elementwise: Rows = {}
    """Names of what is no function of one number, by keys of `NOT_ELEMENTWISE`."""
    slopes: Mapping[str, Mapping[float, float]] = {}
    """Catalogue name -> x -> f'(x) there, where that differs from ours; for default parameters."""
    function: str = "{name}(x{comma}{arguments})"
    """How a call of a name in small letters is written there."""
    layer: str = "{name}({arguments})"
    """How one of a name with a capital is written."""
    calls: Mapping[str, str] = {}
    """Names whose calls are written otherwise, with our parameters or theirs in braces."""
    bounds: Mapping[str, Mapping[str, Bounds]] = {}
    """Name there -> our parameter -> what it may be there, where that is less than here."""
    near: Mapping[str, tuple[str, str]] = {}
    """Catalogue name -> names there of what is nearly it, and what is different."""
    by_position: bool = False
    """Whether parameters are given by position there."""

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Every name of every row."""
        return _signatures(tuple(self.rows.items()))

    @property
    def names(self) -> dict[str, str]:
        """Every name there -> what it is here by itself, as `find` reads it."""
        first = {one.name: one for one in reversed(self.signatures)}
        return {
            one.name: one.filled({}) if one.is_formula else one.meaning
            for one in self.signatures
            if one is first[one.name]
        }

    def meanings(self, name: str) -> dict[str, str]:
        """The names there that match: the very name, or those that differ in case and separators.

        One of `NOT_ELEMENTWISE` is matched too, and means its key there.
        """
        vectors = {
            there: here for here, row in self.not_elementwise.items() for there in row.split()
        }
        known = vectors | self.names
        if name in known:
            return {name: known[name]}
        return {there: here for there, here in known.items() if folded(there) == folded(name)}

    def resolved(
        self, name: str, given: Mapping[str, Any], ordered: Sequence[Any] = ()
    ) -> tuple[Signature, dict[str, Any]]:
        """What a name there means with some parameters: the row, and ours as they are given.

        Raises:
            UsageError: it takes no such parameters.
        """
        rows = [one for one in self.signatures if one.name == name]
        asked = {key: value for key, value in given.items() if key not in NEUTRAL}
        for one in rows:
            values = one.bound(asked, ordered)
            if values is not None:
                return one, values
        raise UsageError(_refusal(rows, asked, ordered))

    def written(self, one: Signature, params: Mapping[str, float], own: Mapping[str, float]) -> str:
        """The call of a name there by which it is the function of these parameters here.

        `own` are the parameters that it has there by itself.
        """
        changed = [there for there, here in one.takes.items() if params[here] != own[here]]
        if self.by_position and changed:
            upto = [*one.takes].index(changed[-1]) + 1
            arguments = [repr(params[here]) for here in [*one.takes.values()][:upto]]
        else:
            arguments = [f"{there}={params[one.takes[there]]!r}" for there in changed]
        first = next(row for row in self.signatures if row.name == one.name)
        if one is not first:
            arguments += [f"{key}={_option(text)}" for key, text in one.options.items()]
        pattern = self.layer if one.name[0].isupper() else self.function
        ours = {key: repr(value) for key, value in params.items()}
        theirs = {there: ours[here] for there, here in one.takes.items()}
        return self.calls.get(one.name, pattern).format(
            name=one.name,
            arguments=", ".join(arguments),
            comma=", " if arguments else "",
            **(ours | theirs | dict(one.options)),
        )

    def admits(self, name: str, values: Mapping[str, float]) -> bool:
        """Whether a name there takes these values of our parameters."""
        bounds = self.bounds.get(name, {})
        return all(bounds[key].admit(values[key]) for key in bounds.keys() & values.keys())

    @property
    def listed(self) -> str:
        """The first few names there, for a message."""
        return f"{', '.join([*dict.fromkeys(one.name for one in self.signatures)][:6])}, ..."

    def suggestions(self, name: str) -> list[str]:
        """Names there that look like this one, best first."""
        from difflib import get_close_matches

        known = {folded(one.name): one.name for one in reversed(self.signatures)}
        return [known[key] for key in get_close_matches(folded(name), known, n=3)]


@cache
def _signatures(rows: tuple[tuple[str, str], ...]) -> tuple[Signature, ...]:
    return tuple(_signature(text, meaning) for meaning, row in rows for text in row.split())


def _signature(text: str, meaning: str) -> Signature:
    name, _, inside = text.partition("(")
    before, _, after = inside.rstrip(")").partition("*")
    positional = [*_arguments(before)]
    takes: dict[str, str] = {}
    defaults: dict[str, str] = {}
    options: dict[str, str] = {}
    for key, value in [*positional, *_arguments(after)]:
        if value.startswith("'") or value in ("True", "False"):
            options[key] = value.strip("'")
        elif value[:1].isalpha():
            takes[key] = value
        else:
            takes[key] = key
            defaults |= {key: value} if value else {}
    return Signature(
        name=name,
        meaning=meaning,
        takes=takes,
        order=tuple(key for key, _ in positional),
        defaults=defaults,
        options=options,
    )


def _arguments(text: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, text.split(",")):
        key, _, value = part.partition("=")
        yield key, value


def _filled(word: re.Match[str], known: Mapping[str, str]) -> str:
    # the name of a keyword stays: `softplus(x, beta=beta)`
    is_keyword = word.string[word.end() : word.end() + 1] == "="
    return word.group() if is_keyword else known.get(word.group(), word.group())


def _refusal(rows: Sequence[Signature], given: Mapping[str, Any], ordered: Sequence[Any]) -> str:
    name = rows[0].name
    known = [*dict.fromkeys(key for one in rows for key in (*one.takes, *one.options))]
    has = f"its parameters are: {', '.join(known)}" if known else "it has none"
    strange = [key for key in given if key not in known]
    if strange:
        return f"{name} has no parameter {quoted(strange[0])}: {has}"
    texts = [*dict.fromkeys(text for one in rows for text in one.options.values())]
    for key, value in given.items():
        if any(key in one.options for one in rows) and str(value).strip("'\"") not in texts:
            said = f", not {quoted(value)}" if isinstance(value, str) else ""
            return f"{name}: {key} must be {' or '.join(texts)}{said}"
    if ordered:
        return f"{name} does not take that many arguments: {has}"
    return f"{name} does not take {', '.join(given)} together: {has}"


def _option(text: str) -> str:
    return text if text in ("True", "False") else f'"{text}"'
