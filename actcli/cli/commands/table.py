"""`actcli table`: numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.files import Source
from actcli.cli.functions import functions
from actcli.cli.numbers import Extended, Integer, Several, TakesSeveral, flat
from actcli.cli.options import order_option, range_option, renders

if TYPE_CHECKING:
    from actcli.activations.base import Activation
    from actcli.results import Column, Reply

DEFAULT_RANGE = (-6.0, 6.0)
DEFAULT_POINTS = 13
MOST_POINTS = 10**9


@click.command(name="table", cls=TakesSeveral)
@functions
@range_option
@click.option(
    "--points",
    type=Integer(min=1, max=MOST_POINTS),
    metavar="N",
    help=f"How many points, evenly spaced.  [default: {DEFAULT_POINTS}]",
)
@click.option(
    "--at",
    type=Several(Extended()),
    multiple=True,
    callback=flat,
    metavar="X...",
    help="At these points: -1 0 1/3, or -1,0,1/3; inf and -inf give the limits.",
)
@click.option(
    "--from",
    "source",
    type=Source(),
    metavar="FILE",
    help="Read the points from a text file, a .npy file, or - for standard input.",
)
@order_option
@click.option(
    "--column", metavar="NAME|N", help="Which column of --from, by name or from 1; all takes all."
)
@click.option("--wide", is_flag=True, help="One table: x, then f and f' of each function.")
@renders()
def command(
    functions: tuple[Activation, ...],
    window: tuple[float, float] | None,
    points: int | None,
    at: tuple[float, ...],
    source: str | None,
    order: int,
    column: str | None,
    wide: bool,
) -> Reply:
    """Tabulate x, f(x) and f'(x).

    f'' is within 8 units in the last place of the exact number, as f' is; it is left out where f'
    has a kink or a jump.

    \b
    Examples:
      actcli table gelu --range -6 6
      actcli table 'x*tanh(x)' relu --at -1 0 1/3 --json
      actcli table gelu silu --wide --digits full
      actcli table silu --order 2
    """
    from actcli.functions.sample import sample
    from actcli.reports.table import SampleReport, SecondOrderReport, WideReport
    from actcli.results import Reply

    x = _points(window, points, at, source, column)
    samples = [sample(function, x, order) for function in functions]
    if wide and len({one.activation for one in samples}) < len(samples):
        raise click.UsageError("--wide has a column of its own for each function: give each once")
    report = SampleReport if order == 1 else SecondOrderReport
    return Reply(
        [WideReport(samples, place) for place in range(len(samples))]
        if wide
        else map(report, samples),
        schema="table/1",
    )


def _points(
    window: tuple[float, float] | None,
    points: int | None,
    at: tuple[float, ...],
    source: str | None,
    column: str | None,
) -> Column:
    import numpy as np

    from actcli.cli.points import read_numbers
    from actcli.functions.sample import evenly_spaced, given

    ways = {
        "--range/--points": window is not None or points is not None,
        "--at": bool(at),
        "--from": source is not None,
    }
    chosen = [way for way, taken in ways.items() if taken]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} both say which points: give one of them")
    if column is not None and source is None:
        raise click.UsageError("--column belongs to --from")
    if source is not None:
        return given(read_numbers(source, column))
    if at:
        return given(np.array(at))
    return evenly_spaced(*(window or DEFAULT_RANGE), points or DEFAULT_POINTS)
