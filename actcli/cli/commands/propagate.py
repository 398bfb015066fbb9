"""`actcli propagate`: does the signal survive the depth?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from actcli.cli.functions import functions
from actcli.cli.numbers import Integer, Real, RealOr, Several, TakesSeveral, flat
from actcli.cli.options import all_option, eps_option, init_option, renders
from actcli.meanfield.cells import CELLS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actcli.activations.base import Activation
    from actcli.meanfield.random_network import RandomNetwork
    from actcli.meanfield.residual import Residual
    from actcli.results import Reply

COUNT = Integer(min=1, max=10_000)


@click.command(name="propagate", cls=TakesSeveral)
@functions
@click.option("--depth", type=COUNT, default=50, show_default=True, help="How many layers.")
@click.option(
    "--residual",
    "alpha",
    type=RealOr(1.0, least=-1e9, most=1e9),
    metavar="[ALPHA]",
    help="Follow the stream of x + ALPHA f(W x + b) instead.  [ALPHA: 1]",
)
@init_option(": sigma_w^2 = 2, 1, 1, 1/3, or on the edge of chaos.  [default: he]")
@click.option(
    "--sigma-w", type=Real(least=0, most=1e9), help="In place of --init: var W = SIGMA_W^2/width."
)
@click.option(
    "--sigma-b",
    type=Real(least=0, most=1e9),
    default=0.0,
    show_default=True,
    help="var b = SIGMA_B^2.",
)
@click.option(
    "--q0",
    type=Real(above=0, most=1e18),
    default=1.0,
    show_default=True,
    help="The variance of the pre-activations of layer 1.",
)
@click.option(
    "--c0",
    type=Real(least=-1, most=1),
    default=0.5,
    show_default=True,
    help="The correlation of two inputs, there.",
)
@eps_option
@click.option("--simulate", is_flag=True, help="Measure real random networks beside the theory.")
@click.option("--units", type=COUNT, help="Of a simulated layer.  [default: 512]")
@click.option("--trials", type=COUNT, help="Simulated networks.  [default: 8]")
@click.option("--seed", type=Integer(min=0), help="Of the random numbers.  [default: 0]")
@click.option(
    "--cell",
    "cells",
    type=click.Choice(CELLS),
    multiple=True,
    help="Through time in place of depth: of this recurrent cell; repeatable.",
)
@click.option("--steps", type=COUNT, metavar="T", help="Back in time.  [default: 100]")
@click.option(
    "--forget-bias",
    "forget",
    type=Several(Real(least=-700, most=700)),
    multiple=True,
    callback=flat,
    metavar="B...",
    help="Of the lstm, one or more.  [default: 0]",
)
@click.option(
    "--update-bias",
    "update",
    type=Several(Real(least=-700, most=700)),
    multiple=True,
    callback=flat,
    metavar="B...",
    help="Of the gru, whose gate keeps the state; one or more.  [default: 0]",
)
@click.option("--repeat", type=COUNT, metavar="N", help="Simulated cells.  [default: 8]")
@click.option("--explain", is_flag=True, help="Say below the table what its words mean.")
@all_option
@renders("table", "chart")
def command(
    functions: tuple[Activation, ...],
    depth: int,
    alpha: float | None,
    init: str | None,
    sigma_w: float | None,
    sigma_b: float,
    q0: float,
    c0: float,
    eps: float,
    simulate: bool,
    units: int | None,
    trials: int | None,
    seed: int | None,
    cells: tuple[str, ...],
    steps: int | None,
    forget: tuple[float, ...],
    update: tuple[float, ...],
    repeat: int | None,
    every: bool,
    explain: bool,
) -> Reply:
    """Follow signal and gradient through the layers of a random network.

    Layer 1 has pre-activations of variance Q0. The gradient is in units of that behind the last
    layer, from where it comes. With --cell it is followed back through time: sigma_w is 1 unless it
    is given, SIGMA_B is the size of the noise that enters each step, and UNITS is 128. What is
    exact there is of weights drawn anew in each step: such a cell is simulated, too. With
    --residual Q0 is the mean square of the stream at the input, and C0 the correlation there.

    \b
    Examples:
      actcli propagate relu --depth 20 --init torch-linear
      actcli propagate tanh --init critical --sigma-b 0.2
      actcli propagate sigmoid gelu --format chart
      actcli propagate gelu --residual 0.5 --depth 24 --simulate --explain
      actcli propagate 'x*tanh(x)' --sigma-w 1.2 --simulate --json
      actcli propagate tanh --cell rnn --cell lstm --forget-bias 1 5 --steps 100
    """
    if init and sigma_w is not None:
        raise click.UsageError("--init and --sigma-w both say how weights are drawn: give one")
    if cells:
        layers = ("depth", "alpha", "q0", "c0", "simulate", "trials")
        _refuse(layers, "is for layers: --cell takes --steps and --repeat")
        pairs = _biased(cells, {"forget": forget, "update": update})
        return _through_time(
            functions,
            pairs,
            steps or 100,
            sigma_w=_size(init, sigma_w),
            sigma_b=sigma_b,
            eps=eps,
            plan={"width": units or 128, "trials": repeat or 8, "seed": seed or 0},
            every=every,
            explain=explain,
        )
    for flag, value in (
        ("steps", steps),
        ("forget-bias", forget),
        ("update-bias", update),
        ("repeat", repeat),
    ):
        if value:
            raise click.UsageError(f"--{flag} belongs to --cell")
    from actcli.cli.progress import progress
    from actcli.meanfield.propagate import propagate
    from actcli.meanfield.random_network import RandomNetwork
    from actcli.meanfield.residual import residual
    from actcli.meanfield.simulate import Simulation
    from actcli.reports.explained import reported
    from actcli.reports.propagate import PropagationReport, chart
    from actcli.results import Reply

    given = {"width": units, "trials": trials, "seed": seed}
    plan = {key: value for key, value in given.items() if value is not None}
    if plan and not simulate:
        flag = "units" if units else next(iter(plan))
        raise click.UsageError(f"--{flag} belongs to --simulate")
    if alpha is not None:
        _refuse(("eps",), "is for plain layers: of a residual stream nothing saturates")
        scheme = init or (None if sigma_w is not None else "he")
        size = _size(scheme, sigma_w, "--residual")
        networks = [RandomNetwork(function, size, sigma_b) for function in functions]
        ask = partial(residual, depth=depth, alpha=alpha, init=scheme, q0=q0, c0=c0)
        return _residual(networks, ask, plan if simulate else None, every, explain)
    steps = len(functions) * (trials or Simulation.trials)
    with progress(f"simulating {steps} networks", steps) as advance:
        answers = [
            propagate(
                function,
                depth,
                init=init,
                sigma_w=sigma_w,
                sigma_b=sigma_b,
                q0=q0,
                c0=c0,
                eps=eps,
                simulation=Simulation(**plan, advance=advance) if simulate else None,
            )
            for function in functions
        ]
    reports = reported(PropagationReport, answers, every, explain)
    return Reply(reports, schema="propagate/1", chart=chart(answers))


def _residual(
    networks: Sequence[RandomNetwork],
    ask: Callable[..., Residual],
    plan: dict[str, int] | None,
    every: bool,
    explain: bool,
) -> Reply:
    from actcli.cli.progress import progress
    from actcli.meanfield.simulate import Simulation
    from actcli.reports.explained import reported
    from actcli.reports.residual import ResidualReport, chart
    from actcli.results import Reply

    count = len(networks) * (plan or {}).get("trials", Simulation.trials)
    with progress(f"simulating {count} networks", count) as advance:
        simulation = None if plan is None else Simulation(**plan, advance=advance)
        answers = [ask(network, simulation=simulation) for network in networks]
    reports = reported(ResidualReport, answers, every, explain)
    return Reply(reports, schema="residual/1", chart=chart(answers))


def _refuse(names: tuple[str, ...], why: str) -> None:
    """Turn away options that make no sense for what is asked."""
    from click.core import ParameterSource

    source = click.get_current_context().get_parameter_source
    for name in names:
        if source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{'residual' if name == 'alpha' else name} {why}")


def _size(init: str | None, sigma_w: float | None, flag: str = "--cell") -> float:
    from actcli.meanfield.propagate import SCHEMES

    if init and init not in SCHEMES:
        raise click.UsageError(f"--init {init} is for plain layers: {flag} takes --sigma-w")
    return float(SCHEMES[init] ** 0.5) if init else 1.0 if sigma_w is None else sigma_w


def _biased(
    cells: tuple[str, ...], biases: dict[str, tuple[float, ...]]
) -> list[tuple[str, float]]:
    """Every cell with each bias of the gate that keeps its memory."""
    for cell, layout in CELLS.items():
        if cell not in cells and biases.get(layout.gate):
            raise click.UsageError(f"--{layout.gate}-bias belongs to --cell {cell}")
    return [(c, bias) for c in dict.fromkeys(cells) for bias in biases.get(CELLS[c].gate) or (0.0,)]


def _through_time(
    functions: tuple[Activation, ...],
    cells: list[tuple[str, float]],
    steps: int,
    *,
    sigma_w: float,
    sigma_b: float,
    eps: float,
    plan: dict[str, int],
    every: bool,
    explain: bool,
) -> Reply:
    from actcli.cli.progress import progress
    from actcli.meanfield.recurrent import recurrent
    from actcli.meanfield.simulate import Simulation
    from actcli.reports.explained import reported
    from actcli.reports.recurrent import RecurrentReport, chart
    from actcli.results import Reply

    count = len(functions) * len(cells) * plan["trials"]
    with progress(f"simulating {count} cells", count) as advance:
        simulation = Simulation(**plan, advance=advance)
        answers = [
            recurrent(
                function,
                cell,
                steps,
                bias=bias,
                sigma_w=sigma_w,
                sigma_b=sigma_b,
                eps=eps,
                plan=simulation,
            )
            for function in functions
            for cell, bias in cells
        ]
    reports = reported(RecurrentReport, answers, every, explain)
    return Reply(reports, schema="recurrent/1", chart=chart(answers))
