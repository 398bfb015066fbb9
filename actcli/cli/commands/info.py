"""`actcli info`: what is true of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.functions import functions
from actcli.cli.options import (
    all_option,
    certificate_option,
    certified,
    interval,
    order_option,
    proofs,
    renders,
)

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.results import Reply


@click.command(name="info")
@functions
@interval(
    "--range", "window", "Where to list the turns, kinks and roots of one that goes on for ever."
)
@order_option
@proofs
@certificate_option
@all_option
@renders("table")
def command(
    functions: tuple[Activation, ...],
    window: tuple[float, float] | None,
    order: int,
    prove: bool,
    effort: float,
    certificate: Path | None,
    every: bool,
) -> Reply:
    """Say what is known about a function: range, kinks, asymptotes, roots, its derivative.

    All of it is proved from the formula, for a typed one as for a named one.

    \b
    Examples:
      actcli info gelu hardswish
      actcli info 'x*tanh(x)' --order 2
    """
    from actcli.functions.facts import facts
    from actcli.reports.info import FactsReport
    from actcli.reports.undecided import unproved
    from actcli.results import Reply

    found = [facts(function, window, effort=effort, order=order) for function in functions]
    return Reply(
        [FactsReport(one, every) for one in found],
        schema="info/1",
        failed=unproved(found) if prove else None,
        beside=certified(found, functions, certificate),
    )
