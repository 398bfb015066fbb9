"""`actcli schema`: what the JSON of a command looks like."""

from __future__ import annotations

from importlib import import_module

import click

ANSWERS = {
    "list": "functions.listing.Entry",
    "info": "functions.facts.Facts",
    "table": "functions.sample.Sample",
    "plot": "functions.sample.Sample",
    "saturation": "functions.saturation.Saturation",
    "collapse": "networks.folding.results.Collapse",
    "compare": "functions.compare.Comparison",
    "certificate": "functions.certificate.Certificate",
    "gain": "meanfield.gain.Gain",
    "propagate": "meanfield.propagate.Propagation",
    "recurrent": "meanfield.recurrent.Recurrent",
    "softmax": "functions.output_layer.softmax.Softmax",
    "train": "networks.training.results.Training",
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

    from actcli.cli.destination import write
    from actcli.formats.schema import document_schema

    module, _, answer = ANSWERS[name].rpartition(".")
    answer_type = getattr(import_module(f"actcli.{module}"), answer)
    schema = document_schema(f"{name}/1", answer_type)
    write([orjson.dumps(schema, option=orjson.OPT_INDENT_2), b"\n"], None)
