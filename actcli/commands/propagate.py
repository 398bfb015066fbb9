"""`actcli propagate`: does the signal survive the depth?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.commands.options import Integer, Real, eps_option, functions, renders

if TYPE_CHECKING:
    from actcli.activation import Activation
    from actcli.answer import Reply

INITS = ("he", "glorot", "lecun", "torch-linear", "critical")
COUNT = Integer(min=1, max=10_000)


@click.command(name="propagate")
@functions
@click.option("--depth", type=COUNT, default=50, show_default=True, help="How many layers.")
@click.option(
    "--init",
    type=click.Choice(INITS),
    help="How weights are drawn: sigma_w^2 = 2, 1, 1, 1/3, or on the edge of chaos.  [default: he]",
)
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
@click.option("--width", type=COUNT, help="Of the simulated layers.  [default: 512]")
@click.option("--trials", type=COUNT, help="Simulated networks.  [default: 8]")
@click.option("--seed", type=Integer(min=0), help="Of the random numbers.  [default: 0]")
@renders("table", "chart", chart_size=False)
def command(
    functions: tuple[Activation, ...],
    depth: int,
    init: str | None,
    sigma_w: float | None,
    sigma_b: float,
    q0: float,
    c0: float,
    eps: float,
    simulate: bool,
    width: int | None,
    trials: int | None,
    seed: int | None,
) -> Reply:
    """Follow signal and gradient through the layers of a random network.

    Layer 1 has pre-activations of variance Q0. The gradient is in units of that behind the last
    layer, from where it comes.

    \b
    Examples:
      actcli propagate relu --depth 20 --init torch-linear
      actcli propagate tanh --init critical --sigma-b 0.2
      actcli propagate sigmoid gelu --format chart
      actcli propagate 'x*tanh(x)' --sigma-w 1.2 --simulate --json
    """
    from actcli.analysis.propagate import chart, propagate
    from actcli.analysis.simulate import Simulation
    from actcli.answer import Reply
    from actcli.render.progress import progress

    plan = {
        key: value
        for key, value in (("width", width), ("trials", trials), ("seed", seed))
        if value is not None
    }
    if plan and not simulate:
        raise click.UsageError(f"--{next(iter(plan))} belongs to --simulate")
    if init and sigma_w is not None:
        raise click.UsageError("--init and --sigma-w both say how weights are drawn: give one")
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
    return Reply(answers, schema="propagate/1", chart=chart(answers))
