"""What is read is never written over, by whatever name, in whatever command."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import numpy as np
import pytest

from actcli.cli.commands import COMMANDS
from actcli.cli.files import MODELS, Source, Target
from actcli.formats.registry import SUFFIXES
from actcli.networks.files.interface import FORMATS
from tests.conftest import Run

READING = (
    ("table", "relu", "--from", "in.csv", "--column", "all"),
    ("softmax", "--from", "in.csv"),
    ("compare", "relu", "--data", "in.csv"),
    ("plot", "relu", "--data", "in.csv"),
    ("train", "in.csv", "--epochs", "1"),
    ("collapse", "in.npz"),
    ("inspect", "in.npy", "-a", "relu"),
    ("inspect", "other.npy", "-a", "relu", "--against", "in.npy"),
    ("inspect", "--merge", "in.json"),
)
"""Every way to read a file, called `in.*`."""


def commands() -> Iterator[click.Command]:
    for name in COMMANDS:
        yield import_module(f"actcli.cli.commands.{name}").command


def targets(name: str) -> list[click.Parameter]:
    command = import_module(f"actcli.cli.commands.{name}").command
    return [param for param in command.params if isinstance(param.type, Target)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("1,2\n2,5\n4,4\n3,9\n")
    np.savez("in.npz", a=np.ones((3, 2)), b=np.ones((4, 3)))
    for name in ("in.npy", "other.npy"):
        np.save(name, np.linspace(-1, 1, 10))
    assert run("inspect", "in.npy", "-a", "relu", "--partial", "in.json").exit_code == 0
    return tmp_path


def test_every_file_on_a_command_line_is_declared() -> None:
    """A word of a metavar that names a file comes with the type that keeps it safe."""
    for command in commands():
        for param in command.params:
            words = {*str(param.metavar or "").replace("...", "").replace("|", " ").split()}
            if words & {"FILE", "DATA", "DUMP", "INPUTS", "OTHER", "PART.json", "MODEL.onnx"}:
                assert isinstance(param.type, Source | Target), (command.name, param.name)


def test_everything_that_reads_is_tried() -> None:
    reading = {
        command.name
        for command in commands()
        if any(isinstance(param.type, Source) for param in command.params)
    }
    assert reading == {args[0] for args in READING}


def test_networks_have_the_suffixes_that_they_are_written_with() -> None:
    assert MODELS == FORMATS


@pytest.mark.parametrize("way", ["itself", "hard link", "symbolic link", "through a folder"])
@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_no_input_is_written_over(run: Run, folder: Path, args: tuple[str, ...], way: str) -> None:
    source = next(Path(word) for word in args if word.startswith("in."))
    before = source.read_bytes()
    for param in targets(args[0]):
        assert isinstance(param.type, Target)
        for suffix in param.type.suffixes or (".csv",):
            path = source.with_name(f"link{suffix}")
            path.unlink(missing_ok=True)
            if way == "hard link":
                os.link(source, path)
            elif way == "symbolic link":
                path.symlink_to(source)
            elif source.suffix != suffix and param.type.suffixes:
                continue
            else:
                path = source if way == "itself" else Path("..", folder.name, source)
            asked = () if param.type.suffixes else ("-f", SUFFIXES.get(path.suffix[1:], "csv"))
            result = run(*args, *asked, param.opts[0], str(path))
            assert (result.exit_code, result.stdout) == (2, "")
            assert f"{max(param.opts, key=len)} would write over" in result.stderr
            assert source.read_bytes() == before


def test_no_two_documents_go_to_one_file(run: Run, folder: Path) -> None:
    for args in (
        ("info", "relu", "--certificate", "a.json", "-o", "./a.json"),
        ("train", "circle", "--save-data", "a.csv", "-o", "a.csv"),
        ("collapse", "in.npz", "--save", "a.npz", "-f", "csv", "-o", "a.npz"),
    ):
        result = run(*args)
        assert (result.exit_code, "would write over" in result.stderr) == (2, True)
        assert not list(folder.glob("a.*"))


@pytest.mark.parametrize("args", [*READING, ("info", "relu")], ids=" ".join)
def test_an_unknown_suffix_is_an_error_that_lists_the_known_ones(
    run: Run, folder: Path, args: tuple[str, ...]
) -> None:
    for param in targets(args[0]):
        for name in ("notes.py", "f.jpg", "f.eps", "f.CSV2", "in.csv.bak"):
            result = run(*args, param.opts[0], name)
            assert (result.exit_code, result.stdout) == (2, "")
            assert "csv" in result.stderr or "json" in result.stderr or ".npz" in result.stderr
            assert not Path(name).exists()


@pytest.mark.parametrize("args", [*READING, ("info", "relu")], ids=" ".join)
def test_standard_output_has_one_document(run: Run, folder: Path, args: tuple[str, ...]) -> None:
    for param in targets(args[0]):
        result = run(*args, param.opts[0], "-")
        assert result.exit_code == (0 if param.name == "output" else 2)
        assert not Path("-").exists()


@pytest.mark.parametrize("format_", ["table", "json", "csv", "md", "chart"])
@pytest.mark.parametrize("color", [(), ("--color", "always")], ids=["forced", "always"])
def test_a_file_is_never_coloured(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    format_: str,
    color: tuple[str, ...],
) -> None:
    out = tmp_path / "out"
    result = run("plot", "relu", "-f", format_, "-o", str(out), *color)
    assert result.exit_code == 0
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run("plot", "relu", "-f", format_, "-o", str(out), *color).exit_code == 0
    assert b"\x1b" not in out.read_bytes()


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_a_file_that_is_not_there_is_the_same_error_everywhere(
    run: Run, folder: Path, args: tuple[str, ...]
) -> None:
    source = next(word for word in args if word.startswith("in."))
    Path(source).unlink()
    result = run(*args)
    assert result.exit_code == 1
    assert result.stderr == f"error: cannot read '{source}': No such file or directory\n"


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_a_relative_path_stays_relative(run: Run, folder: Path, args: tuple[str, ...]) -> None:
    source = next(word for word in args if word.startswith("in."))
    Path(source).write_bytes(b"\x00no such thing")
    result = run(*args)
    assert result.exit_code == 1
    assert source in result.stderr
    assert str(folder) not in result.stderr


def test_a_device_stays_a_device(run: Run, folder: Path) -> None:
    """It is written to, never replaced by a file."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    result = run("inspect", "in.npy", "-a", "relu", "--partial", "pipe")
    assert result.exit_code == 0
    assert json.loads(os.read(reader, 1 << 20))["schema"] == "actcli.inspect-part/1"
    os.close(reader)
    assert pipe.is_fifo()
