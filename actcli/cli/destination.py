"""Where a document goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from actcli.cli.standard_error import give_up_on
from actcli.errors import ActcliError

if TYPE_CHECKING:
    from pathlib import Path


def write(chunks: Iterable[bytes], output: Path | None) -> None:
    """Write the document to the file, or to standard output where there is none.

    A reader that goes away early (`| head`) ends the writing quietly.

    Raises:
        ActcliError: the destination cannot be written; a file that was there is as it was.
    """
    with _refusals(output), _opened(output) as destination:
        for chunk in chunks:
            destination.write(chunk)
        destination.flush()


@contextlib.contextmanager
def _refusals(output: Path | None) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        give_up_on(sys.stdout)
    except OSError as error:
        if output is None:
            give_up_on(sys.stdout)
        where = "standard output" if output is None else ascii(str(output))
        raise ActcliError(f"cannot write to {where}: {error.strerror or error}") from None


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        if sys.stdout is None:
            raise ActcliError("cannot write to standard output: it is closed")
        yield sys.stdout.buffer
    else:
        from actcli.atomic_file import replacing

        with replacing(output) as temporary, temporary.open("wb") as file:
            yield file
