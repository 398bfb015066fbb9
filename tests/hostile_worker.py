"""Runs command lines read as JSON, one a line, down to the file descriptors.

Each is answered with [exit code, stdout, stderr, traceback], the texts as latin-1. A command line
that takes more than `CPU_SECONDS` ends the process.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path

CPU_SECONDS = 10


def main() -> None:
    from actcli.cli import main as cli

    answers = os.fdopen(os.dup(1), "w")
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        for line in sys.stdin:
            args, stdin = json.loads(line)
            Path("in.txt").write_bytes(stdin.encode("latin-1"))
            Path("in.npy").write_bytes(stdin.encode("latin-1"))
            keyboard = sys.stdin
            sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode("latin-1")))
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
            code, trace = -1, ""
            try:
                code = cli.run(args)
                sys.stdout.flush()
            except BaseException:
                trace = traceback.format_exc()
            signal.setitimer(signal.ITIMER_PROF, 0)
            sys.stdin = keyboard
            answers.write(json.dumps([code, _emptied(1), _emptied(2), trace]) + "\n")
            answers.flush()


def _emptied(descriptor: int) -> str:
    """What has been written to a file, which is then empty again."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    text = os.pread(descriptor, size, 0).decode("latin-1")
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    return text


if __name__ == "__main__":
    main()
