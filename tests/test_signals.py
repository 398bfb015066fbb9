"""Whenever the program is ended from outside, it leaves at once and leaves nothing behind."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.promises import ACTCLI, SOBER, heed_interrupts

STARTED = """
import sys
from actcli.signals import heed
heed()
print(flush=True)
from actcli.__main__ import main
main()
"""
"""The program, which says when it can be interrupted: before that it is Python's own start."""


INTERRUPTED = (130, -signal.SIGINT)
"""The second is death by the signal, which a shell calls 130 too."""


@pytest.mark.parametrize("args", [["plot", "gelu"], ["info", "gelu"], ["list", "--json"]])
def test_an_interrupt_while_it_starts_is_no_traceback(args: list[str]) -> None:
    """At a dozen moments, while another one starts beside it and slows it down."""
    moments = random.Random(0)
    for _ in range(6):
        programs = [
            subprocess.Popen(
                [sys.executable, "-c", STARTED, *args],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=SOBER,
                preexec_fn=heed_interrupts,
            )
            for _ in range(2)
        ]
        for program in programs:
            assert program.stdout is not None
            program.stdout.readline()
        time.sleep(moments.uniform(0, 0.15))
        for program in programs:
            program.send_signal(signal.SIGINT)
        for program in programs:
            out, err = program.communicate(timeout=60)
            assert err == b""
            assert program.returncode in INTERRUPTED or (program.returncode == 0 and out)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_no_signal_leaves_a_file_behind(tmp_path: Path, name: str) -> None:
    command = [*ACTCLI, "table", "relu", "--points", "10000000", "-o", "out.csv"]
    program = subprocess.Popen(
        command, stderr=subprocess.PIPE, env=SOBER, cwd=tmp_path, preexec_fn=heed_interrupts
    )
    end = time.monotonic() + 60
    while not any(path.stat().st_size > 10_000 for path in tmp_path.glob(".out*")):
        assert program.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)
    number = getattr(signal, name)
    program.send_signal(number)
    _, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (128 + number, b"")
    assert list(tmp_path.iterdir()) == []


def test_what_is_to_be_ignored_is_ignored(tmp_path: Path) -> None:
    """As under nohup."""
    program = subprocess.Popen(
        [sys.executable, "-c", STARTED, "table", "relu", "-o", "out.csv"],
        stdout=subprocess.PIPE,
        env=SOBER,
        cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    assert program.stdout is not None
    program.stdout.readline()
    program.send_signal(signal.SIGHUP)
    program.communicate(timeout=60)
    assert program.returncode == 0
    assert (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("stream", ["2>/dev/full", "2>&-"])
@pytest.mark.parametrize(
    ("rest", "exit_code"),
    [
        ("table relu", 0),
        ("list --search nosuch", 0),
        ("table nosuch", 2),
        ("table relu --nosuch", 2),
        ("table relu --from nosuch", 1),
        ("saturation relu --fail-if-saturated -1 1", 3),
        ("table relu >/dev/full", 1),
    ],
)
def test_a_stderr_that_cannot_be_written_changes_no_exit_code(
    rest: str, exit_code: int, stream: str
) -> None:
    shell = f"{sys.executable} -m actcli {rest} {stream}"
    result = subprocess.run(shell, shell=True, stdout=subprocess.DEVNULL, env=SOBER, check=False)
    assert result.returncode == exit_code


@pytest.mark.parametrize(
    "asked",
    [
        {"_ACTCLI_COMPLETE": "bash_complete"},
        {"_ACTCLI_COMPLETE": "zsh_complete", "COMP_WORDS": "actcli t"},
        {"_ACTCLI_COMPLETE": "fish_complete", "COMP_WORDS": "actcli t", "COMP_CWORD": "x"},
        {"_ACTCLI_COMPLETE": "nosuch_source"},
        {"_ACTCLI_COMPLETE": "bash_nosuch"},
        {"_ACTCLI_COMPLETE": "bash"},
    ],
)
def test_completion_that_no_shell_asked_for_is_one_line(asked: dict[str, str]) -> None:
    result = subprocess.run(ACTCLI, capture_output=True, text=True, env=SOBER | asked, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert re.match(
        "error: _ACTCLI_COMPLETE is (for shells|bash_source, zsh_source)", result.stderr
    )
    assert result.stderr.count("\n") == 1
