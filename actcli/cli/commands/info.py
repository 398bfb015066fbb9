"""`actcli info`: what is true of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.options import certificate_option, certified, functions, proofs, renders

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.results import Reply


@click.command(name="info")
@functions
@proofs
@certificate_option
@renders("table")
def command(
    functions: tuple[Activation, ...], prove: bool, effort: float, certificate: Path | None
) -> Reply:
    """Say what is known about a function: range, kinks, asymptotes, roots.

    All of it is proved from the formula, for a typed one as for a named one.

    \b
    Examples:
      actcli info gelu hardswish
      actcli info 'x*tanh(x)' --json
    """
    from actcli.functions.facts import facts
    from actcli.reports.info import FactsReport
    from actcli.reports.undecided import unproved
    from actcli.results import Reply

    found = [facts(function, effort=effort) for function in functions]
    return Reply(
        map(FactsReport, found),
        schema="info/1",
        failed=unproved(found) if prove else None,
        beside=certified(found, functions, certificate),
    )
