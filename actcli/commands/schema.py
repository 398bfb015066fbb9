"""`actcli schema`: what the JSON of a command looks like."""

from __future__ import annotations

from importlib import import_module

import click

ANSWERS = {
    "list": "listing.Entry",
    "info": "facts.Facts",
    "table": "sample.Sample",
    "plot": "sample.Sample",
    "saturation": "saturation.Saturation",
    "collapse": "collapsed.Collapse",
    "compare": "compare.Comparison",
    "gain": "gain.Gain",
    "propagate": "propagate.Propagation",
    "recurrent": "recurrent.Recurrent",
    "softmax": "softmax.Softmax",
}
"""The type of each command's answers, in `actcli.analysis`; recurrent is `propagate --cell`."""


@click.command(name="schema")
@click.argument("name", metavar="COMMAND", type=click.Choice(list(ANSWERS)))
def command(name: str) -> None:
    """Print the JSON Schema of what a command writes with --json.

    \b
    Examples:
      actcli schema saturation
      actcli schema table > table.schema.json
    """
    import orjson

    from actcli.render.destination import write
    from actcli.render.schema import document_schema

    module, _, answer = ANSWERS[name].partition(".")
    answer_type = getattr(import_module(f"actcli.analysis.{module}"), answer)
    schema = document_schema(f"{name}/1", answer_type)
    write([orjson.dumps(schema, option=orjson.OPT_INDENT_2), b"\n"], None)
