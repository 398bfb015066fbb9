"""What would take too long or too much memory is refused in one line, in a moment."""

from __future__ import annotations

import resource
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from actcli.budgets import COLUMNS, LINES
from tests.conftest import Run
from tests.promises import SOBER, check, once


def limited() -> None:
    """At most 3 GB of addresses and 30 seconds of the processor."""
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (30, 30))


@pytest.mark.parametrize(
    ("args", "exit_code", "said"),
    [
        ("plot gelu --width 10000 --height 10000", 2, "--width"),
        ("plot gelu --height 1001", 2, "--height"),
        ("table relu --from /dev/zero", 1, "a line is longer than"),
        ("softmax --from /dev/zero", 1, "a line is longer than"),
        ("propagate gelu --depth 10000 --simulate", 2, "--units"),
        ("propagate gelu --simulate --units 10000 --depth 1 --trials 1", 2, "--units"),
        ("propagate gelu --cell lstm --steps 10000", 2, "--steps"),
        ("propagate gelu --cell gru --units 10000 --steps 1 --repeat 1", 2, "--units"),
    ],
)
def test_too_much_is_refused_at_once(args: str, exit_code: int, said: str) -> None:
    start = time.monotonic()
    result = once(*args.split(), preexec_fn=limited)
    assert result.returncode == exit_code
    check(args.split(), exit_code, result.stdout, result.stderr)
    assert said in result.stderr.decode()
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("side", ["COLUMNS", "LINES"])
def test_a_screen_is_no_larger_than_a_chart_may_be(side: str) -> None:
    result = once("plot", "relu", env=SOBER | {side: "1000000"}, preexec_fn=limited)
    lines = result.stdout.decode().splitlines()
    assert (result.returncode, result.stderr) == (0, b"")
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


def test_numbers_without_end_end_in_a_line(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr("actcli.cli.points.NUMBERS", 1000)
    monkeypatch.setattr("actcli.cli.points.VECTORS", 1000)
    for args, said in ((["table", "relu"], "1,000 numbers"), (["softmax"], "1,000 vectors")):
        result = run(*args, "--from", "-", stdin="1\n" * 2000)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"holds more than {said}" in result.stderr
        assert run(*args, "--from", "-", stdin="1\n" * 1000).exit_code == 0


@pytest.mark.parametrize(
    "text", ["1\n2\n3", "\ufeff1 2\n3\n", "1,2\r\n3\r\n\r\n", "1" + "\n" * 9 + "2 3"]
)
@pytest.mark.parametrize("piece", [1, 2, 3, 5, 1 << 20])
def test_a_text_is_the_same_in_pieces_of_any_size(
    monkeypatch: pytest.MonkeyPatch, run: Run, text: str, piece: int
) -> None:
    monkeypatch.setattr("actcli.cli.points.PIECE", max(piece, 3 * text.startswith("\ufeff")))
    args = ("--from", "-", "--column", "all", "-f", "csv")
    assert run("table", "relu", *args, stdin=text).stdout.splitlines()[1:] == [
        f"relu,{x}.0,{x}.0,1.0" for x in (1, 2, 3)
    ]


@pytest.fixture(scope="module")
def inflating(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of two arrays of half a gigabyte of zeros."""
    folder = tmp_path_factory.mktemp("inflating")
    with zipfile.ZipFile(folder / "b.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in ("x", "y"):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array_header_1_0(
                    member, {"descr": "<f8", "fortran_order": False, "shape": (1 << 26,)}
                )
                for _ in range(64):
                    member.write(bytes(1 << 23))
    return folder


@pytest.mark.parametrize("command", [["train", "b.npz"], ["collapse", "b.npz"]], ids=" ".join)
def test_an_archive_that_inflates_is_refused(inflating: Path, command: list[str]) -> None:
    result = once(*command, cwd=inflating, preexec_fn=limited)
    assert result.returncode == 1
    check(command, 1, result.stdout, result.stderr)
    assert b"would unpack" in result.stderr


@pytest.mark.parametrize("backend", ["nosuch", "", "module://nosuch", "agg"])
def test_any_backend_of_matplotlib(tmp_path: Path, backend: str) -> None:
    result = once(
        "plot", "relu", "-o", str(tmp_path / "a.svg"), env=SOBER | {"MPLBACKEND": backend}
    )
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize(
    "args",
    [
        "compare relu gelu --range -1.7e308 1.7e308",
        "saturation gelu sin --range -1.7e308 1.7e308",
        "plot gelu sin --range -1.7e308 1.7e308",
        "table gelu sin --range -1.7e308 1.7e308",
        "propagate gelu --q0 5e-324 --depth 3",
        "propagate tanh --q0 5e-324 --depth 3 --simulate --trials 1",
        "gain gelu --q 5e-324",
    ],
)
def test_the_ends_of_the_doubles_are_numbers_as_any(run: Run, args: str) -> None:
    """Warnings are errors here, as in every test."""
    result = run(*args.split())
    assert (result.exit_code, result.stderr) == (0, "")


SINES = "+".join(f"sin({k}*x)" for k in range(1, 180))


@pytest.mark.parametrize("command", ["info", "saturation", "compare", "gain", "plot", "propagate"])
def test_a_sum_of_sines_is_answered_or_refused_in_time(command: str) -> None:
    args = [command, SINES, *(["x"] if command == "compare" else [])]
    program = once(*args, preexec_fn=limited)
    check(args, program.returncode, program.stdout, program.stderr)


def test_two_hundred_functions_in_one_figure(tmp_path: Path) -> None:
    functions = [f"elu:alpha={k / 100}" for k in range(1, 201)]
    result = once("plot", *functions, "-o", str(tmp_path / "a.svg"), preexec_fn=limited)
    assert (result.returncode, result.stderr) == (0, b"")
    assert (tmp_path / "a.svg").read_text().startswith("<?xml")
