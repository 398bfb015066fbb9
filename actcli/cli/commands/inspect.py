"""`actcli inspect`: what the activations of a network do on data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from actcli.cli.options import Integer, Real, eps_option, renders

if TYPE_CHECKING:
    from actcli.results import Reply

FILE = click.Path(path_type=Path, dir_okay=False)
SHARE = Real(least=0, most=1)
TYPES = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


@click.command(name="inspect")
@click.argument("model", metavar="MODEL", type=FILE)
@click.argument("inputs", metavar="INPUTS...", type=FILE, nargs=-1)
@click.option("--against", type=FILE, metavar="OTHER", help="Measure the drift from other inputs.")
@eps_option
@click.option(
    "--batch",
    type=Integer(min=1),
    default=32,
    show_default=True,
    help="Inputs that go through a model at once, unless it says so itself.",
)
@click.option("--only", metavar="GLOB", help="Look at activations after values of such names only.")
@click.option("--units", type=int, metavar="AXIS", help="The axis of the units.")
@click.option("--fail-if-dead", type=SHARE, help="Exit with 3 if more units are dead somewhere.")
@click.option(
    "--fail-if-saturated", type=SHARE, help="Exit with 3 if more values are saturated somewhere."
)
@click.option(
    "--fail-if-overflow", type=click.Choice(TYPES), help="Exit with 3 if the type overflows."
)
@click.option("--fail-if-drift", type=SHARE, help="Exit with 3 if ks is above that somewhere.")
@renders("table")
def command(
    model: Path,
    inputs: tuple[Path, ...],
    against: Path | None,
    eps: float,
    batch: int,
    only: str | None,
    units: int | None,
    fail_if_dead: float | None,
    fail_if_saturated: float | None,
    fail_if_overflow: str | None,
    fail_if_drift: float | None,
) -> Reply:
    """See what the activations of a network do on data: dead, saturated, drifted.

    MODEL is an ONNX model, and INPUTS are npy, npz or safetensors files of what goes into it. A
    unit is dead where f' = 0 at every value seen.

    \b
    Examples:
      actcli inspect model.onnx batch.npz
    """
    from actcli.networks.inspection.checks import Limits, failures
    from actcli.networks.inspection.inspect import inspect_model
    from actcli.networks.inspection.watching import Lens
    from actcli.results import Reply

    if fail_if_drift is not None and against is None:
        raise click.UsageError("--fail-if-drift needs --against OTHER")
    found = inspect_model(model, inputs, Lens(eps, units, only), batch=batch, against=against)
    limits = Limits(fail_if_dead, fail_if_saturated, fail_if_overflow, fail_if_drift)
    return Reply(
        found.results,
        schema="inspect/1",
        notes=[f"not seen: {one.name}: {one.why}" for one in found.unseen],
        failed="; ".join(failures(found.results, limits)) or None,
        files=[model, *inputs],
    )
