"""Progress of long work, on a terminal's standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

PATIENCE = 1.0
"""Seconds of work before anything is shown."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar that the function it gives moves on by one of `total` steps.

    It is shown from the first step after a second on, and taken away at the end. Nothing is ever
    shown where standard error is no terminal.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda: None
        return
    start, done = monotonic(), 0
    with ExitStack() as stack:
        show: Callable[[int], None] | None = None

        def advance() -> None:
            nonlocal done, show
            done += 1
            if show is None and monotonic() - start > PATIENCE:
                show = stack.enter_context(_bar(label, total))
            if show:
                show(min(done, total))

        yield advance


@contextmanager
def _bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)
