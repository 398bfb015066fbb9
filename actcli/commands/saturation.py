"""`actcli saturation`: where the slope is too small to learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.commands.options import eps_option, functions, interval, range_option, renders

if TYPE_CHECKING:
    from actcli.activation import Activation
    from actcli.answer import Reply


@click.command(name="saturation")
@functions
@eps_option
@click.option("--relative", is_flag=True, help="Take EPS in units of the steepest slope.")
@range_option
@interval("--fail-if-saturated", "forbidden", "Exit with 3 if f saturates anywhere in LO HI.")
@renders("table")
def command(
    functions: tuple[Activation, ...],
    eps: float,
    relative: bool,
    window: tuple[float, float] | None,
    forbidden: tuple[float, float] | None,
) -> Reply:
    """Find the ranges where a function saturates, to the last bit.

    Tells saturation (f goes to a limit) from leaks, plateaus and dead zones.

    \b
    Examples:
      actcli saturation sigmoid gelu
      actcli saturation 'x*tanh(x)' --eps 1e-6 --json
      actcli saturation hardtanh --fail-if-saturated -0.9 0.9
    """
    from actcli.analysis.saturation import saturation
    from actcli.answer import Reply

    answers = [saturation(f, eps, relative=relative, window=window) for f in functions]
    return Reply(
        answers,
        schema="saturation/1",
        failed=_failure(functions, eps, relative, forbidden) if forbidden else None,
    )


def _failure(
    functions: tuple[Activation, ...], eps: float, relative: bool, forbidden: tuple[float, float]
) -> str | None:
    """Which functions saturate within the interval, if any does."""
    from actcli.analysis.saturation import saturation

    low, high = forbidden
    for function in functions:
        for one in saturation(function, eps, relative=relative, window=forbidden).ranges:
            if one.kind == "bounded":
                return (
                    f"{function} saturates from {one.low:.6g} to {one.high:.6g}, "
                    f"within [{low:g}, {high:g}]"
                )
    return None
