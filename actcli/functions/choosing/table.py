"""The facts of the catalogue by name, looked up where they were written down.

To prove them all takes seconds, so they are in `table.json`, each function's with the formula that
they were proved of. A test proves every row anew; `python -m
tests.functions.choosing.test_table` writes the table. A function that it does not hold, or holds by
another formula, is proved when it is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from actcli.activations.registry import Named
from actcli.functions.choosing.criteria import DECLARED, KINDS, PROVED, Value, proved

FILE = Path(__file__).with_name("table.json")


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    table: Mapping[str, Mapping[str, Any]] = orjson.loads(FILE.read_bytes())
    return table


def known(activation: Named, names: Sequence[str]) -> dict[str, Value]:
    """Facts of a function of the catalogue at its default parameters, by their names."""
    row = _table().get(activation.name)
    if row is None or row["formula"] != activation.formula or row["params"] != activation.params:
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
    """The table of these functions, as the file holds it: a line for each."""
    rows = (
        orjson.dumps(act.name)
        + b":"
        + orjson.dumps(
            {
                "formula": act.formula,
                "params": dict(act.params),
                **{name: _as_json(value) for name, value in proved(act).items()},
            }
        )
        for act in activations
    )
    return b"{\n" + b",\n".join(rows) + b"\n}\n"


def _as_json(value: Value) -> Value:
    return str(value) if isinstance(value, float) and math.isinf(value) else value
