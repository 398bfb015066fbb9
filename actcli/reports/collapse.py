"""What folding a network shows: the verdict, the runs in a table, the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from actcli.networks.folding.results import Collapse
from actcli.networks.layers import shape_text
from actcli.networks.network import span
from actcli.reports.collapse_break import about_break, about_gap
from actcli.reports.collapse_runs import MOST, listed
from actcli.reports.collapse_words import evidence, verdict
from actcli.reports.long_lists import ALL
from actcli.results import Report, Row


class CollapseReport(Report[Collapse]):
    """A row for each linear run."""

    header = (
        *("run", "layers", "input", "output", "form", "parameters_before", "parameters_after"),
        *("multiply_adds_before", "multiply_adds_after", "order", "rank", "condition"),
        *("deviation", "bound", "pays"),
    )

    def subject(self) -> str:
        """The stack or the file."""
        return self.result.source

    def rows(self) -> Iterator[Row]:
        """One for each run."""
        for number, run in enumerate(self.result.runs, start=1):
            named = {
                "run": number,
                "layers": span(run.layers),
                "input": shape_text(run.input_shape),
                "output": shape_text(run.output_shape),
            }
            yield named | {key: getattr(run, key) for key in self.header[4:]}

    def shown(self) -> Iterable[Row]:
        """The runs in their order, with what stands between them."""
        return () if self.result.is_one_run else listed(self.result, self.every)

    def sentences(self) -> Sequence[str]:
        """The verdict."""
        return [*verdict(self.result), *([] if self.result.is_one_run else [""])]

    def details(self) -> Sequence[str]:
        """The evidence of each fold, and of the break."""
        found = self.result
        lines = list(evidence(found, self.every))
        if not self.every and len(found.runs) > MOST:
            lines.insert(0, f"Of {len(found.runs)} runs the {MOST} that save most; {ALL}.")
        if found.refutation:
            lines += ["", *about_break(found.refutation)]
        if found.affine_gap:
            lines.append(about_gap(found.affine_gap))
        return lines
