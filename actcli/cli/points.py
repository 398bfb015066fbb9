"""Numbers read from a file or from standard input."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

import numpy as np

from actcli.errors import ActcliError, quoted
from actcli.numeric.arrays import Array, as_real

PIECE = 1 << 20
"""Bytes of text read at once."""


def read_numbers(source: str) -> Array:
    """The numbers of a text file, a .npy file, or standard input (`-`), flat, in order.

    In text the numbers stand between white space, commas or semicolons; `#` starts a comment.

    Raises:
        ActcliError: the file cannot be read, holds no number, or something that is not one.
    """
    name = "standard input" if source == "-" else ascii(source)
    try:
        numbers = _from_npy(source, name) if source.endswith(".npy") else _from_text(source, name)
    except OSError as error:
        raise ActcliError(f"cannot read {name}: {error.strerror or error}") from None
    if not numbers.size:
        raise ActcliError(f"{name} holds no numbers")
    return numbers


def read_vectors(source: str) -> list[Array]:
    """The vectors of a text file, one a line, of a .npy file's rows, or of standard input (`-`).

    Raises:
        ActcliError: as for `read_numbers`.
    """
    name = "standard input" if source == "-" else ascii(source)
    try:
        if source.endswith(".npy"):
            array = _array(source, name)
            vectors = list(array.reshape(-1, array.shape[-1] if array.ndim else 1))
        else:
            vectors = _lines(source, name)
    except OSError as error:
        raise ActcliError(f"cannot read {name}: {error.strerror or error}") from None
    if not vectors or not vectors[0].size:
        raise ActcliError(f"{name} holds no numbers")
    return vectors


def _from_npy(path: str, name: str) -> Array:
    return _array(path, name).reshape(-1)


def _array(path: str, name: str) -> Array:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError:
        raise
    except Exception:  # numpy and zipfile raise half a dozen kinds over bytes that are no array
        raise ActcliError(f"cannot read {name}: it is no .npy file of plain numbers") from None
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        raise ActcliError(f"{name} holds no real numbers but {_kind(array)}")
    return as_real(array)


def _kind(array: object) -> str:
    return str(array.dtype) if isinstance(array, np.ndarray) else "an archive of arrays"


def _from_text(source: str, name: str) -> Array:
    if source == "-":
        if sys.stdin is None:
            raise ActcliError("cannot read standard input: it is closed")
        return np.concatenate([np.empty(0), *_parsed(sys.stdin.buffer, name)])
    from pathlib import Path

    with Path(source).open("rb") as file:
        return np.concatenate([np.empty(0), *_parsed(file, name)])


def _lines(source: str, name: str) -> list[Array]:
    if source == "-":
        if sys.stdin is None:
            raise ActcliError("cannot read standard input: it is closed")
        return [*_vectors(sys.stdin.buffer, name)]
    from pathlib import Path

    with Path(source).open("rb") as file:
        return [*_vectors(file, name)]


def _vectors(file: BinaryIO, name: str) -> Iterator[Array]:
    for line_number, line in enumerate(file, 1):
        text = line.removeprefix(codecs.BOM_UTF8) if line_number == 1 else line
        words = [word for word in _words(text) if word]
        try:
            numbers = np.array([float(word) for word in words])
        except ValueError:
            raise _first_fault([words], line_number, name) from None
        if numbers.size:
            yield numbers


def _words(line: bytes) -> list[bytes]:
    return re.split(rb"[\s,;]+", line.partition(b"#")[0].strip())


def _parsed(file: BinaryIO, name: str) -> Iterator[Array]:
    line_number = 1
    while lines := file.readlines(PIECE):
        if line_number == 1:
            lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
        words = [_words(line) for line in lines]
        try:
            yield np.array([float(word) for line in words for word in line if word])
        except ValueError:
            raise _first_fault(words, line_number, name) from None
        line_number += len(lines)


def _first_fault(lines: list[list[bytes]], start: int, name: str) -> ActcliError:
    """Which word is not a number, for the message."""
    for number, words in zip(count(start), lines, strict=False):
        for word in filter(None, words):
            try:
                float(word)
            except ValueError:
                text = quoted(word.decode("utf-8", "replace"))
                return ActcliError(f"{name}, line {number}: {text} is not a number")
    raise AssertionError("no fault found")
