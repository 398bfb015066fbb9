"""`actcli schema`: what the JSON of a command looks like."""

from __future__ import annotations

from importlib import import_module
from typing import Any, get_args

import click

from actcli.cli.commands import COMMANDS

REPORTS = {name: path for entry in COMMANDS.values() for name, path in entry.reports.items()}
"""The class of each document's reports, in `reports/`."""


@click.command(name="schema")
@click.argument("name", metavar="COMMAND", type=click.Choice(list(REPORTS)))
def command(name: str) -> None:
    """Print the JSON Schema of what a command writes with --json.

    \b
    Examples:
      actcli schema saturation
      actcli schema table > table.schema.json
    """
    import orjson

    from actcli.cli.destination import write

    write([orjson.dumps(schema_of(name), option=orjson.OPT_INDENT_2), b"\n"], None)


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of the document of that name."""
    from actcli.formats.schemas.schema import document_schema

    module, _, report = REPORTS[name].rpartition(".")
    (base,) = getattr(import_module(f"actcli.reports.{module}"), report).__orig_bases__
    return document_schema(f"{name}/1", *get_args(base))
