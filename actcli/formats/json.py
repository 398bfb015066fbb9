"""One strict JSON document: what is not finite is null."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import orjson

from actcli.results import Column, Reply
from actcli.version import __version__


def chunks(reply: Reply) -> Iterator[bytes]:
    """The document, result by result; columns block by block."""
    head = {"schema": f"actcli.{reply.schema}", "version": __version__}
    yield dumps(head)[:-1] + b',"results":['
    for position, report in enumerate(reply.reports):
        yield b"," if position else b""
        yield from _result(report.result)
    yield b"]}\n"


def dumps(value: Any) -> bytes:
    """Strict JSON of dataclasses, named tuples, numpy arrays and plain values."""
    has_arrays = "numpy" in sys.modules  # orjson would import it to look for them
    option = orjson.OPT_SERIALIZE_NUMPY if has_arrays else 0
    return orjson.dumps(value, default=_plain, option=option)


def _result(result: Any) -> Iterator[bytes]:
    values = {key: getattr(result, key) for key in keys(type(result))}
    if not any(isinstance(value, Column) for value in values.values()):
        yield dumps(values)
        return
    for position, (name, value) in enumerate(values.items()):
        yield (b"," if position else b"{") + dumps(name) + b":"
        yield from _column(value) if isinstance(value, Column) else (dumps(value),)
    yield b"}"


def keys(cls: Any) -> list[str]:
    """What is written of a dataclass: the names of its fields, private ones aside."""
    return [field.name for field in fields(cls) if not field.name.startswith("_")]


def plain(value: Any) -> Any:
    """The value as dicts, lists and scalars, by the keys that it is written by; infinities stay."""
    if is_dataclass(value):
        return {key: plain(getattr(value, key)) for key in keys(type(value))}
    if isinstance(value, Column):
        return [number for block in value for number in block.tolist()]
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return [*map(plain, value)] if isinstance(value, list | tuple) else value


def _column(column: Column) -> Iterator[bytes]:
    yield b"["
    for position, block in enumerate(column):
        yield (b"," if position else b"") + dumps(block)[1:-1]
    yield b"]"


def _plain(value: Any) -> Any:
    """What orjson does not know by itself."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return value._asdict()
    raise TypeError(f"{type(value).__name__} has no JSON form")
