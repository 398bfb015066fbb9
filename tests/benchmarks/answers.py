"""Whole answers against those of another checkout: `python -m tests.benchmarks.answers PATH`.

Wall times of the command line, of both in turns, and beside them the medians of the answers alone,
the CPU time of a call in a process that has answered before.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.pairs import ENVIRONMENT, Row, in_turns

HERE = Path(__file__).parents[2]

FUNCTIONS = ("relu", "sigmoid", "gelu", "silu", "mish", "hardswish", "softplus", "selu", "sinc")
FORMULAS = (
    "x*tanh(log(1+exp(x)))",
    "x/(1+exp(-1.702*x))",
    "max(x, 0.1*x)*sigmoid(2*x)",
    "log(x+sqrt(x**2+1))",
    "x-log(1+exp(x))",
    "min(max(x, -1), 1) + exp(-x**2)",
)

QUESTIONS = (("saturation", FUNCTIONS, 1.15), ("saturation", FORMULAS, 0.8), ("info", FUNCTIONS, 1))
"""Questions, of what they are asked, and the most that the ratio of wall times should be."""

_ALONE = """
import sys, time
from importlib import import_module
def of(names):
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            pass
question = {"saturation": "saturation", "info": "facts"}[sys.argv[1]]
find = of(["actcli.find", "actcli.names"]).find
ask = getattr(of([f"actcli.functions.{question}", f"actcli.analysis.{question}"]), question)
ask(find("relu")), ask(find("tanh(x)*x"))
f = find(sys.argv[2])
start = time.process_time()
ask(f)
print(time.process_time() - start)
"""


def rows(against: Path, rounds: int = 9) -> Iterator[Row]:
    """A row for each question and function: wall times, the other checkout's as `theirs`."""
    for question, asked, at_most in QUESTIONS:
        for text in asked:
            ours, theirs = (_wall(root, question, text) for root in (HERE, against))
            yield in_turns(f"{question} {text}", ours, theirs, at_most, rounds)


def alone(root: Path, question: str, text: str, rounds: int = 3) -> float:
    """The CPU time of an answer alone."""
    return median(float(_run(root, "-c", _ALONE, question, text)) for _ in range(rounds))


def _wall(root: Path, question: str, text: str) -> Callable[[], float]:
    def measure() -> float:
        start = perf_counter()
        _run(root, "-m", "actcli", question, text)
        return perf_counter() - start

    return measure


def _run(root: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    environment = ENVIRONMENT | {"PYTHONPATH": str(root), "PATH": os.environ["PATH"]}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return done.stdout


def main(against: Path) -> None:
    print(f"{'what':44} {'ours':>10} {'theirs':>10} {'ratio':>7} {'at most':>8} {'alone':>17}")
    for row in rows(against):
        question, text = row.what.split(" ", 1)
        ours, theirs = (alone(root, question, text) * 1e3 for root in (HERE, against))
        print(f"{row} {ours:7.1f} {theirs:7.1f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
