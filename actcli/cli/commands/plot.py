"""`actcli plot`: pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.functions import functions
from actcli.cli.numbers import Real
from actcli.cli.options import (
    data_option,
    interval,
    order_option,
    range_option,
    renders,
)

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.results import Reply


@click.command(name="plot")
@functions
@range_option
@interval("--ylim", "heights", "Show this range of y only.")
@click.option(
    "--derivative/--no-derivative",
    default=None,
    help="Draw f' beside f.  [default: for one function]",
)
@order_option
@click.option("--log-y", is_flag=True, help="A logarithmic y axis; what is not positive is a gap.")
@click.option("--title", default="", metavar="TEXT", help="A line above the picture.")
@click.option(
    "--eps", type=Real(above=0), metavar="EPS", help="Shade where |f'| < EPS: the saturated ranges."
)
@data_option
@click.option(
    "--difference", is_flag=True, help="Draw the first function less the others, or --data less it."
)
@renders("chart")
def command(
    functions: tuple[Activation, ...],
    window: tuple[float, float] | None,
    heights: tuple[float, float] | None,
    derivative: bool | None,
    order: int,
    log_y: bool,
    title: str,
    eps: float | None,
    data: str | None,
    difference: bool,
) -> Reply:
    """Draw f and f' in the terminal, or as a figure.

    The range is one in which something happens, found from the function itself.

    \b
    Examples:
      actcli plot gelu
      actcli plot relu elu softplus --range -3 3
      actcli plot silu --order 2
      actcli plot 'x*tanh(x)' -o figure.svg
      actcli plot gelu --data measured.csv
      actcli plot torch.gelu jax.gelu --difference
    """
    from actcli.functions.measured.files import read_points
    from actcli.reports.plot import blanks, picture, residuals
    from actcli.reports.table import SampleReport, SecondOrderReport
    from actcli.results import Reply

    points = None if data is None else read_points(data, None)
    if difference and points is not None:
        with_slopes = derivative is True
        samples, chart = residuals(
            functions, points, window=window, heights=heights, derivative=with_slopes, title=title
        )
        return Reply(map(SampleReport, samples), schema="plot/1", chart=chart, files=_read(data))
    if difference:
        functions = _differences(functions)
        derivative = derivative or False
    samples, chart = picture(
        functions,
        window=window,
        heights=heights,
        derivative=len(functions) == 1 or order > 1 if derivative is None else derivative,
        order=order,
        log_y=log_y,
        title=title,
        eps=eps,
        points=points,
    )
    report = SampleReport if order == 1 else SecondOrderReport
    return Reply(
        map(report, samples),
        schema="plot/1",
        chart=chart,
        notes=[*blanks(chart)],
        files=_read(data),
    )


def _read(data: str | None) -> list[Path]:
    from pathlib import Path

    return [] if data in (None, "-") else [Path(data)]


def _differences(functions: tuple[Activation, ...]) -> tuple[Activation, ...]:
    """The first function less each of the others."""
    from actcli.functions.plotting.difference import difference

    first, *others = functions
    if not others:
        raise click.UsageError("--difference takes two functions or more, or --data")
    return tuple(difference(first, other) for other in others)
