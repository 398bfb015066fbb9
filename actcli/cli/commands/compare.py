"""`actcli compare`: functions side by side, and how far they are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.numbers import Real
from actcli.cli.options import (
    all_option,
    certificate_option,
    certified,
    eps_option,
    functions,
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
@click.option("--tol", type=Real(least=0), help="Exit with 3 if any |f - g| is greater than TOL.")
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
    tol: float | None,
    prove: bool,
    effort: float,
    certificate: Path | None,
    every: bool,
) -> Reply:
    """Compare functions: their facts side by side, and how far they are apart.

    The largest |f - g| and |f' - g'| are those over all numbers, and infinite where f and g part.
    Both are proved; where one is not decided in time, that is said.

    \b
    Examples:
      actcli compare gelu gelu_tanh quick_gelu
      actcli compare torch.gelu jax.gelu --tol 1e-3
      actcli compare silu hardswish 'x*sigmoid(1.5*x)' --pairs --format csv
    """
    from actcli.functions.compare import compare
    from actcli.reports.compare import ComparisonReport, PairsReport, beyond, unproved
    from actcli.results import Reply

    if len(functions) < 2:
        raise click.UsageError("give two functions or more to compare")
    found = compare(functions, eps, window, cost=cost, effort=effort)
    return Reply(
        [PairsReport(found, every) if pairs else ComparisonReport(found, every)],
        schema="compare/1",
        failed=(tol is not None and beyond(found, tol)) or (unproved(found) if prove else None),
        beside=certified([found], functions, certificate),
    )
