"""`actcli gain`: the gains for initialising weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.functions import functions
from actcli.cli.numbers import Real
from actcli.cli.options import certificate_option, proofs, renders

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.meanfield.gain import Gain
    from actcli.results import Reply


@click.command(name="gain")
@functions
@click.option(
    "--q", type=Real(above=0), default=1.0, show_default=True, help="The variance of the inputs."
)
@proofs
@certificate_option
@renders()
def command(
    functions: tuple[Activation, ...],
    q: float,
    prove: bool,
    effort: float,
    certificate: Path | None,
) -> Reply:
    """Compute the exact gains for initialising weights, forward and backward.

    \b
    Examples:
      actcli gain gelu
      actcli gain relu tanh 'x*tanh(x)' --q 2 --format csv
    """
    from actcli.meanfield.gain import gain, notes
    from actcli.reports.gain import GainReport
    from actcli.reports.undecided import unproved
    from actcli.results import Reply

    answers = [gain(function, q, effort) for function in functions]
    beside = {certificate: certified(answers, functions, effort)} if certificate else {}
    return Reply(
        map(GainReport, answers),
        schema="gain/1",
        notes=[note for function in functions for note in notes(function, q, effort)],
        failed=unproved(answers) if prove else None,
        beside=beside,
    )


def certified(answers: list[Gain], functions: tuple[Activation, ...], effort: float) -> Reply:
    """The certificates of some answers about these functions."""
    from actcli.meanfield.gain import certificate
    from actcli.reports.certificate import GainCertificateReport
    from actcli.results import Reply

    proofs = (
        certificate(answer, function, effort)
        for answer, function in zip(answers, functions, strict=True)
    )
    return Reply([*map(GainCertificateReport, proofs)], schema="gain-certificate/1")
