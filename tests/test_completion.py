"""What the shell offers when Tab is pressed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def offered(line: str) -> list[str]:
    """What fish is offered for the last word of the line: `kind,text<tab>help` lines."""
    words = line.split(" ")
    environment = os.environ | {
        "_ACTCLI_COMPLETE": "fish_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": words[-1],
    }
    code = "import sys; sys.argv[0] = 'actcli'; from actcli.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert result.stderr == ""
    return [text.partition(",")[2].replace("\t", " ") for text in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("actcli sat", ["saturation Find the ranges where a function saturates, to the last bit."]),
        ("actcli plot gelu_t", ["gelu_tanh "]),
        ("actcli plot elu:al", ["elu:alpha= "]),
        (
            "actcli plot hardtanh:min_val=-2,m",
            ["hardtanh:min_val=-2,min_val=", "hardtanh:min_val=-2,max_val="],
        ),
        ("actcli plot --der", ["--derivative"]),
    ],
)
def test_completion(line: str, expected: list[str]) -> None:
    found = offered(line)
    assert len(found) == len(expected), found
    for text, start in zip(found, expected, strict=True):
        assert text.startswith(start)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell: str) -> None:
    environment = os.environ | {"_ACTCLI_COMPLETE": f"{shell}_source"}
    code = "import sys; sys.argv[0] = 'actcli'; from actcli.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert "_ACTCLI_COMPLETE" in result.stdout
