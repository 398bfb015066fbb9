"""Values and derivatives in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from actcli.functions.sample import Sample
from actcli.results import Columns, Report


class SampleReport(Report[Sample]):
    """A row for each point."""

    header: ClassVar[tuple[str, ...]] = ("activation", "x", "value", "derivative")
    said = ("activation",)
    exact = ("x",)

    def columns(self) -> Iterator[Columns]:
        """The points in blocks."""
        for x, value, derivative in self.result.blocks():
            name = self.result.activation
            yield {"activation": name, "x": x, "value": value, "derivative": derivative}

    def sentences(self) -> Sequence[str]:
        """Which function this is."""
        name, formula = self.result.activation, self.result.formula
        return (formula if formula == name else f"{name}: {formula}",)


class WideReport(SampleReport):
    """One of several samples at the same points, in one table: the first has the rows of all."""

    header = ()
    compared = True

    def __init__(self, samples: Sequence[Sample], place: int) -> None:
        super().__init__(samples[place])
        self._beside = samples if place == 0 else ()

    def columns(self) -> Iterator[Columns]:
        """The points in blocks: x, and f and f' of each function, by its name."""
        for blocks in zip(*(sample.blocks() for sample in self._beside), strict=True):
            columns = {"x": blocks[0][0]}
            for sample, (_, value, derivative) in zip(self._beside, blocks, strict=True):
                columns[sample.activation] = value
                columns[f"{sample.activation}'"] = derivative
            yield columns
