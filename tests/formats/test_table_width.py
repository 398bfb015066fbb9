"""No number is broken across lines, however narrow the terminal is."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")


WIDTHS = (30, 40, 60, 80)

COMMANDS = {
    "saturation": "saturation gelu elu sin --range -9 9",
    "simulate": "propagate gelu --simulate --depth 3 --trials 2 --units 20",
    "propagate": "propagate tanh --depth 3",
    "lstm": "propagate tanh --cell lstm --steps 4 --repeat 2 --units 8",
    "compare": "compare gelu silu relu --pairs",
    "info": "info gelu elu",
    "gain": "gain gelu tanh",
    "train": "train circle -a relu -a tanh --epochs 2 --points 40",
    "inspect": "inspect dump.npy -a gelu",
    "collapse": "collapse 3 4 relu 2",
    "softmax": "softmax 1 2 3 --target 0",
    "jacobian": "softmax 1 2 3 --jacobian",
    "table": "table gelu elu --digits full --range -3 3 --points 5",
    "facts": "list --facts --search elu",
    "list": "list --search elu",
    "long name": "compare 'x*sigmoid(1.702123456789*x)+0.0000012345' gelu --range -3 3",
}

BROKEN = re.compile(r"(?m)(?:[0-9]e|[0-9]e[-+]|\+-)\s*$")
"""The end of a line at which a number would have to go on."""


def numbers(text: str) -> list[str]:
    return re.findall(r"[0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_number_is_broken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("dump.npy", np.random.default_rng(0).normal(size=(100, 8)) * 1e-3)
    args = [word.strip("'") for word in COMMANDS[name].split()]
    monkeypatch.setenv("COLUMNS", "1000")
    wide = run(*args, "-f", "table")
    assert wide.exit_code == 0
    told = set(numbers(wide.stdout))
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        text = run(*args, "-f", "table").stdout
        assert not BROKEN.search(text), text
        assert set(numbers(text)) == told, (width, set(numbers(text)) ^ told)


@pytest.mark.parametrize("width", [24, 30, 40, 60])
def test_a_row_of_a_matrix_goes_on_below_its_first_number(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run("collapse", "3", "8", "2").stdout.splitlines()
    rows = [line for line in lines if re.search(r"[\[ ] *-?[0-9]+\.[0-9]+( |$)", line)]
    for before, line in pairwise(rows):
        assert len(line) <= width
        if "[" not in line:
            assert line.find(".") == before.find("."), (before, line)
    assert not [line for line in lines if line.strip() == "]"]


def test_what_does_not_fit_side_by_side_stands_one_below_the_other(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    text = run("saturation", "gelu").stdout
    assert "\nlow         -inf\nhigh        -3.81037\n" in text
    assert all(len(line) <= 60 for line in text.splitlines())


@pytest.mark.parametrize(("width", "blocks"), [(40, 3), (60, 2), (80, 1), (200, 1)])
def test_what_stands_side_by_side_goes_on_below_where_there_is_no_room(
    run: Run, monkeypatch: pytest.MonkeyPatch, width: int, blocks: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run("compare", "gelu", "silu", "relu").stdout.splitlines()
    assert sum(line.startswith("monotone") for line in lines) == blocks
    assert not [line for line in lines if len(line) > width or line.startswith("  nondecr")]
