"""The table of facts, proved anew row by row."""

from __future__ import annotations

import orjson
import pytest

from actcli.activations.registry import catalogue
from actcli.functions.choosing.criteria import KINDS, PROVED, proved
from actcli.functions.choosing.table import FILE, known, written


@pytest.mark.parametrize("name", catalogue())
def test_a_row_is_what_is_proved(name: str) -> None:
    """`python -m tests.functions.choosing.test_table` writes the table."""
    activation = catalogue()[name]()
    row = orjson.loads(FILE.read_bytes())[name]
    assert row["formula"] == activation.formula, "the table is not of this formula"
    assert row["params"] == activation.params
    assert known(activation, [*PROVED]) == proved(activation)
    assert all(
        type(value) in (KINDS[fact], type(None)) for fact, value in proved(activation).items()
    )


def write_table() -> None:
    """Prove the facts of the catalogue, and write them down."""
    FILE.write_bytes(written([cls() for cls in catalogue().values()]))


if __name__ == "__main__":
    write_table()
