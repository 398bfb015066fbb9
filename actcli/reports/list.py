"""The catalogue: an entry each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actcli.functions.choosing.value import Value
from actcli.functions.listing import Entry
from actcli.numeric.display import short
from actcli.results import Report, Row


class EntryReport(Report[Entry]):
    """One named activation."""

    header = ("activation", "name", "family", "formula", "parameters", "aliases")

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The name; the formula, the parameters' defaults and the other names."""
        entry = self.result
        defaults = " ".join(f"{one.name}={short(one.default)}" for one in entry.parameters)
        lines = [f"{entry.formula}    {defaults}".rstrip()]
        if entry.aliases:
            lines.append(f"also {', '.join(entry.aliases)}")
        return ((entry.name, "\n".join(lines)),)

    def rows(self) -> Iterator[Row]:
        """The entry in one row."""
        entry = self.result
        yield {
            "activation": entry.activation,
            "name": entry.name,
            "family": entry.family,
            "formula": entry.formula,
            "parameters": " ".join(f"{one.name}={one.default!r}" for one in entry.parameters),
            "aliases": " ".join(entry.aliases),
        }


class FactsReport(Report[Entry]):
    """One named activation and the facts that are asked for: a row of one table."""

    compared = True

    def rows(self) -> Iterator[Row]:
        """The entry in one row."""
        facts = {name: value for name, value in self.result.facts.items() if name != "name"}
        yield {"activation": self.result.name, **facts}

    def shown(self) -> Iterator[Row]:
        """Counts as whole numbers."""
        for row in self.rows():
            yield {key: _count(value) for key, value in row.items()}


def _count(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value
