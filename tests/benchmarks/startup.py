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


COMPLETED = ("actcli sat", "actcli plot --der", "actcli plot gelu_t")
"""Lines at whose end Tab is pressed: a command, an option, a function."""


def rows() -> Iterator[Row]:
    for line in COMPLETED:
        words = line.split()
        typed = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
        code = "import sys; sys.argv = ['actcli']; from actcli.cli.main import main; main()"
        ours = cpu_time(["-c", code], _ACTCLI_COMPLETE="bash_complete", **typed)
        yield in_turns(f"{line}<Tab>", ours, cpu_time(["-c", BARE]), 1.3)
    for command, imports, at_most in CASES:
        ours = cpu_time(["-m", "actcli", *command.split()])
        yield in_turns(f"actcli {command}", ours, cpu_time(["-c", imports]), at_most)
