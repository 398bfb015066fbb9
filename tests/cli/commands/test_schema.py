"""The schemas that are printed, held against the documents that are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from actcli.cli.commands import COMMANDS
from actcli.cli.commands.schema import REPORTS, schema_of
from actcli.formats.schemas.units import UNITS
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")

KEYS = Path(__file__).parent / "golden" / "keys.json"
"""Every key of every document."""

PART = Path(__file__).parent / "golden" / "part.json"
"""What `actcli inspect relu.npy -a relu --partial part.json` keeps of twelve values."""

MEASURED = Path(__file__).parent / "golden" / "measured.csv"
"""Values and derivatives of gelu, of five and six digits."""

DOCUMENTS = {
    "list": ["--search", "e"],
    "info": ["gelu", "step", "sin", "1/x", "elu:alpha=0.5"],
    "table": ["gelu", "log(x)"],
    "plot": ["tan(x)", "relu"],
    "saturation": ["sigmoid", "sin", "step", "identity", "asinh", "3"],
    "collapse": ["4", "8", "relu", "8", "3"],
    "compare": ["gelu", "relu"],
    "measured": ["gelu", "relu", "--data", str(MEASURED)],
    "gain": ["relu", "gelu"],
    "propagate": ["tanh", "--depth", "3"],
    "train": ["circle", "-a", "tanh", "-a", "identity", "--epochs", "2"],
    "inspect": ["--merge", str(PART), "--against", str(PART)],
    "recurrent": ["tanh", "--cell", "rnn", "--cell", "lstm", "--steps", "3", "--units", "8"],
    "residual": ["gelu", "--residual", "0.5", "--depth", "3", "--simulate", "--units", "8"],
    "softmax": ["1", "2", "3", "--target", "0"],
}

WRITTEN_BY = {"recurrent": "propagate", "residual": "propagate", "measured": "compare"}
"""Where a document has another name than its command."""


def test_every_command_that_answers_has_a_schema() -> None:
    assert set(DOCUMENTS) == {*COMMANDS, *WRITTEN_BY} - {"schema"}
    assert set(REPORTS) == {*DOCUMENTS, "certificate", "gain-certificate"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_command_writes_is_what_its_schema_says(run: Run, name: str) -> None:
    schema = run("schema", name).json
    jsonschema.Draft202012Validator.check_schema(schema)
    document = run(WRITTEN_BY.get(name, name), *DOCUMENTS[name], "--json").json
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert document["results"]
    properties = schema["properties"]["results"]["items"]["properties"]
    for result in document["results"]:
        assert list(result) == list(properties)


def paths(schema: dict[str, Any], here: str = "") -> Iterator[str]:
    """The keys that a schema names, each with those it stands in."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{here}{key}"
        yield from paths(inner, f"{here}{key}.")
    for branch in schema.get("anyOf", []):
        yield from paths(branch, here)
    for place in ("items", "additionalProperties"):
        if isinstance(inner := schema.get(place), dict):
            yield from paths(inner, here)


@pytest.mark.parametrize("name", REPORTS)
def test_keys_are_added_but_never_renamed_or_removed(name: str) -> None:
    """`python -m tests.cli.commands.test_schema` writes the keys down, with those that are new."""
    known = json.loads(KEYS.read_text())[name]
    assert set(known) <= set(paths(schema_of(name)))


def described(schema: dict[str, Any], here: str = "") -> Iterator[tuple[str, str]]:
    """Every key that a schema names, with what is said of it."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{here}{key}", inner.get("description", "")
        yield from described(inner, f"{here}{key}.")
    for branch in schema.get("anyOf", []):
        yield from described(branch, here)
    for place in ("items", "additionalProperties"):
        if isinstance(inner := schema.get(place), dict):
            yield from described(inner, here)


@pytest.mark.parametrize("name", REPORTS)
def test_no_key_is_without_a_description(name: str) -> None:
    """A key that is new wants a docstring in its result type, below the field."""
    found = dict(described(schema_of(name)))
    assert found
    assert not [key for key, text in found.items() if len(text) < 4 or not text.endswith(".")]


def inside(schema: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*schema.get("anyOf", ()), *schema.get("prefixItems", ())]
    return inner + [schema[key] for key in ("items", "additionalProperties") if schema.get(key)]


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and all schemas within it."""
    yield schema
    for one in [*schema.get("properties", {}).values(), *inside(schema)]:
        yield from objects(one)


def is_real(schema: dict[str, Any]) -> bool:
    return "number" in schema.get("type", ()) or any(map(is_real, inside(schema)))


@pytest.mark.parametrize("name", REPORTS)
def test_every_real_number_has_a_unit_and_every_interval_says_what_it_contains(name: str) -> None:
    """A key that is new wants a place in `formats/schemas/units.py`."""
    for one in objects(schema_of(name)):
        properties = one.get("properties", {})
        for key, inner in properties.items():
            assert "unit" in inner or not is_real(inner), key
        if {"low", "high"} <= properties.keys():
            assert one["interval"] in ("open", "closed", "attained")
            assert properties["low"]["unit"] == properties["high"]["unit"]


@pytest.mark.parametrize(
    ("name", "path", "member", "meant"),
    [
        ("table", "second_derivative", "unit", "f/x^2"),
        ("info", "range", "interval", "attained"),
        ("info", "range.low", "unit", "f"),
        ("info", "extrema.x", "unit", "x"),
        ("info", "zero_on", "interval", "closed"),
        ("info", "window", "interval", "closed"),
        ("saturation", "ranges", "interval", "open"),
        ("saturation", "ranges.max_slope", "unit", "f/x"),
        ("gain", "second_moment", "unit", "f^2"),
        ("propagate", "depth_scale_c", "unit", "layer"),
        ("propagate", "q_star", "unit", "x^2"),
        ("softmax", "entropy", "unit", "nat"),
        ("measured", "value.rms", "unit", "y"),
        ("list", "parameters.default", "unit", "own"),
        ("inspect", "mean_abs_derivative.low", "unit", "f/x"),
    ],
)
def test_units_and_intervals_are_fields(name: str, path: str, member: str, meant: str) -> None:
    one = schema_of(name)["properties"]["results"]["items"]
    for key in path.split("."):
        one = one.get("items", one)["properties"][key]
    assert one.get(member, one.get("items", {}).get(member)) == meant


def test_no_unit_is_of_a_key_that_is_nowhere() -> None:
    schemas = [one for name in REPORTS for one in objects(schema_of(name))]
    keys = {key for one in schemas for key in one.get("properties", ())}
    assert {key.rpartition(".")[2] for row in UNITS.values() for key in row.split()} <= keys


@pytest.mark.parametrize("name", ["saturation", "info", "compare", "certificate"])
def test_the_ends_of_an_interval_are_said_to_be_open_or_closed(name: str) -> None:
    for key, text in described(schema_of(name)):
        if key.rpartition(".")[2] in ("low", "high"):
            assert "open" in text or "attained" in text or "unbounded" in text, key


def test_a_schema_refuses_what_is_not_promised(run: Run) -> None:
    schema = run("schema", "table").json
    document = run("table", "relu", "--json").json
    document["results"][0]["x"] = "text"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_an_unknown_command_is_a_usage_error(run: Run) -> None:
    result = run("schema", "tabel")
    assert (result.exit_code, result.stdout) == (2, "")


def write_keys() -> None:
    """Write down the keys of all documents."""
    found = {name: [*dict.fromkeys(paths(schema_of(name)))] for name in REPORTS}
    KEYS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    write_keys()
