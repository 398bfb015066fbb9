"""What ends the program from outside: it leaves at once, and takes its unfinished files along.

No exception is raised for it, which an import or a callback of a library could swallow.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # the module proper imports enum first, when Ctrl-C is a traceback

UNFINISHED: set[str] = set()
"""The paths of files that are being written."""

SHOW_CURSOR = b"\r\x1b[2K\x1b[?25h"
"""What a progress bar leaves undone in a terminal: its line is there, and the cursor is not."""


def heed() -> None:
    """From now on an interrupt, a request to end or a terminal that goes away ends the program.

    What the caller has the program ignore (`nohup`, a job in the background) stays ignored.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(number: int, frame: object) -> None:
    for path in tuple(UNFINISHED):
        try:
            os.unlink(path)  # noqa: PTH108, pathlib may not have been imported yet
        except OSError:
            continue
    try:
        if "rich.progress" in sys.modules:
            os.write(2, SHOW_CURSOR)
    finally:
        os._exit(128 + number)
