"""The examples in the help of every command work."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

import numpy as np
import pytest

from actcli.cli import COMMANDS, WELCOME


def help_of(name: str) -> str:
    return cleandoc(import_module(f"actcli.commands.{name}").command.help)


def examples() -> Iterator[str]:
    for text in (*map(help_of, COMMANDS), WELCOME):
        for line in text.splitlines():
            if line.startswith("  actcli "):
                yield re.split(r" {2,}| > ", line.strip())[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_shows_two_examples(name: str) -> None:
    assert help_of(name).count("\n  actcli ") >= 2


@pytest.mark.parametrize("example", sorted(set(examples())))
def test_an_example_works(
    run: Callable, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    np.savez("model.npz", **{"0.weight": rng.random((8, 4)), "1.weight": rng.random((3, 8))})
    program, *args = shlex.split(example)
    assert program == "actcli"
    result = run(*args)
    assert result.exit_code in (0, 3), result.stderr
    assert result.stdout or list(tmp_path.iterdir()) != [tmp_path / "model.npz"]
