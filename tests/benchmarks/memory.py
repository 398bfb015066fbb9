"""The most memory that ten million rows take, whatever becomes of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

POINTS = 10_000_000
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
    for format_ in ("csv", "ndjson"):
        command = [sys.executable, "-m", "actcli", "table", "gelu", "-f", format_]
        program = subprocess.Popen(
            [*command, "--points", str(POINTS)], stdout=subprocess.DEVNULL, env=os.environ
        )
        _, _, usage = os.wait4(program.pid, 0)
        yield Peak(f"table gelu, 1e7 rows, {format_}", usage.ru_maxrss / MEGABYTE, 150)
