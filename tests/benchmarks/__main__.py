"""`python -m tests.benchmarks [PART...]`: ratios against the best tool at hand, measured in turns.

Every row times two things in the same run, one after the other, again and again, and prints the
ratio of the medians beside the most it should be.
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = ("startup", "kernels", "training", "writing", "memory", "nodes")


def main(parts: list[str]) -> None:
    print(f"{'what':44} {'ours':>10} {'theirs':>10} {'ratio':>7} {'at most':>8}")
    for part in parts or PARTS:
        try:
            for row in import_module(f"tests.benchmarks.{part}").rows():
                print(row, flush=True)
        except ModuleNotFoundError as missing:
            print(f"{part}: {missing.name} is not installed: pip install -e '.[bench]'")


if __name__ == "__main__":
    main(sys.argv[1:])
