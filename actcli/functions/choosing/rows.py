"""What is written down about the functions of the catalogue, at their default parameters.

To prove all facts takes seconds, and to differentiate one formula a fifth of the time of a table.
So `rows.json` has both, each function's with the formula that they are of. A test finds every row
anew; `python -m tests.functions.choosing.test_rows` writes the file. What it does not hold, or
holds of another formula, is found when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from typing import Any

import orjson

from actcli.activations.base import Activation

NAME = "rows.json"
"""The file's, beside this module."""


def row_of(activation: Activation) -> Mapping[str, Any] | None:
    """The row of a function, None where there is none of its formula and parameters."""
    row = _rows().get(str(activation))
    if row is None or row["formula"] != activation.formula or row["params"] != activation.params:
        return None
    return row


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    rows: Mapping[str, Mapping[str, Any]] = orjson.loads(get_data(__name__, NAME) or b"")
    return rows
