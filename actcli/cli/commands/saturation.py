"""`actcli saturation`: where the slope is too small to learn from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from actcli.cli.functions import functions
from actcli.cli.options import (
    all_option,
    certificate_option,
    certified,
    eps_option,
    interval,
    proofs,
    range_option,
    renders,
)

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.functions.saturation import Saturation
    from actcli.results import Reply


@click.command(name="saturation")
@functions
@eps_option
@click.option("--relative", is_flag=True, help="Take EPS in units of the steepest slope.")
@range_option
@interval("--fail-if-saturated", "forbidden", "Exit with 3 if f saturates anywhere in LO HI.")
@proofs
@certificate_option
@all_option
@renders("table")
def command(
    functions: tuple[Activation, ...],
    eps: float,
    relative: bool,
    window: tuple[float, float] | None,
    forbidden: tuple[float, float] | None,
    prove: bool,
    effort: float,
    certificate: Path | None,
    every: bool,
) -> Reply:
    """Find the ranges where a function saturates, to the last bit.

    Tells saturation (f goes to a limit) from leaks, plateaus and dead zones.

    \b
    Examples:
      actcli saturation sigmoid gelu
      actcli saturation 'x*tanh(x)' --eps 1e-6 --json
      actcli saturation hardtanh --fail-if-saturated -0.9 0.9
    """
    from actcli.functions.saturation import saturation
    from actcli.reports.saturation import SaturationReport
    from actcli.reports.undecided import unproved
    from actcli.results import Reply

    def within(window: tuple[float, float] | None) -> list[Saturation]:
        return [
            saturation(f, eps, relative=relative, window=window, effort=effort) for f in functions
        ]

    answers = within(window)
    failed = unproved(answers) if prove else None
    if forbidden is not None:
        failed = _failure(within(forbidden)) or failed
    return Reply(
        [SaturationReport(answer, every) for answer in answers],
        schema="saturation/1",
        failed=failed,
        beside=certified(answers, functions, certificate),
    )


def _failure(answers: Sequence[Saturation]) -> str | None:
    """Which functions saturate within the window of the answers, or may; None where none does."""
    for answer in answers:
        low, high = answer.window or (-math.inf, math.inf)
        for one in answer.ranges:
            if one.kind == "bounded":
                return (
                    f"{answer.activation} saturates from {one.low:.6g} to {one.high:.6g}, "
                    f"within [{low:g}, {high:g}]"
                )
        if not answer.proved:
            return f"not decided whether {answer.activation} saturates within [{low:g}, {high:g}]"
    return None
