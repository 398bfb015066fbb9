"""`actcli list`: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.options import renders

if TYPE_CHECKING:
    from actcli.results import Reply


@click.command(name="list")
@click.option(
    "--family", metavar="FAMILY", help="Only this family: rectified, sigmoidal, gated ..."
)
@click.option("--search", metavar="TEXT", help="Only what has TEXT in its name, alias or summary.")
@renders()
def command(family: str | None, search: str | None) -> Reply:
    """List the catalogue: names, formulas, parameters.

    \b
    Examples:
      actcli list --family gated
      actcli list --search swish --json
    """
    from actcli.functions.listing import listing
    from actcli.reports.list import EntryReport
    from actcli.results import Reply

    entries = listing(family, search)
    notes = () if entries else ("nothing in the catalogue matches; `actcli list` shows all of it",)
    return Reply(map(EntryReport, entries), schema="list/1", notes=notes)
