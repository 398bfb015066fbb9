"""What the catalogue holds."""

from __future__ import annotations

from dataclasses import dataclass

from actcli.activations.registry import FAMILIES, Named, Parameter, catalogue
from actcli.errors import UsageError, quoted


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


def listing(family: str | None = None, search: str | None = None) -> list[Entry]:
    """The entries of a family (all, where it is None) that have a text in name, alias or summary.

    Raises:
        UsageError: there is no such family.
    """
    if family is not None and family not in FAMILIES:
        raise UsageError(f"no family {quoted(family)}: the families are {', '.join(FAMILIES)}")
    return [
        _entry(cls())
        for cls in catalogue().values()
        if family in (None, cls.family()) and (search is None or _mentions(cls, search))
    ]


def _mentions(cls: type[Named], text: str) -> bool:
    haystack = " ".join((cls.name, *cls.aliases, cls.summary(), cls.reference))
    return text.lower() in haystack.lower()


def _entry(activation: Named) -> Entry:
    return Entry(
        name=activation.name,
        family=activation.family(),
        summary=activation.summary(),
        formula=activation.formula,
        parameters=activation.parameters(),
        aliases=activation.aliases,
        reference=activation.reference,
    )
