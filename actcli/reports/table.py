"""Values and derivatives in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actcli.functions.sample import Sample
from actcli.results import Columns, Report


class SampleReport(Report[Sample]):
    """A row for each point."""

    header = ("activation", "x", "value", "derivative")
    said = ("activation",)

    def columns(self) -> Iterator[Columns]:
        """The points in blocks."""
        for x, value, derivative in self.result.blocks():
            name = self.result.activation
            yield {"activation": name, "x": x, "value": value, "derivative": derivative}

    def sentences(self) -> Sequence[str]:
        """Which function this is."""
        name, formula = self.result.activation, self.result.formula
        return (formula if formula == name else f"{name}: {formula}",)
