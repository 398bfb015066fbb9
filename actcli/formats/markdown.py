"""A Markdown table, rounded as for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actcli.numeric.display import row_in_words
from actcli.results import Reply


def chunks(reply: Reply) -> Iterator[bytes]:
    """The rows of every report in one table."""
    headed = False
    for report in reply.reports:
        for row in report.rows():
            if not headed:
                headed = True
                yield _line(row) + _line("---" for _ in row)
            yield _line(row_in_words(row, report.exact).values())
        if not headed and report.header:
            headed = True
            yield _line(report.header) + _line("---" for _ in report.header)


def _line(cells: Iterable[str]) -> bytes:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |\n".encode()
