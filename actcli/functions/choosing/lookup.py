"""Facts of the catalogue by name, looked up where they are written down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import orjson

from actcli.activations.registry import Named
from actcli.functions.choosing.criteria import DECLARED, KINDS, PROVED, proved
from actcli.functions.choosing.rows import row_of
from actcli.functions.choosing.value import Value
from actcli.functions.derivatives.formula import derivative_found


def known(activation: Named, names: Sequence[str]) -> dict[str, Value]:
    """Facts of a function of the catalogue, by their names."""
    row = row_of(activation)
    if row is None:
        row = proved(activation) if any(name in PROVED for name in names) else {}
    return {
        name: DECLARED[name][2](activation) if name in DECLARED else _read(name, row[name])
        for name in names
    }


def _read(name: str, value: Any) -> Value:
    """JSON has no infinity: it is a text there."""
    if KINDS[name] is not float or value is None:
        read: Value = value
        return read
    return float(value)


def written(activations: Sequence[Named]) -> bytes:
    """The rows of these functions, as the file holds them: a line for each."""
    rows = (
        orjson.dumps(act.name)
        + b":"
        + orjson.dumps(
            {
                "formula": act.formula,
                "params": dict(act.params),
                "derivative": derivative_found(act),
                **{name: _as_json(value) for name, value in proved(act).items()},
            }
        )
        for act in activations
    )
    return b"{\n" + b",\n".join(rows) + b"\n}\n"


def _as_json(value: Value) -> Value:
    return str(value) if isinstance(value, float) and math.isinf(value) else value
