"""What is written down of the catalogue, found anew row by row."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from actcli.activations.registry import catalogue
from actcli.functions.choosing import rows
from actcli.functions.choosing.criteria import KINDS, PROVED, proved
from actcli.functions.choosing.lookup import known, written

FILE = Path(rows.__file__).with_name(rows.NAME)


@pytest.mark.parametrize("name", catalogue())
def test_a_row_is_what_is_proved(name: str) -> None:
    """`python -m tests.functions.choosing.test_rows` writes the file."""
    activation = catalogue()[name]()
    row = orjson.loads(FILE.read_bytes())[name]
    assert row["formula"] == activation.formula, "the row is not of this formula"
    assert row["params"] == activation.params
    found = proved(activation)
    assert known(activation, [*PROVED]) == found
    assert all(type(value) in (KINDS[fact], type(None)) for fact, value in found.items())


def write_rows() -> None:
    """Find all of it for the catalogue, and write it down."""
    FILE.write_text("{}")  # so that nothing is looked up
    FILE.write_bytes(written([cls() for cls in catalogue().values()]))


if __name__ == "__main__":
    write_rows()
