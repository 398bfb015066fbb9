"""`actcli list`: the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from actcli.cli.options import renders

if TYPE_CHECKING:
    from actcli.functions.listing import Entry
    from actcli.results import Reply

USUAL = ("range_low", "range_high", "monotone", "odd", "smooth", "lipschitz", "saturates")
"""The facts that are shown where none is named."""


@click.command(name="list")
@click.option(
    "--family", metavar="FAMILY", help="Only this family: rectified, sigmoidal, gated ..."
)
@click.option("--search", metavar="TEXT", help="Only what has TEXT in its name, alias or summary.")
@click.option(
    "--where", metavar="CONDITION", help="Only what it holds for: 'bounded and zero_centred'."
)
@click.option(
    "--sort", metavar="FACT", help="By a fact, ascending; descending with a minus before it."
)
@click.option(
    "--facts",
    "shown",
    is_flag=False,
    flag_value=",".join(USUAL),
    metavar="[FACT,...]",
    help="Show facts in columns: the usual ones, those named, or all.",
)
@renders()
def command(
    family: str | None, search: str | None, where: str | None, sort: str | None, shown: str | None
) -> Reply:
    """List the catalogue: names, formulas, parameters.

    CONDITION has facts by name, comparisons, and, or, not; a wrong word is answered with the list
    of all facts. The facts are proved, at the default parameters. An .html file is a page with a
    picture, the formulas, facts and framework calls of each function.

    \b
    Examples:
      actcli list --family gated
      actcli list --search swish --json
      actcli list --where 'bounded and zero_centred and smooth'
      actcli list --where 'lipschitz <= 1 and family == "gated"' --sort -range_low --facts
      actcli list -o catalogue.html
      actcli list --where 'torch and not saturates_left' --facts monotone,lipschitz
    """
    from actcli.functions.listing import listing
    from actcli.reports.list import EntryReport, FactsReport
    from actcli.results import Reply

    entries = listing(family, search, where=where, sort=sort, shown=_facts(shown or ""))
    report = EntryReport if sort is None and shown is None else FactsReport
    notes = () if entries else ("nothing in the catalogue matches; `actcli list` shows all of it",)
    reports = [report(entry) for entry in entries]
    return Reply(reports, schema="list/1", notes=notes, page=partial(_page, entries))


def _facts(shown: str) -> Sequence[str]:
    """The names that are given, or all there are."""
    if shown != "all":
        return [name for one in shown.split(",") if (name := one.strip())]
    from actcli.functions.choosing.criteria import KINDS

    return [*KINDS]


def _page(entries: Sequence[Entry]) -> bytes:
    from actcli.formats.pages.catalogue import page
    from actcli.reports.catalogue import card

    return page([*map(card, entries)])
