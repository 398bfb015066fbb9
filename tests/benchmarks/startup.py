"""Processor time of whole commands against the imports that they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.pairs import Row, cpu_time, in_turns

BARE = "import click"
NUMBERS = "import click, numpy, orjson"
CHART = "import click, numpy, plotext"

CASES = (
    ("--help", BARE, 1.3),
    ("--version", BARE, 1.3),
    ("tabel", BARE, 1.3),
    ("table relu --json", NUMBERS, 1.3),
    ("saturation sigmoid --json", NUMBERS, 1.3),
    ("list --json", NUMBERS, 1.3),
    ("info gelu --json", NUMBERS, 1.3),
    ("plot relu", CHART, 1.25),
)


def rows() -> Iterator[Row]:
    for command, imports, at_most in CASES:
        ours = cpu_time(["-m", "actcli", *command.split()])
        yield in_turns(f"actcli {command}", ours, cpu_time(["-c", imports]), at_most)
