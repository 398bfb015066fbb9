"""Two things timed in turns, so that a machine that slows down slows both."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

BYTECODE = TemporaryDirectory()
"""Where the warm-up leaves what it compiled: an installed program is compiled already."""

ENVIRONMENT = os.environ | {
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": BYTECODE.name,
}


@dataclass(frozen=True)
class Row:
    """One comparison; times in seconds."""

    what: str
    ours: float
    theirs: float
    at_most: float

    def __str__(self) -> str:
        ratio = self.ours / self.theirs
        mark = "" if ratio <= self.at_most else "  <- over"
        return (
            f"{self.what:44} {self.ours * 1e3:8.2f}ms {self.theirs * 1e3:8.2f}ms "
            f"{ratio:7.2f} {self.at_most:8.2f}{mark}"
        )


def in_turns(
    what: str,
    ours: Callable[[], float],
    theirs: Callable[[], float],
    at_most: float,
    rounds: int = 15,
) -> Row:
    """The medians of what the two report, asked in turns after one warm-up each."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    mine, others = zip(*pairs, strict=True)
    return Row(what, median(mine), median(others), at_most)


def wall_time(work: Callable[[], object]) -> Callable[[], float]:
    """How long a call takes."""

    def measure() -> float:
        start = perf_counter()
        work()
        return perf_counter() - start

    return measure


def own_time(work: Callable[[], object]) -> Callable[[], float]:
    """How much processor time a call takes in this process, whatever else the machine does."""

    def measure() -> float:
        start = process_time()
        work()
        return process_time() - start

    return measure


def cpu_time(arguments: Sequence[str], **variables: str) -> Callable[[], float]:
    """The processor time that `python ARGUMENTS` takes, start and end included.

    `variables` are set in its environment.
    """

    def measure() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *arguments],
            env=ENVIRONMENT | variables,
            capture_output=True,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return measure
