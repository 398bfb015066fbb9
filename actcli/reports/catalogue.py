"""The catalogue as a page shows it: a card for each function."""

from __future__ import annotations

import math

from actcli.activations.frameworks import spellings
from actcli.activations.registry import catalogue
from actcli.charts.web.card import Card
from actcli.functions.choosing.lookup import known
from actcli.functions.choosing.value import Value
from actcli.functions.listing import Entry
from actcli.numeric.display import short
from actcli.reports.derivative import shown
from actcli.reports.plot import picture

SAID = {
    "bounded": "bounded",
    "strict": "strictly monotone",
    "odd": "odd",
    "even": "even",
    "periodic": "periodic",
    "smooth": "smooth",
    "nonnegative": "nonnegative",
    "saturates_left": "saturates left",
    "saturates_right": "saturates right",
    "hard": "hard",
    "dead_zone": "dead zone",
    "plateau": "plateau",
}
"""Facts that are worth a word where they hold."""


def card(entry: Entry) -> Card:
    """The card of an entry, at its default parameters."""
    activation = catalogue()[entry.name]()
    (sample,), chart = picture([activation])
    found = known(activation, [*SAID, "monotone", "kinks", "continuous", *_NUMBERS])
    return Card(
        name=entry.name,
        family=entry.family,
        aliases=entry.aliases,
        summary=entry.summary,
        formulas=(("f(x)", entry.formula), ("f\N{PRIME}(x)", shown(sample.derivative_formula))),
        facts=[*_facts(found), *_parameters(entry)],
        words=_words(found),
        calls=[(one.framework, one.calls) for one in spellings(activation) if one.calls],
        reference=entry.reference,
        chart=chart._replace(title=f"{entry.name} and its derivative"),
    )


_NUMBERS = ("range_low", "range_high", "lipschitz")


def _facts(found: dict[str, Value]) -> list[tuple[str, str]]:
    low, high, steepest = (_number(found[name]) for name in _NUMBERS)
    return [("range", f"{low} to {high}"), ("Lipschitz", steepest)]


def _parameters(entry: Entry) -> list[tuple[str, str]]:
    given = ", ".join(f"{one.name} = {short(one.default)}" for one in entry.parameters)
    return [("parameters", given)] if given else []


def _number(value: Value) -> str:
    if not isinstance(value, float):
        return "not decided"
    if math.isinf(value):
        return "\N{INFINITY}" if value > 0 else "\N{MINUS SIGN}\N{INFINITY}"
    return short(value).replace("-", "\N{MINUS SIGN}")


def _words(found: dict[str, Value]) -> list[str]:
    words = [word for name, word in SAID.items() if found[name]]
    if found["monotone"] and not found["strict"]:
        words.insert(0, "monotone")
    if not found["continuous"]:
        words.append("jumps")
    elif count := found["kinks"]:
        words.append(f"{count:.0f} kink{'s' if count != 1 else ''}")
    return words
