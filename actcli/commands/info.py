"""`actcli info`: what is true of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.commands.options import certificate_option, certified, functions, proofs, renders

if TYPE_CHECKING:
    from actcli.activation import Activation
    from actcli.answer import Reply


@click.command(name="info")
@functions
@proofs
@certificate_option
@renders("table")
def command(
    functions: tuple[Activation, ...], prove: bool, effort: float, certificate: str | None
) -> Reply:
    """Say what is known about a function: range, kinks, asymptotes, roots.

    All of it is proved from the formula, for a typed one as for a named one.

    \b
    Examples:
      actcli info gelu hardswish
      actcli info 'x*tanh(x)' --json
    """
    from actcli.analysis.facts import facts
    from actcli.analysis.undecided import unproved
    from actcli.answer import Reply

    answers = [facts(function, effort=effort) for function in functions]
    return Reply(
        answers,
        schema="info/1",
        failed=unproved(answers) if prove else None,
        beside=certified(answers, functions, certificate),
    )
