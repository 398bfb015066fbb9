"""Runs command lines read as JSON, one a line, and answers each with exit code, stdout and stderr.

A process of its own: a chart that ends the process would end the tests.
"""

from __future__ import annotations

import io
import json
import sys
import traceback


def main() -> None:
    from actcli.cli import main as cli

    answers = sys.stdout
    for line in sys.stdin:
        out = sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        err = sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        try:
            code = cli.run(json.loads(line))
        except BaseException:
            code = -1
            traceback.print_exc()
        out.flush()
        err.flush()
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
        print(json.dumps([code, *texts]), file=answers, flush=True)


if __name__ == "__main__":
    main()
