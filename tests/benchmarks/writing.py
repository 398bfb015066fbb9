"""A million rows of `table gelu` in the machine formats against other writers' time for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np

from actcli.charts.screen import Screen
from actcli.find import find
from actcli.formats.registry import Format, Tabular, document
from actcli.functions.sample import evenly_spaced, sample
from actcli.reports.table import SampleReport
from actcli.results import Reply
from tests.benchmarks.pairs import Row, in_turns, wall_time

POINTS = 1_000_000


def rows() -> Iterator[Row | str]:
    gelu = find("gelu")
    x = np.linspace(-6, 6, POINTS)
    columns = {"x": x, "value": gelu.value(x), "derivative": gelu.derivative(x)}

    def written(format_: Format) -> Callable[[], float]:
        def write() -> None:
            answer = sample(gelu, evenly_spaced(-6, 6, POINTS))
            for _ in document(format_, format_, Reply([SampleReport(answer)], "table/1"), Screen()):
                pass

        return wall_time(write)

    try:
        import polars
    except ImportError:
        yield "table gelu, 1e6 rows, CSV / polars: polars is not installed"
    else:
        frame = polars.DataFrame({"activation": ["gelu"] * POINTS, **columns})
        yield in_turns(
            "table gelu, 1e6 rows, CSV / polars",
            written("csv"),
            wall_time(lambda: frame.write_csv(io.BytesIO())),
            1.5,
            rounds=5,
        )
    stacked = np.column_stack(list(columns.values()))
    cases: tuple[tuple[Tabular, int], ...] = (("csv", 6), ("ndjson", 6), ("json", 7))
    for format_, times in cases:
        yield in_turns(
            f"table gelu, 1e6 rows, {format_} / savetxt",
            written(format_),
            wall_time(lambda: np.savetxt(io.BytesIO(), stacked, fmt="%.17g", delimiter=",")),
            1 / times,
            rounds=3,
        )
