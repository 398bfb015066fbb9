"""A file that is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from actcli.signals import UNFINISHED

if TYPE_CHECKING:
    from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file beside the path that takes its place if all goes well.

    A device or a pipe is itself: it cannot be replaced.

    Raises:
        OSError: the folder cannot be written to.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        yield path
        return
    temporary = path.with_name(f".{path.name[:64]}.{os.urandom(6).hex()}")
    UNFINISHED.add(str(temporary))
    try:
        temporary.touch(0o600, exist_ok=False)
        yield temporary
        temporary.chmod(path.stat().st_mode if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink()
        UNFINISHED.discard(str(temporary))


def is_same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, through links or not, and even if it is not there yet."""
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:  # one is not there, or its name is too long for a file
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
