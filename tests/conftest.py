"""What the tests share."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from hypothesis import settings

from actcli import cli

settings.register_profile("steady", derandomize=True)
if os.environ.get("CI"):  # the same examples in every run; new ones are found at the desk
    settings.load_profile("steady")


@dataclass(frozen=True)
class Result:
    """What one run of the program left behind."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.stdout)

    @property
    def results(self) -> list[dict[str, Any]]:
        return self.json["results"]


@pytest.fixture
def run(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run the program in this process, down to its file descriptors."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "ACTCLI_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def once(*args: str, stdin: str | bytes = b"") -> Result:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        exit_code = cli.run(args)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Result(exit_code, out.decode(), err.decode())

    return once
