"""`actcli info`: what is true of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.commands.options import functions, renders

if TYPE_CHECKING:
    from actcli.activation import Activation
    from actcli.answer import Reply


@click.command(name="info")
@functions
@renders("table")
def command(functions: tuple[Activation, ...]) -> Reply:
    """Say what is known about a function: range, kinks, asymptotes, roots.

    All of it is worked out from the function, for a typed formula as for a named one.

    \b
    Examples:
      actcli info gelu hardswish
      actcli info 'x*tanh(x)' --json
    """
    from actcli.analysis.facts import facts
    from actcli.answer import Reply

    return Reply([facts(function) for function in functions], schema="info/1")
