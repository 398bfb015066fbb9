"""Processor time of whole commands against the imports that they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.pairs import Row, cpu_time, in_turns

BARE = "import click"
JSON = f"{BARE}, orjson"
ROWS = f"{JSON}, numpy, fractions, dataclasses"
PROOF = f"{JSON}, flint, fractions, dataclasses"
MEANS = f"{PROOF}, numpy"
TEXT = f"{BARE}, rich.console, rich.table"
CHART = f"{BARE}, numpy, plotext"
"""The floor: what a command imports that is not this program, of which it can leave out nothing.

A table of numbers wants arrays and a formula of f' with exact coefficients, a proof wants balls
(`info` too, which is proofs alone), an integral both; what is printed as a table is laid out
by rich. `python -c` starts and ends the same.
"""

CASES = (
    ("--help", BARE, 1.05),
    ("--version", BARE, 1.05),
    ("tabel", BARE, 1.3),
    ("list --json", JSON, 1.3),
    ("table relu --json", ROWS, 1.3),
    ("table relu", f"{TEXT}, numpy, fractions, dataclasses", 1.3),
    ("saturation sigmoid --json", PROOF, 1.3),
    ("saturation sigmoid", f"{TEXT}, flint, fractions, dataclasses", 1.3),
    ("info gelu --json", PROOF, 1.3),
    ("gain gelu --json", MEANS, 1.3),
    ("plot relu", CHART, 1.1),
)


COMPLETED = ("actcli sat", "actcli plot --der", "actcli plot gelu_t")
"""Lines at whose end Tab is pressed: a command, an option, a function."""


def rows() -> Iterator[Row]:
    for line in COMPLETED:
        words = line.split()
        typed = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
        code = "import sys; sys.argv = ['actcli']; from actcli.__main__ import main; main()"
        ours = cpu_time(["-c", code], _ACTCLI_COMPLETE="bash_complete", **typed)
        yield in_turns(f"{line}<Tab>", ours, cpu_time(["-c", BARE]), 1.3)
    for command, imports, at_most in CASES:
        ours = cpu_time(["-m", "actcli", *command.split()])
        yield in_turns(f"actcli {command}", ours, cpu_time(["-c", imports]), at_most)
