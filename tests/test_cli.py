"""The group: its table of contents, its errors, its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from actcli import __version__
from actcli.cli.commands import COMMANDS
from tests.conftest import Run

ACTCLI = [sys.executable, "-m", "actcli"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_contents_says_what_the_command_says(name: str) -> None:
    command: click.Command = import_module(f"actcli.cli.commands.{name}").command
    assert command.name == name
    assert command.get_short_help_str(limit=200) == COMMANDS[name].summary


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(run: Run, name: str, flag: str) -> None:
    result = run(name, flag)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: actcli {name}")
    assert "Examples:" in result.stdout


def test_alone_it_shows_what_it_can_do(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert "actcli plot gelu" in result.stdout


def test_version(run: Run) -> None:
    assert run("--version").stdout == run("-V").stdout == f"actcli {__version__}\n"
    assert {"actcli", "python", "numpy", "python-flint"} <= run("--version", "--json").json.keys()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["tabel"], "no such command 'tabel': did you mean table?"),
        (["xyzzy"], "no such command 'xyzzy': there are list, "),
        (["--json"], "actcli has no --json: it goes after a command, such as actcli table"),
        (["--json", "info", "relu"], "--json goes after the command: actcli info relu --json"),
        (
            ["--color", "never", "--json", "info", "relu"],
            "--json goes after the command: actcli --color never info relu --json",
        ),
        (["--color=never", "-f", "csv", "list"], "actcli --color=never list -f csv"),
        (["propagate", "relu", "--gain", "2"], "there is no --gain: it is --sigma-w"),
        (["table"], "Missing argument 'FN...'"),
        (["table", "relu", "--rnage", "0", "1"], "--range"),
        (["-f", "json", "table", "relu"], "goes after the command: actcli table relu -f json"),
        (["-f", "json", "relu"], "goes after a command"),
        (["relu"], "'relu' is a function, not a command: try actcli info relu, actcli plot relu"),
        (["x*tanh(x)"], "try actcli info 'x*tanh(x)', actcli plot 'x*tanh(x)'"),
        (["help"], "help is an option: actcli --help"),
        (["help", "plot"], "actcli plot --help"),
        (["list", "gelu"], "list takes no function: try actcli info gelu"),
        (["table", "relu", "-1"], "points go with an option: --at -1"),
        (["table", "relu", "-1.5", "0", "2"], "points go with an option: --at -1.5 0 2"),
        (["plot", "relu", "-3", "3"], "a range goes with an option: --range -3 3"),
        (["table", "gelu", "0", "1"], "points go with an option: --at 0 1; as a function 0 is"),
        (["table", "gelu", "1/3", "silu", "pi"], "points go with an option: --at 1/3 pi"),
        (["table", "gelu", "0,1"], "points go with an option: --at 0 1"),
        (["plot", "relu", "0", "3"], "a range goes with an option: --range 0 3"),
        (["saturation", "gelu", "0,1"], "a range goes with an option: --range 0 1"),
        (["plot", "relu", "--xlim", "-3", "3"], "there is no --xlim: it is --range"),
        (["plot", "relu", "--points", "9"], "plot has no --points: it belongs to table and train"),
        (["info", "relu", "--eps", "1"], "info has no --eps: it belongs to plot, saturation"),
        (["saturation", "relu", "--tolerance", "1"], "it is --eps"),
        (["collapse", "4", "-8", "3"], "a width is a whole number above 0, not -8"),
        (["softmax", "1", "-2"], "negative logits go after --: actcli softmax -- 1 -2"),
        (["plot", "-x"], "goes after --: actcli plot -- -x"),
        (["plot", "relu", "-tanh(x)"], "actcli plot relu -- '-tanh(x)'"),
        (["propagate", "relu", "--units", "9"], "--units belongs to --simulate"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_2(
    run: Run, args: list[str], message: str
) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_message_about_a_long_formula_is_short(run: Run) -> None:
    result = run("gain", "exp(x**2)" + " + sin(2*x)" * 150)
    assert result.exit_code == 1
    assert len(result.stderr) < 1100
    assert "infinite" in result.stderr


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    broken = tmp_path / "orjson.py"
    broken.write_text("raise RuntimeError('broken')")
    for debug, shown in (("", False), ("1", True)):
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "ACTCLI_DEBUG": debug}
        result = subprocess.run(
            [*ACTCLI, "list", "--json"], capture_output=True, text=True, env=environment
        )
        assert result.returncode == 1
        assert ("Traceback" in result.stderr) == shown


@pytest.mark.parametrize("format_", ["table", "json", "ndjson", "csv", "tsv", "md"])
def test_a_reader_that_goes_away_ends_it_quietly(format_: str) -> None:
    program = subprocess.Popen(
        [*ACTCLI, "table", "relu", "--points", "300000", "-f", format_],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.read(10)
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait() == 0
    program.stderr.close()


def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run([*ACTCLI, "table", "relu"], stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert result.stderr == b"error: cannot write to standard output: No space left on device\n"


def test_a_closed_stdout_is_one_line() -> None:
    command = f"{sys.executable} -m actcli table relu --json >&-"
    result = subprocess.run(command, shell=True, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert result.stderr == b"error: cannot write to standard output: it is closed\n"
