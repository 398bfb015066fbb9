"""`actcli schema`: what the JSON of a command looks like."""

from __future__ import annotations

from importlib import import_module

import click

ANSWERS = {
    "list": "analysis.listing.Entry",
    "info": "analysis.facts.Facts",
    "table": "analysis.sample.Sample",
    "plot": "analysis.sample.Sample",
    "saturation": "analysis.saturation.Saturation",
    "collapse": "analysis.collapsed.Collapse",
    "compare": "analysis.compare.Comparison",
    "certificate": "analysis.certificate.Certificate",
    "gain": "analysis.gain.Gain",
    "propagate": "analysis.propagate.Propagation",
    "recurrent": "analysis.recurrent.Recurrent",
    "softmax": "analysis.softmax.Softmax",
    "train": "training.results.Training",
}
"""The type of each command's answers; recurrent is `propagate --cell`, and a certificate what
`--certificate` writes."""


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

    module, _, answer = ANSWERS[name].rpartition(".")
    answer_type = getattr(import_module(f"actcli.{module}"), answer)
    schema = document_schema(f"{name}/1", answer_type)
    write([orjson.dumps(schema, option=orjson.OPT_INDENT_2), b"\n"], None)
