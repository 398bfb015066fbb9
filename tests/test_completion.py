"""What the shell offers when Tab is pressed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.shell_completion import ShellComplete

from actcli.cli.main import actcli


def offered(line: str) -> list[str]:
    """What is offered for the last word of the line, each with its help."""
    _, *words, incomplete = line.split(" ")
    completion = ShellComplete(actcli, {}, "actcli", "_ACTCLI_COMPLETE")
    items = completion.get_completions(words, incomplete)
    return [f"{item.value} {item.help or ''}" for item in items]


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


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["plot", "gelu_t"], ["gelu_tanh"]),
        (["plot", "elu", ":", "al"], ["alpha="]),
        (["plot", "elu", ":"], ["alpha="]),
        (["plot", "hardtanh", ":", "min_val", "=", "-2,ma"], ["-2,max_val="]),
        (["plot", "elu", ":", "alpha", "=", "2", "gelu_t"], ["gelu_tanh"]),
        (["table", "relu", "--format", "=", "nd"], ["ndjson"]),
        (["table", "torch.leaky"], ["torch.leaky_relu"]),
    ],
)
def test_bash_is_answered(words: list[str], offered: list[str]) -> None:
    """What bash hands over: the words parted at colons and equals signs."""
    environment = os.environ | {
        "_ACTCLI_COMPLETE": "bash_complete",
        "COMP_WORDS": "\n".join(["actcli", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = completing(environment)
    lines = [f"plain,{text}\n" for text in offered]
    assert (result.stdout, result.stderr) == ("".join(lines), "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell: str) -> None:
    result = completing(os.environ | {"_ACTCLI_COMPLETE": f"{shell}_source"})
    assert "_ACTCLI_COMPLETE" in result.stdout


def completing(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The program, called as a shell calls it when Tab is pressed."""
    code = "import sys; sys.argv = ['actcli']; from actcli.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
