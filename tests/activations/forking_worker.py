"""Runs command lines, each in a process of its own that has imported the program already.

A request is a line of JSON, [arguments, places on the path, folder]; its answer is [exit code,
stdout, stderr], the texts as latin-1. No process has been asked anything before.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import sys
import tempfile

import actcli
from actcli.__main__ import main as program
from actcli.activations.contents import CONTENTS


def main() -> None:
    _import_everything()
    answers = os.fdopen(os.dup(1), "w")
    for line in iter(sys.stdin.readline, ""):
        args, path, folder = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = os.fork()
            if not child:
                os.chdir(folder)
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.path += path
                sys.argv[1:] = args
                _run_to_the_end()
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            texts = [os.pread(f.fileno(), 1 << 24, 0).decode("latin-1") for f in (out, err)]
        answers.write(json.dumps([code, *texts]) + "\n")
        answers.flush()


def _run_to_the_end() -> None:
    """Run the program, and leave without a look at each module's objects, which would copy them."""
    try:
        program()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


def _import_everything() -> None:
    """The program, the catalogue, and what they need; nothing is loaded that plugins offer."""
    modules = [one.name for one in pkgutil.walk_packages(actcli.__path__, "actcli.")]
    catalogue = [f"actcli.activations.{module}" for module in CONTENTS]
    for module in (*modules, *catalogue):
        if not module.endswith("__main__"):
            importlib.import_module(module)
    gc.freeze()


if __name__ == "__main__":
    main()
