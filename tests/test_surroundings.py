"""Whatever surrounds the program: streams, folders, encodings, what is not installed, no memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from actcli.cli.commands import COMMANDS
from tests.conftest import Run
from tests.promises import ACTCLI, ROOT, SOBER, TABULAR, check, once

DUMP = Path(__file__).parent / "pre_activations.npy"
"""A dozen numbers."""

EVERYTHING = (
    ("list", "--family", "gated"),
    ("info", "gelu"),
    ("table", "elu", "x*tanh(x)"),
    ("plot", "relu"),
    ("saturation", "sigmoid"),
    ("compare", "relu", "gelu"),
    ("gain", "tanh"),
    ("propagate", "tanh", "--depth", "3"),
    ("train", "circle", "--epochs", "3", "--points", "40"),
    ("inspect", str(DUMP), "-a", "relu"),
    ("collapse", "4", "8", "3"),
    ("softmax", "1", "2", "3"),
    ("schema", "table"),
)
SEVERAL = EVERYTHING[1:5]


def test_everything_is_tried() -> None:
    assert [args[0] for args in EVERYTHING] == [
        name for name in COMMANDS if name in {args[0] for args in EVERYTHING}
    ]
    assert {args[0] for args in EVERYTHING} == set(COMMANDS)


@pytest.mark.parametrize("args", EVERYTHING, ids=lambda args: args[0])
def test_no_warning_anywhere(run: Run, args: tuple[str, ...]) -> None:
    """With Python's warnings and numpy's floating-point flags as errors."""
    program = (
        "import sys, numpy; numpy.seterr(all='raise');"
        "from actcli.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    result = once(*args, python=("-W", "error", "-c", program))
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode() == run(*args).stdout


SURROUNDINGS = {
    "C": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "dumb": {"TERM": "dumb"},
    "no colour": {"NO_COLOR": "1"},
    "narrow": {"COLUMNS": "20", "LINES": "8"},
    "absurd": {"COLUMNS": "-5", "LINES": "x", "TERM": "\x1b"},
}


@pytest.mark.parametrize("place", SURROUNDINGS)
@pytest.mark.parametrize("args", SEVERAL, ids=lambda args: args[0])
def test_surroundings(place: str, args: tuple[str, ...]) -> None:
    result = once(*args, env=SOBER | SURROUNDINGS[place])
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"\x1b" not in result.stdout
    if place in ("C", "ascii"):
        assert result.stdout.isascii()


def test_forced_colour_is_colour() -> None:
    assert b"\x1b[" in once("plot", "relu", env=SOBER | {"FORCE_COLOR": "1"}).stdout


def test_without_a_home_or_a_folder_to_stand_in(tmp_path: Path) -> None:
    homeless = {key: value for key, value in SOBER.items() if key != "HOME"}
    assert once("plot", "relu", env=homeless).returncode == 0
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = f"cd {gone} && rmdir {gone} && {sys.executable} -m actcli table relu --at 1 -f csv"
    result = subprocess.run(shell, shell=True, capture_output=True, env=SOBER)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize("option", ["-o", "--save"])
def test_a_folder_that_cannot_be_written(option: str) -> None:
    args = ["collapse", "4", "8", "3", option, "out.npz" if option == "--save" else "out.csv"]
    result = once(*args, cwd="/proc")
    assert result.returncode == 1
    check(args, 1, result.stdout, result.stderr)


def blocked(folder: Path, *modules: str) -> dict[str, str]:
    """Surroundings in which modules cannot be imported."""
    for module in modules:
        (folder / f"{module}.py").write_text(f"raise ImportError('no {module}')")
    return SOBER | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}


def test_what_is_not_installed_is_missed_only_where_it_is_needed(tmp_path: Path) -> None:
    without = blocked(tmp_path, "plotext", "matplotlib", "onnx", "safetensors", "ml_dtypes")
    for one in EVERYTHING:
        result = once(*one, env=without)
        check(list(one), result.returncode, result.stdout, result.stderr)
        assert result.returncode == (1 if one[0] == "plot" else 0)
        assert (b"plotext" in result.stderr) == (one[0] == "plot")
    assert once("plot", "relu", "--json", env=without).returncode == 0
    for args, extra in (
        (["plot", "relu", "-o", "out.svg"], b"actcli[figures]"),
        (["collapse", "4", "8", "3", "--save", "out.onnx"], b"actcli[models]"),
        (["collapse", "4", "8", "3", "--save", "out.safetensors"], b"actcli[models]"),
    ):
        result = once(*args, env=without, cwd=tmp_path)
        check(args, result.returncode, result.stdout, result.stderr)
        assert (result.returncode, extra in result.stderr) == (1, True)
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize(
    "args",
    [["plot", "relu"], ["list"], ["info", "relu"], ["saturation", "sin", "--range", "-999", "999"]],
    ids=lambda args: args[0],
)
def test_a_reader_of_one_line(args: list[str]) -> None:
    shell = 'set -o pipefail; "$@" | head -n 1; echo "${PIPESTATUS[0]}"'
    result = subprocess.run(
        ["bash", "-c", shell, "bash", *ACTCLI, *args], capture_output=True, env=SOBER
    )
    assert result.stdout.endswith(b"\n0\n")
    assert result.stderr == b""


@pytest.mark.parametrize("format_", TABULAR)
def test_a_full_disk(format_: str) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*ACTCLI, "table", "relu", "-f", format_, "--points", "20000"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=SOBER)
    assert result.returncode == 1
    check([], 1, b"", result.stderr)


@pytest.mark.parametrize(
    ("rest", "exit_code"),
    [
        ("table relu --at 1 <&-", 0),
        ("table relu --from - <&-", 1),
        ("table nosuch 2>&-", 2),
        ("plot relu >&-", 1),
        ("--help >&-", 0),
        ("--help >/dev/full", 1),
        ("schema table >/dev/full", 1),
        ("--version >/dev/full", 1),
    ],
)
def test_closed_and_full_streams(rest: str, exit_code: int) -> None:
    shell = f"{sys.executable} -m actcli {rest}"
    result = subprocess.run(shell, shell=True, capture_output=True, env=SOBER)
    assert result.returncode == exit_code
    if exit_code and "2>&-" not in rest:
        check([], exit_code, result.stdout, result.stderr)


def test_no_memory_is_one_line() -> None:
    args = ["collapse", "10000", "10000", "5"]
    gigabyte = 1 << 30
    result = once(
        *args, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (gigabyte, gigabyte))
    )
    assert result.returncode == 1
    check(args, 1, result.stdout, result.stderr)
