"""Whatever is typed, wherever: one document, or one line that says what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actcli.cli.commands import COMMANDS
from tests.hostile_lines import DEEP, HOSTILE, words
from tests.promises import SOBER, check


class Worker:
    """A process that runs one command line after another, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "d").mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=SOBER,
        )

    def __call__(self, args: list[str], stdin: bytes = b"") -> tuple[int, bytes, bytes]:
        """Run the command line and hold it to the promises."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = json.dumps([args, stdin.decode("latin-1")])
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"ended with {self.process.wait()}"
        code, out, err, trace = json.loads(answer)
        assert not trace, trace
        out, err = out.encode("latin-1"), err.encode("latin-1")
        check(args, code, out, err)
        return code, out, err

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def left_behind(self) -> list[str]:
        """The temporary files in its folder."""
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Worker]]:
    """One worker, replaced when it has ended; after all that it ran no temporary file is left."""
    kept = [Worker(tmp_path_factory.mktemp("hostile"))]
    yield kept
    for worker in kept:
        worker.close()
    assert kept[-1].left_behind() == []


@pytest.fixture
def worker(workers: list[Worker], tmp_path_factory: pytest.TempPathFactory) -> Worker:
    if workers[-1].process.poll() is not None:
        workers.append(Worker(tmp_path_factory.mktemp("hostile")))
    return workers[-1]


@pytest.mark.random
@pytest.mark.parametrize("command", COMMANDS)
def test_any_command_line(worker: Worker, command: str) -> None:
    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(words(command), st.binary(max_size=60))
    def holds(args: list[str], stdin: bytes) -> None:
        worker(args, stdin)

    holds()


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("list", "schema")])
def test_every_hostile_word(worker: Worker, command: str) -> None:
    before = ["4", "8"] if command == "collapse" else ["relu"] if command == "compare" else []
    for word in HOSTILE if command in ("table", "collapse") else HOSTILE[::3]:
        worker([command, *before, word])
        worker([command, *before, "--json", "--", word])


@pytest.mark.parametrize("depth", DEEP)
def test_deep_and_long_formulas(worker: Worker, depth: str) -> None:
    code, _, err = worker(["table", DEEP[depth], "--at", "1", "--json"])
    assert code == 2
    assert len(err) < 500


@pytest.mark.parametrize("command", ["info", "plot", "saturation", "gain", "propagate"])
def test_a_formula_that_is_too_deep_is_refused_by_every_command(
    worker: Worker, command: str
) -> None:
    assert worker([command, DEEP["calls"]])[0] == 2


NPY = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"


@settings(max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(
        [b"", NPY.ljust(127) + b"\n", b"1 2\n", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\3\4"]
    ),
    st.binary(max_size=200),
    st.sampled_from(["in.txt", "in.npy", "-"]),
)
@example(NPY, b"", "in.npy")
@example(b"", b"1 2 \xd9\xa1", "-")
@example(b"", b"1e400 -1e400 nan 0x10", "in.txt")
@example(b"", NPY.replace(b"<f8", b"|O8").ljust(127) + b"\n12345678", "in.npy")
@example(b"", NPY.replace(b"(2,)", b"(2**70,)").ljust(127) + b"\n", "in.npy")
@example(b"", NPY.replace(b"(2,)", b"(99999999999999,)").ljust(127) + b"\n", "in.npy")
@example(b"", NPY.replace(b"(2,)", b"(-1,)").ljust(127) + b"\n12345678", "in.npy")
def test_any_bytes_as_points(worker: Worker, head: bytes, body: bytes, source: str) -> None:
    worker(["table", "relu", "--from", source, "--json"], head + body)
    worker(["softmax", "--from", source, "--json"], head + body)
