"""What a framework is: its names, and what they mean here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from actcli.activations.registry import folded

Rows = Mapping[str, str]
"""What it is here -> the names for it there, with spaces between them."""


class Framework(NamedTuple):
    """The activations of a framework, by their names there."""

    title: str
    rows: Rows
    not_elementwise: Rows = {}
    """Names of what is no function of one number, by keys of `NOT_ELEMENTWISE`."""
    slopes: Mapping[str, Mapping[float, float]] = {}
    """Catalogue name -> x -> f'(x) there, where that differs from ours; for default parameters."""

    @property
    def names(self) -> dict[str, str]:
        """Every name there -> what it is here, as `names.find` reads it."""
        return _inverted(self.rows)

    def meanings(self, name: str) -> dict[str, str]:
        """The names there that match: the very name, or those that differ in case and separators.

        One of `NOT_ELEMENTWISE` is matched too, and means its key there.
        """
        known = self.names | _inverted(self.not_elementwise)
        if name in known:
            return {name: known[name]}
        return {there: here for there, here in known.items() if folded(there) == folded(name)}

    @property
    def listed(self) -> str:
        """The first few names there, for a message."""
        return f"{', '.join([*self.names][:6])}, ..."

    def suggestions(self, name: str) -> list[str]:
        """Names there that look like this one, best first."""
        from difflib import get_close_matches

        known = {folded(there): there for there in reversed(self.names)}
        return [known[key] for key in get_close_matches(folded(name), known, n=3)]


def _inverted(rows: Rows) -> dict[str, str]:
    return {there: here for here, names in rows.items() for there in names.split()}
