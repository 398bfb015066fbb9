"""The most memory that ten million rows take, whatever becomes of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

POINTS = 10_000_000
MEASURE = """
import os, subprocess, sys
program = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(program.pid, 0)[2].ru_maxrss)
"""
"""Started from a process that is small, whose size the one that is measured inherits."""

MEGABYTE = 1 << 10
"""In the kibibytes of `ru_maxrss`."""


@dataclass(frozen=True)
class Peak:
    """The largest resident size of a process, in megabytes."""

    what: str
    ours: float
    at_most: float

    def __str__(self) -> str:
        mark = "" if self.ours <= self.at_most else "  <- over"
        return f"{self.what:44} {self.ours:8.0f}MB {'':10} {'':7} {self.at_most:6.0f}MB{mark}"


def rows() -> Iterator[Peak]:
    for format_ in ("csv", "ndjson", "json"):
        command = [sys.executable, "-m", "actcli", "table", "gelu", "-f", format_]
        measured = subprocess.run(
            [sys.executable, "-c", MEASURE, *command, "--points", str(POINTS)],
            capture_output=True,
            text=True,
            check=True,
        )
        yield Peak(f"table gelu, 1e7 rows, {format_}", int(measured.stdout) / MEGABYTE, 40)
