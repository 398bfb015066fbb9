"""`actcli compare`: functions side by side, and how far they are apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.options import (
    Real,
    certificate_option,
    certified,
    eps_option,
    functions,
    interval,
    proofs,
    renders,
)

if TYPE_CHECKING:
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
    certificate: str | None,
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
    from actcli.results import Reply

    if len(functions) < 2:
        raise click.UsageError("give two functions or more to compare")
    answer = compare(functions, eps, window, cost=cost, effort=effort)
    return Reply(
        [answer.by_pairs if pairs else answer],
        schema="compare/1",
        failed=(tol is not None and answer.beyond(tol)) or (answer.unproved if prove else None),
        beside=certified([answer], functions, certificate),
    )
