"""`actcli collapse`: stacked linear layers are one matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.commands.options import renders

if TYPE_CHECKING:
    from actcli.answer import Reply


@click.command(name="collapse")
@click.argument("words", metavar="STACK|FILE...", nargs=-1, required=True)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Of the random weights and inputs.",
)
@click.option(
    "--bias/--no-bias",
    default=True,
    show_default=True,
    help="Whether the layers of a stack have biases.",
)
@click.option("--as-conv", is_flag=True, help="Show each dense layer as the convolution it is.")
@renders()
def command(words, seed, bias, as_conv) -> Reply:
    """Fold stacked linear layers into one matrix, and prove it."""
    from actcli.analysis.collapse import collapse
    from actcli.analysis.stack import stack
    from actcli.answer import Reply
    from actcli.names import find

    network = stack(words, find, seed=seed, bias=bias)
    return Reply(
        [collapse(network, seed=seed, as_conv=as_conv)], schema="collapse/1", notes=network.notes
    )
