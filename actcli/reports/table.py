"""Values and derivatives in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from actcli.functions.sample import Sample
from actcli.reports.derivative import derivative_lines
from actcli.results import Columns, Report


class SampleReport(Report[Sample]):
    """A row for each point."""

    header: ClassVar[tuple[str, ...]] = ("activation", "x", "value", "derivative")
    said = ("activation",)
    exact = ("x",)

    def columns(self) -> Iterator[Columns]:
        """The points in blocks."""
        for block in self.result.blocks():
            yield dict(zip(self.header, (self.result.activation, *block), strict=True))

    def sentences(self) -> Sequence[str]:
        """Which function this is, and its derivatives."""
        name, formula = self.result.activation, self.result.formula
        head = formula if formula == name else f"{name}: {formula}"
        formulas = self.result.derivative_formula, self.result.second_derivative_formula
        return (head, *derivative_lines(*formulas))


class SecondOrderReport(SampleReport):
    """A row for each point, f'' in it."""

    header = (*SampleReport.header, "second_derivative")


class WideReport(SampleReport):
    """One of several samples at the same points, in one table: the first has the rows of all."""

    header = ()
    compared = True

    def __init__(self, samples: Sequence[Sample], place: int) -> None:
        super().__init__(samples[place])
        self._beside = samples if place == 0 else ()

    def columns(self) -> Iterator[Columns]:
        """The points in blocks: x, and f, f' and maybe f'' of each function, by its name."""
        for blocks in zip(*(sample.blocks() for sample in self._beside), strict=True):
            columns = {"x": blocks[0][0]}
            for sample, (_, *orders) in zip(self._beside, blocks, strict=True):
                for order, column in enumerate(orders):
                    columns[sample.activation + order * "'"] = column
            yield columns
