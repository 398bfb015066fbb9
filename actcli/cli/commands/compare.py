"""`actcli compare`: functions side by side, and how far they are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.functions import functions
from actcli.cli.numbers import Real
from actcli.cli.options import (
    all_option,
    certificate_option,
    certified,
    data_option,
    eps_option,
    interval,
    proofs,
    renders,
)

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.results import Reply


@click.command(name="compare")
@functions
@eps_option
@interval(
    "--range", "window", "Measure distances here; else everywhere, and the RMS from -10 to 10."
)
@click.option("--pairs", is_flag=True, help="Write a row for each pair, not for each function.")
@click.option("--cost", is_flag=True, help="Time the functions, relative to relu.")
@data_option
@click.option(
    "--dtype",
    type=click.Choice(["float64", "float32", "bfloat16", "float16"]),
    help="The format of the numbers in --data.  [default: that of the file]",
)
@click.option(
    "--tol",
    type=Real(least=0),
    help="Exit with 3 if any |f - g| is greater than TOL, or only one has a value somewhere.",
)
@proofs
@certificate_option
@all_option
@renders("table")
def command(
    functions: tuple[Activation, ...],
    eps: float,
    window: tuple[float, float] | None,
    pairs: bool,
    cost: bool,
    data: str | None,
    dtype: str | None,
    tol: float | None,
    prove: bool,
    effort: float,
    certificate: Path | None,
    every: bool,
) -> Reply:
    """Compare functions: their facts side by side, and how far they are apart.

    The largest |f - g| and |f' - g'| are those over all numbers, and infinite where f and g part.
    Both are proved; where one is not decided in time, that is said. They count where both functions
    have a value. Where only one has, as sqrt(x)**2 and x below 0, that is said: they are two
    functions, and farther apart than any --tol.

    With --data it is measured points that each function is compared with: a table of x, y and maybe
    dy, or what a kernel returned. The largest absolute, relative and ulp errors, and the RMS, are
    those from the exact values.

    \b
    Examples:
      actcli compare gelu gelu_tanh quick_gelu
      actcli compare torch.gelu jax.gelu --tol 1e-3
      actcli compare silu hardswish 'x*sigmoid(1.5*x)' --pairs --format csv
      actcli compare gelu --data kernel.npy --dtype float16 --tol 1e-3
    """
    if data is not None:
        unfit = {"--pairs": pairs, "--cost": cost, "--prove": prove, "--certificate": certificate}
        for flag in (flag for flag, given in unfit.items() if given):
            raise click.UsageError(f"{flag} does not go with --data")
        return _measured(functions, data, dtype, window, tol)
    if dtype is not None:
        raise click.UsageError("--dtype is that of the numbers in --data")
    from actcli.functions.compare import compare
    from actcli.reports.compare import ComparisonReport, PairsReport, beyond, unproved
    from actcli.results import Reply

    if len(functions) < 2:
        raise click.UsageError("give two functions or more to compare, or points with --data")
    found = compare(functions, eps, window, cost=cost, effort=effort)
    return Reply(
        [PairsReport(found, every) if pairs else ComparisonReport(found, every)],
        schema="compare/1",
        failed=(tol is not None and beyond(found, tol)) or (unproved(found) if prove else None),
        beside=certified([found], functions, certificate),
    )


def _measured(
    functions: tuple[Activation, ...],
    data: str,
    dtype: str | None,
    window: tuple[float, float] | None,
    tol: float | None,
) -> Reply:
    """The answer about measured points."""
    from pathlib import Path

    from actcli.functions.measured.errors import measurement
    from actcli.functions.measured.files import read_points
    from actcli.reports.measured import MeasurementReport, beyond
    from actcli.results import Reply

    points = read_points(data, dtype)
    points = points if window is None else points.within(*window)
    found = [measurement(function, points) for function in functions]
    return Reply(
        map(MeasurementReport, found),
        schema="measured/1",
        failed=None if tol is None else beyond(found, tol),
        files=[] if data == "-" else [Path(data)],
    )
