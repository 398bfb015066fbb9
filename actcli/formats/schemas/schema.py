"""JSON Schema (2020-12) of what a command writes, derived from the type of its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from actcli.formats.json import keys
from actcli.formats.schemas.meanings import meaning, summary
from actcli.formats.schemas.units import ABOUT, INTERVALS, interval, unit
from actcli.results import Column

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_ARRAYS = {"Array": NDArray[np.float64], "NDArray": NDArray, "np": np}
"""What results call arrays, whose modules do without numpy."""

_NUMBER: Schema = {"type": ["number", "null"]}
"""A float: what is not finite is null."""

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: _NUMBER,
    NoneType: {"type": "null"},
    Any: {},
    Column: {"type": "array", "items": _NUMBER},
}


def document_schema(name: str, result: type) -> Schema:
    """The schema of the document that carries results of this type under this promise."""
    return {
        "$schema": DIALECT,
        "title": f"actcli.{name}",
        "description": f"A number that is not finite is null, and so is an open end of an interval."
        f" {ABOUT}",
        "type": "object",
        "properties": {
            "schema": {
                "description": "This promise: within /1 keys are added, never renamed or removed.",
                "const": f"actcli.{name}",
            },
            "version": {"description": "Of the program that wrote it.", "type": "string"},
            "results": {
                "description": "One for each subject of the command, in their order.",
                "type": "array",
                "items": _schema(result),
            },
        },
        "required": ["schema", "version", "results"],
    }


def _schema(hint: Any) -> Schema:
    """The schema of values of a type."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if is_dataclass(hint) or hasattr(hint, "_fields"):
        return _object(hint)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, UnionType):
        return {"anyOf": [_schema(part) for part in parts]}
    if hasattr(origin, "__value__"):  # `type` statements; numpy's NDArray is one since 2.5
        return _schema(origin.__value__)
    if origin is np.ndarray:
        return {"type": "array"}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(parts[1])}
    if origin is tuple and Ellipsis not in parts:
        items = [_schema(part) for part in parts]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return {"type": "array", "items": _schema(parts[0])}
    raise TypeError(f"no JSON Schema for {hint}")


def _object(cls: Any) -> Schema:
    hints = get_type_hints(cls, localns=_ARRAYS)
    names = [*cls._fields] if hasattr(cls, "_fields") else keys(cls)
    has_ends = {"low", "high"} <= {*names}
    return {
        "description": summary(cls),
        "type": "object",
        **({"interval": INTERVALS[cls.__name__]} if has_ends else {}),
        "properties": {name: _key(cls, name, _schema(hints[name])) for name in names},
        "required": names,
    }


def _key(cls: type, name: str, schema: Schema) -> Schema:
    """The schema of a key: what it means, in which unit, and of an object what that is."""
    own = {
        "description": f"{meaning(cls, name)} {schema.get('description', '')}".rstrip(),
        "unit": unit(cls, name) if _holds_numbers(schema) else None,
        "interval": interval(cls, name),
    }
    return {**schema, **{member: text for member, text in own.items() if text}}


def _holds_numbers(schema: Schema) -> bool:
    """Whether a value is a number, or an array or mapping of them."""
    if {"number", "integer"} & {*np.atleast_1d(schema.get("type", ""))}:
        return True
    inner = [*schema.get("anyOf", ()), *schema.get("prefixItems", ())]
    inner += [schema[key] for key in ("items", "additionalProperties") if schema.get(key)]
    return any(map(_holds_numbers, inner)) or schema == {"type": "array"}
