"""What the catalogue holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actcli.activations.registry import FAMILIES, Named, Parameter, catalogue
from actcli.errors import UsageError, quoted
from actcli.functions.choosing.value import Value


@dataclass(frozen=True)
class Entry:
    """One named activation."""

    name: str
    """In the catalogue: PyTorch's functional name, where there is one."""
    activation: str
    """The same, by the key that every other document has."""
    family: str
    summary: str
    formula: str
    parameters: tuple[Parameter, ...]
    """In the order in which they are given."""
    aliases: tuple[str, ...]
    """Other spellings, case and separators apart."""
    reference: str
    facts: Mapping[str, Value]
    """The facts that were asked for, by name, at the default parameters: those shown and sorted by,
    else those of the condition. Null: infinite, not decided, or there is nothing that has it."""


def listing(
    family: str | None = None,
    search: str | None = None,
    *,
    where: str | None = None,
    sort: str | None = None,
    shown: Sequence[str] = (),
) -> list[Entry]:
    """The entries of a family (all, where it is None) that have a text in name, alias or summary.

    Args:
        family: which family.
        search: the text.
        where: a condition on facts, as `choosing.where` reads it.
        sort: the fact to sort by, largest first behind a minus; what has none comes last.
        shown: the facts that are asked for beside those of `where` and `sort`.

    Raises:
        UsageError: there is no such family or fact, or the condition is none.
    """
    if family is not None and family not in FAMILIES:
        raise UsageError(f"no family {quoted(family)}: the families are {', '.join(FAMILIES)}")
    activations = [
        cls()
        for cls in catalogue().values()
        if family in (None, cls.family()) and (search is None or _mentions(cls, search))
    ]
    if where is None and not sort and not shown:
        return [_entry(activation, {}) for activation in activations]
    return _by_facts(activations, where, sort, shown)


def _by_facts(
    activations: Sequence[Named], where: str | None, sort: str | None, shown: Sequence[str]
) -> list[Entry]:
    """Those for which the condition holds, with the facts that are asked for, in the order."""
    from actcli.functions.choosing.lookup import known
    from actcli.functions.choosing.where import condition, fact

    chosen = None if where is None else condition(where)
    key = fact((sort or "").removeprefix("-")) if sort else ""
    names = [*map(fact, shown), *([key] if key else [])] or (chosen.names if chosen else [])
    found = [
        _entry(activation, known(activation, [*dict.fromkeys(names)]))
        for activation in activations
        if chosen is None or chosen.holds(known(activation, chosen.names))
    ]
    return _sorted(found, key, descending=bool(sort and sort[0] == "-")) if key else found


def _sorted(entries: list[Entry], key: str, *, descending: bool) -> list[Entry]:
    """By a fact; those without it last."""

    def rank(entry: Entry) -> Any:
        return entry.facts[key]

    first = [entry for entry in entries if rank(entry) is not None]
    last = [entry for entry in entries if rank(entry) is None]
    return [*sorted(first, key=rank, reverse=descending), *last]


def _mentions(cls: type[Named], text: str) -> bool:
    haystack = " ".join((cls.name, *cls.aliases, cls.summary(), cls.reference))
    return text.lower() in haystack.lower()


def _entry(activation: Named, facts: Mapping[str, Value]) -> Entry:
    return Entry(
        name=activation.name,
        activation=activation.name,
        family=activation.family(),
        summary=activation.summary(),
        formula=activation.formula,
        parameters=activation.parameters(),
        aliases=activation.aliases,
        reference=activation.reference,
        facts=facts,
    )
