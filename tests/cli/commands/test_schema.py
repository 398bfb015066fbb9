"""The schemas that are printed, held against the documents that are written."""

from __future__ import annotations

from collections.abc import Callable

import jsonschema
import pytest

from actcli.cli.commands.schema import ANSWERS
from actcli.cli.main import COMMANDS

DOCUMENTS = {
    "list": ["--search", "e"],
    "info": ["gelu", "step", "sin", "1/x", "elu:alpha=0.5"],
    "table": ["gelu", "log(x)"],
    "plot": ["tan(x)", "relu"],
    "saturation": ["sigmoid", "sin", "step", "identity", "asinh", "3"],
    "collapse": ["4", "8", "relu", "8", "3"],
    "compare": ["gelu", "relu"],
    "gain": ["relu", "gelu"],
    "propagate": ["tanh", "--depth", "3"],
    "train": ["circle", "-a", "tanh", "-a", "identity", "--epochs", "2"],
    "recurrent": ["tanh", "--cell", "rnn", "--cell", "lstm", "--steps", "3", "--width", "8"],
    "softmax": ["1", "2", "3", "--target", "0"],
}

WRITTEN_BY = {"recurrent": "propagate"}
"""Where a document has another name than its command."""


def test_every_command_that_answers_has_a_schema() -> None:
    assert set(DOCUMENTS) == {*COMMANDS, *WRITTEN_BY} - {"schema"}
    assert set(ANSWERS) == {*DOCUMENTS, "certificate"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_command_writes_is_what_its_schema_says(run: Callable, name: str) -> None:
    schema = run("schema", name).json
    jsonschema.Draft202012Validator.check_schema(schema)
    document = run(WRITTEN_BY.get(name, name), *DOCUMENTS[name], "--json").json
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert document["results"]
    properties = schema["properties"]["results"]["items"]["properties"]
    for result in document["results"]:
        assert list(result) == list(properties)


def test_a_schema_refuses_what_is_not_promised(run: Callable) -> None:
    schema = run("schema", "table").json
    document = run("table", "relu", "--json").json
    document["results"][0]["x"] = "text"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_an_unknown_command_is_a_usage_error(run: Callable) -> None:
    result = run("schema", "tabel")
    assert (result.exit_code, result.stdout) == (2, "")
