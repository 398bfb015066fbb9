"""What the catalogue holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from actcli.activations.registry import FAMILIES, Named, Parameter, catalogue
from actcli.errors import UsageError, quoted
from actcli.results import Answer, Row


@dataclass(frozen=True)
class Entry(Answer):
    """One named activation."""

    header: ClassVar = ("name", "family", "formula", "parameters", "aliases")

    name: str
    family: str
    summary: str
    formula: str
    parameters: tuple[Parameter, ...]
    aliases: tuple[str, ...]
    reference: str

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The name; the formula, the parameters' defaults and the other names."""
        lines = [f"{self.formula}    {self._defaults()}".rstrip()]
        if self.aliases:
            lines.append(f"also {', '.join(self.aliases)}")
        return ((self.name, "\n".join(lines)),)

    def _defaults(self) -> str:
        return " ".join(f"{p.name}={p.default:.6g}" for p in self.parameters)

    def rows(self) -> tuple[Row]:
        """The entry in one row."""
        return (
            {
                "name": self.name,
                "family": self.family,
                "formula": self.formula,
                "parameters": self._defaults(),
                "aliases": " ".join(self.aliases),
            },
        )


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
