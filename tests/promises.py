"""What holds for every command line, and a process of its own to run one."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).parents[1]
ACTCLI = [sys.executable, "-m", "actcli"]
TABULAR = ("table", "json", "ndjson", "csv", "tsv", "md")

SOBER = {
    key: value
    for key, value in os.environ.items()
    if key not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "ACTCLI_DEBUG")
} | {"PYTHONPATH": str(ROOT)}


def check(args: list[str], code: int, out: bytes, err: bytes) -> None:
    """The promises that hold for every command line."""
    said = err.decode().splitlines()
    *notes, last = said or [""]
    if code in (1, 2):
        assert out == b""
        assert last.startswith("error: ")
        assert last.isprintable()
        assert "a fault of actcli" not in last
    elif code == 3:
        assert last.startswith("failed: ")
    else:
        assert code == 0
        notes = said
    assert all(note.startswith("note: ") for note in notes)
    if code in (0, 3) and out:
        check_document(args, out)


def check_document(args: list[str], out: bytes) -> None:
    text = out.decode()
    assert text.endswith("\n")
    if "always" not in args and "html" not in args:
        assert "\x1b" not in text
    if out.startswith(b'{"schema"'):
        document = orjson.loads(out)
        assert document["schema"].startswith("actcli.")
        assert isinstance(document["results"], list)
    elif "ndjson" in args and "-f" in args and not text.startswith("Usage"):
        assert all(isinstance(orjson.loads(line), dict) for line in out.splitlines())
    elif "csv" in args and "-f" in args and not text.startswith("Usage"):
        assert len({len(row) for row in csv.reader(io.StringIO(text, newline=""))}) == 1


def once(
    *args: str, python: tuple[str, ...] = ("-m", "actcli"), **given: Any
) -> subprocess.CompletedProcess[bytes]:
    """A process of its own for one command line."""
    options: dict[str, Any] = {"env": SOBER, "stdin": subprocess.DEVNULL, "timeout": 60} | given
    done: subprocess.CompletedProcess[bytes] = subprocess.run(
        [sys.executable, *python, *args], capture_output=True, **options
    )
    return done


def heed_interrupts() -> None:
    """A shell lets what it runs in the background ignore them, and all that this starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
