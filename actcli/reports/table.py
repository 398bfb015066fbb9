"""Values and derivatives in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from actcli.functions.sample import Sample
from actcli.reports.derivative import said
from actcli.results import Columns, Report


class SampleReport(Report[Sample]):
    """A row for each point."""

    header: ClassVar[tuple[str, ...]] = ("activation", "x", "value", "derivative")
    said = ("activation",)

    def columns(self) -> Iterator[Columns]:
        """The points in blocks."""
        for block in self.result.blocks():
            yield dict(zip(self.header, (self.result.activation, *block), strict=True))

    def sentences(self) -> Sequence[str]:
        """Which function this is, and its derivatives."""
        name, formula = self.result.activation, self.result.formula
        head = formula if formula == name else f"{name}: {formula}"
        return (head, *said(self.result.derivative_formula, self.result.second_derivative_formula))


class SecondOrderReport(SampleReport):
    """A row for each point, f'' in it."""

    header = (*SampleReport.header, "second_derivative")
