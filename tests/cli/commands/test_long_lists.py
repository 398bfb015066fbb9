"""Long lists: a person reads how many there are and where, and with --all every one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("remembered")

STAIRS = "floor(x*4)/4*where(abs(x)<9,1,0)"
WAVE = ("x*sin(x)", "--range", "-92", "71")

COMMANDS: dict[str, tuple[list[str], str]] = {
    "saturation": (
        ["saturation", *WAVE],
        "a plateau in each of 53 places from -89.5466 to 70.7",
    ),
    "info": (["info", STAIRS], "73 from -9 to 9; nearest to 0:"),
    "compare": (
        ["compare", "sin(x)", "cos(x)", "--range", "-10", "10"],
        "at 6 places from -7.06858 to 8.63938",
    ),
    "pairs": (
        ["compare", "relu", "gelu", "silu", "elu", "softplus", "tanh"],
        "Of 15 pairs the 5 nearest and the 5 farthest",
    ),
    "collapse": (
        ["collapse", "8", *["16", "8", "relu"] * 15, "16", "8"],
        "Of 16 runs the 12 that save most",
    ),
    "propagate": (["propagate", "tanh"], "layer 50"),
    "residual": (["propagate", "tanh", "--residual", "0.5"], "layer 50"),
    "recurrent": (["propagate", "tanh", "--cell", "rnn", "--units", "8"], "100 steps back"),
    "inspect": (["inspect", "-a", "relu"], "25 activations, 8 with dead units"),
}


@pytest.fixture(name="arguments", params=COMMANDS)
def _arguments(
    request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[str], str]:
    arguments, said = COMMANDS[request.param]
    if request.param == "inspect":
        monkeypatch.chdir(tmp_path)
        for number in range(25):
            file = f"layer{number}.npy"
            np.save(file, np.where(np.arange(4) < number % 3 - 1, -1.0, 1.0) * np.ones((9, 4)))
            arguments = [*arguments, file]
    return arguments, said


def test_a_long_list_is_short_unless_all_of_it_is_asked_for(
    run: Callable[..., Any], arguments: tuple[list[str], str]
) -> None:
    line, said = arguments
    few, every = run(*line), run(*line, "--all")
    assert (few.exit_code, every.exit_code) == (0, 0), few.stderr + every.stderr
    assert said in " ".join(few.stdout.split())
    assert "--all lists every one" in few.stdout
    assert "--all" not in every.stdout
    assert len(few.stdout) < len(every.stdout)
    assert few.stdout.count("\n") <= 60


def test_a_program_reads_everything_in_any_case(
    run: Callable[..., Any], arguments: tuple[list[str], str]
) -> None:
    line, _ = arguments
    for format_ in ("json", "csv"):
        assert run(*line, "-f", format_).stdout == run(*line, "--all", "-f", format_).stdout


def test_what_is_near_0_is_listed(run: Callable[..., Any]) -> None:
    stairs = run("saturation", "floor(x)", "--range", "-40", "40").stdout
    lows = [int(line.split()[0]) for line in stairs.splitlines() if "hard " in line]
    assert lows == list(range(-6, 6))
    facts = run("info", STAIRS).stdout
    assert "71 from -8.75 to 8.75; nearest to 0: -0.5, -0.25, 0, 0.25" in facts
    every = run("info", STAIRS, "--all").stdout
    assert all(f"at {number / 4:g}: jumps" in every for number in range(-35, 36))


def test_the_unbounded_ranges_are_always_listed(run: Callable[..., Any]) -> None:
    table = run("saturation", "where(abs(x) < 30, floor(x), 0)").stdout
    assert "-inf" in table
    assert " inf " in table


@pytest.mark.parametrize(
    ("depth", "layers"),
    [
        (1, [1]),
        (12, [*range(1, 13)]),
        (13, [1, 3, 5, 7, 9, 11, 13]),
        (50, [1, *range(5, 51, 5)]),
        (200, [1, *range(20, 201, 20)]),
    ],
)
def test_some_of_many_layers_are_listed(
    run: Callable[..., Any], depth: int, layers: list[int]
) -> None:
    table = run("propagate", "tanh", "--depth", str(depth)).stdout
    assert [int(n) for n in re.findall(r"^ *(\d+)  ", table, re.MULTILINE)] == layers
