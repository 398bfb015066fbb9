"""`actcli inspect`: what the activations of a network do on data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from actcli.cli.files import Source, Target
from actcli.cli.functions import Function
from actcli.cli.numbers import Integer, Real
from actcli.cli.options import all_option, eps_option, renders

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from actcli.activations.base import Activation
    from actcli.networks.inspection.digest import Digest
    from actcli.networks.inspection.inspect import Plan
    from actcli.networks.inspection.watching import Lens
    from actcli.results import Reply

SHARE = Real(least=0, most=1)
TYPES = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


def _only(
    ctx: click.Context, param: click.Parameter, chosen: tuple[Activation, ...]
) -> Activation | None:
    if len(chosen) > 1:
        raise click.BadParameter("dumps go into one function: give it once")
    return chosen[0] if chosen else None


@click.command(name="inspect")
@click.argument("files", metavar="MODEL.onnx INPUTS... | DUMP...", type=Source(path=True), nargs=-1)
@click.option(
    "--activation",
    "-a",
    type=Function(),
    multiple=True,
    callback=_only,
    metavar="FN",
    help="The files are dumps of what goes into FN.",
)
@click.option(
    "--against",
    type=Source(path=True),
    metavar="OTHER",
    help="Measure the drift from other inputs, another dump, or a part.",
)
@eps_option
@click.option(
    "--batch",
    type=Integer(min=1),
    default=32,
    show_default=True,
    help="Inputs that go through a model at once, where it does not fix that.",
)
@click.option("--only", metavar="GLOB", help="Look at values of such names only.")
@click.option(
    "--units",
    type=int,
    metavar="AXIS",
    help="The axis of the units.  [default: channels of rank 4 and 5, else the last]",
)
@click.option(
    "--histogram", is_flag=True, help="Draw what goes into the most saturated activation."
)
@click.option(
    "--fail-if-dead",
    type=SHARE,
    metavar="SHARE",
    help="Exit with 3 if more units are dead somewhere.",
)
@click.option(
    "--fail-if-saturated",
    type=SHARE,
    metavar="SHARE",
    help="Exit with 3 if more values are saturated somewhere.",
)
@click.option(
    "--fail-if-overflow", type=click.Choice(TYPES), help="Exit with 3 if the type overflows."
)
@click.option(
    "--fail-if-drift", type=SHARE, metavar="KS", help="Exit with 3 if the drift may be larger."
)
@click.option("--scheduler", metavar="ADDRESS", help="Let a dask cluster do the work: tcp://...")
@click.option(
    "--partial", type=Target(".json"), metavar="PART.json", help="Write what was seen, to merge."
)
@click.option("--merge", is_flag=True, help="The files are parts that --partial has written.")
@all_option
@renders("table", "chart")
def command(
    files: tuple[Path, ...],
    activation: Activation | None,
    against: Path | None,
    eps: float,
    batch: int,
    only: str | None,
    units: int | None,
    histogram: bool,
    fail_if_dead: float | None,
    fail_if_saturated: float | None,
    fail_if_overflow: str | None,
    fail_if_drift: float | None,
    scheduler: str | None,
    partial: Path | None,
    merge: bool,
    every: bool,
) -> Reply:
    """See what the activations of a network do on data: dead, saturated, drifted.

    Give an ONNX model and files of inputs (npy, npz, safetensors), or dumps of what goes into an
    activation. A unit is dead where f' = 0 at every value seen.

    \b
    Examples:
      actcli inspect net.onnx batch.npz
      actcli inspect net.onnx today.npz --against training.npz --fail-if-drift 0.1
      actcli inspect net.onnx batch.npz --only '*fc1*' --histogram -o fc1.svg
      actcli inspect layer3.npy -a gelu --fail-if-overflow float16
      actcli inspect --merge part*.json --json
    """
    from actcli.networks.inspection import parts
    from actcli.networks.inspection.digest import merged
    from actcli.networks.inspection.watching import Lens
    from actcli.reports.inspect import reports, said_beside
    from actcli.reports.inspect_limits import Limits, failures
    from actcli.reports.inspect_picture import histogram as draw
    from actcli.results import Reply

    if fail_if_drift is not None and against is None:
        raise click.UsageError("--fail-if-drift needs --against OTHER")
    if not files:
        raise click.UsageError("give a model and its inputs, or dumps with --activation FN")
    if merge:
        _refuse_what_parts_settle()
    lens = Lens(eps, units, only)
    reference = None
    if merge:
        seen = merged(parts.read(path) for path in files)
    else:
        seen = _seen(_plan(files, activation, lens, batch, scheduler), scheduler)
    if against is not None and against.suffix == ".json":
        reference = parts.read(against)
    elif against is not None and merge:
        raise click.UsageError("--merge takes a part for --against")
    elif against is not None:
        others = (files[0], against) if activation is None else (against,)
        reference = _seen(_plan(others, activation, lens, batch, scheduler), scheduler)
    if partial is not None:
        parts.write(partial, seen)
    results = seen.results(reference)
    unseen = [f"not seen: {one.name}: {one.why}" for one in seen.not_seen()]
    limits = Limits(fail_if_dead, fail_if_saturated, fail_if_overflow, fail_if_drift)
    return Reply(
        reports(results, every),
        schema="inspect/1",
        chart=draw(seen, results) if histogram else None,
        wants_chart=histogram,
        notes=[*said_beside(results, compared=reference is not None), *unseen],
        failed="; ".join(failures(results, limits)) or None,
    )


def _refuse_what_parts_settle() -> None:
    context = click.get_current_context()
    for name in ("activation", "eps", "batch", "only", "units", "scheduler"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--merge takes no --{name}: that was settled with --partial")


def _plan(
    files: tuple[Path, ...],
    activation: Activation | None,
    lens: Lens,
    batch: int,
    scheduler: str | None,
) -> Plan:
    from actcli.networks.inspection.inspect import plan_for_dumps, plan_for_model

    is_model = files[0].suffix.lower() == ".onnx"
    if is_model and activation is not None:
        raise click.UsageError("--activation is for dumps: a model says what its activations are")
    if not is_model and activation is None:
        raise click.UsageError(
            "dumps need --activation FN, what they go into; a model comes first, MODEL.onnx"
        )
    if activation is not None:
        return plan_for_dumps(files, activation, lens, divided=scheduler is not None)
    if not files[1:]:
        raise click.UsageError(f"give inputs for {files[0]}: npy, npz or safetensors files")
    return plan_for_model(files[0], files[1:], lens, batch, divided=scheduler is not None)


def _seen(plan: Plan, scheduler: str | None) -> Digest:
    from actcli.cli.progress import progress

    steps = plan.steps if scheduler is None else len(plan.tasks)
    with progress("looking at activations", steps) as advance, _executor(scheduler) as executor:
        return plan.carried_out(executor, advance)


@contextmanager
def _executor(scheduler: str | None) -> Iterator[Executor | None]:
    """The executor of a dask cluster; None for this process alone.

    Raises:
        MissingExtraError: dask's distributed is not installed.
        ActcliError: there is no cluster at that address.
    """
    if scheduler is None:
        yield None
        return
    from actcli.errors import ActcliError, MissingExtraError

    try:
        from distributed import Client
    except ImportError:
        raise MissingExtraError("a dask cluster", "cluster") from None
    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise ActcliError(f"there is no cluster at {scheduler}: {error}") from None
    with client:
        yield client.get_executor()
