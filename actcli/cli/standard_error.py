"""Lines on standard error, which are lost where nobody can read them and change no exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

import click


def say(line: str) -> None:
    """Write a line to standard error."""
    try:
        click.echo(line, err=True)
        if sys.stderr is not None:
            sys.stderr.flush()
    except (OSError, ValueError):
        give_up_on(sys.stderr)


def give_up_on(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, so that closing the stream at exit cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
