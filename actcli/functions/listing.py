"""What the catalogue holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actcli.activations.registry import FAMILIES, Named, Parameter, catalogue
from actcli.errors import UsageError, quoted
from actcli.functions.choosing.criteria import Value
from actcli.functions.choosing.table import known
from actcli.functions.choosing.where import condition, fact


@dataclass(frozen=True)
class Entry:
    """One named activation."""

    name: str
    """In the catalogue: PyTorch's functional name, where there is one."""
    family: str
    summary: str
    formula: str
    parameters: tuple[Parameter, ...]
    """In the order in which they are given."""
    aliases: tuple[str, ...]
    """Other spellings, case and separators apart."""
    reference: str
    facts: Mapping[str, Value]
    """The facts that were asked for, by name, at the default parameters; null: infinite, not
    decided, or there is nothing that has it."""


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
    chosen = None if where is None else condition(where)
    descending, key = (sort or "")[:1] == "-", fact((sort or "").removeprefix("-")) if sort else ""
    asked = [*map(fact, shown), *(chosen.names if chosen else ()), *([key] if key else [])]
    names = tuple(dict.fromkeys(asked))
    if family is not None and family not in FAMILIES:
        raise UsageError(f"no family {quoted(family)}: the families are {', '.join(FAMILIES)}")
    found = [
        _entry(cls(), names)
        for cls in catalogue().values()
        if family in (None, cls.family()) and (search is None or _mentions(cls, search))
    ]
    if chosen is not None:
        found = [entry for entry in found if chosen.holds(entry.facts)]
    if key:
        last = [entry for entry in found if entry.facts[key] is None]
        first = [entry for entry in found if entry.facts[key] is not None]
        found = [*sorted(first, key=lambda one: one.facts[key], reverse=descending), *last]  # type: ignore[arg-type, return-value]
    return found


def _mentions(cls: type[Named], text: str) -> bool:
    haystack = " ".join((cls.name, *cls.aliases, cls.summary(), cls.reference))
    return text.lower() in haystack.lower()


def _entry(activation: Named, names: Sequence[str]) -> Entry:
    return Entry(
        name=activation.name,
        family=activation.family(),
        summary=activation.summary(),
        formula=activation.formula,
        parameters=activation.parameters(),
        aliases=activation.aliases,
        reference=activation.reference,
        facts=known(activation, names) if names else {},
    )
