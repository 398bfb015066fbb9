"""`actcli train`: what an activation makes of one's own data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actcli.cli.files import MODELS, Source, Target
from actcli.cli.functions import Function
from actcli.cli.numbers import Integer, Real
from actcli.cli.options import eps_option, init_option, renders

if TYPE_CHECKING:
    from actcli.activations.base import Activation
    from actcli.networks.training.data import Data
    from actcli.results import Reply

COUNT = Integer(min=1, max=10_000_000)
MOST_LAYERS = 64
MOST_UNITS = 4096


class Widths(click.ParamType[tuple[int, ...]]):
    """Widths of hidden layers, `8,8`, or `none`."""

    name = "widths"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """The widths; what is none is a usage error."""
        if isinstance(value, tuple):
            return value
        if value == "none":
            return ()
        parts = str(value).split(",")
        sizes = [int(part) if part.isascii() and part.isdigit() else 0 for part in parts]
        if not all(0 < size <= MOST_UNITS for size in sizes) or len(sizes) > MOST_LAYERS:
            self.fail(
                f"must be widths such as 8,8 (each 1 to {MOST_UNITS}, at most {MOST_LAYERS} "
                "layers) or none",
                param,
                ctx,
            )
        return tuple(sizes)


class Batch(click.ParamType[int]):
    """A number of points, or `all`, which is 0."""

    name = "batch"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        return 0 if value == "all" else COUNT.convert(value, param, ctx)


@click.command(name="train")
@click.argument("source", metavar="DATA", type=Source())
@click.option(
    "--activation",
    "-a",
    "activations",
    type=Function(),
    multiple=True,
    metavar="FN",
    help="What stands behind each hidden layer; several are compared.  [default: relu]",
)
@click.option(
    "--hidden",
    type=Widths(),
    default="8,8",
    show_default=True,
    metavar="WIDTHS|none",
    help="The widths of the hidden layers; none is a perceptron.",
)
@click.option("--points", type=COUNT, help="How many points are drawn.  [default: 400]")
@click.option("--noise", type=Real(least=0, most=1e6), help="Their noise.  [default: 0]")
@click.option(
    "--seed",
    type=Integer(min=0),
    default=0,
    show_default=True,
    help="Of the points, the split, and the first network.",
)
@click.option("--target", metavar="COLUMN", help="What a file's rows are to predict: the last.")
@click.option("--no-standardise", is_flag=True, help="Take a file's inputs as they are.")
@init_option(".  [default: critical where it exists, else he]")
@click.option(
    "--optimizer",
    type=click.Choice(["sgd", "momentum", "adam"]),
    default="adam",
    show_default=True,
    help="How weights follow gradients.",
)
@click.option(
    "--lr",
    type=Real(above=0, most=1e9),
    help="The learning rate.  [default: sgd 0.1, momentum 0.02, adam 0.025]",
)
@click.option(
    "--epochs",
    type=Integer(min=0, max=10_000_000),
    default=200,
    show_default=True,
    help="How often all points are gone through.",
)
@click.option(
    "--batch",
    type=Batch(),
    default=32,
    show_default=True,
    metavar="N|all",
    help="Points of a step.",
)
@click.option(
    "--weight-decay",
    type=Real(least=0, most=1e6),
    default=0.0,
    help="Added to a gradient, times the weight; not to that of a learned parameter.",
)
@click.option(
    "--dropout",
    type=Real(least=0, below=1),
    default=0.0,
    help="The share of hidden units that a step leaves out.",
)
@click.option(
    "--learn-params",
    is_flag=True,
    help="Learn the activation's parameters too, one value each for the network.",
)
@click.option(
    "--repeat",
    type=Integer(min=1, max=10_000),
    default=1,
    show_default=True,
    help="Train so many networks, and show the median.",
)
@click.option(
    "--test-share",
    type=Real(least=0, below=1),
    default=0.25,
    show_default=True,
    help="The share of the points that is kept for the test.",
)
@click.option(
    "--folds", type=Integer(min=2, max=10_000), help="Cross-validate: each fold is the test once."
)
@eps_option
@click.option("--curve", is_flag=True, help="Draw the loss against epochs.")
@click.option(
    "--save",
    "net",
    type=Target(*MODELS, plain=False),
    metavar="FILE",
    help="Write the (first) network: .npz, .safetensors or .onnx.",
)
@click.option(
    "--save-data",
    "points_file",
    type=Target(".csv"),
    metavar="FILE",
    help="Write the points as CSV.",
)
@click.option(
    "--target-accuracy",
    type=Real(least=0, most=1),
    metavar="A",
    help="Exit with 3 where a median test accuracy is below A, such as 0.97.",
)
@renders("table", "chart")
def command(
    source: str,
    activations: tuple[Activation, ...],
    points: int | None,
    noise: float | None,
    target: str | None,
    no_standardise: bool,
    batch: int,
    curve: bool,
    net: Path | None,
    points_file: Path | None,
    target_accuracy: float | None,
    **options: Any,
) -> Reply:
    """Train small networks and see what an activation makes of them.

    DATA is circle, xor, moons, spiral (two classes in [-1, 1]^2), sine (a regression), or a .csv,
    .tsv or .npz file. The loss is the mean softmax cross-entropy for classes, and for a regression
    the mean squared error / 2. A unit is dead where f' = 0 at every training point.

    \b
    Examples:
      actcli train circle --hidden 8 -a tanh -a relu -a gelu --target-accuracy 0.97
      actcli train circle -a identity --repeat 5
      actcli train xor -a tanh --target-accuracy 0.99
      actcli train circle --optimizer sgd --lr 3 -a relu -a leaky_relu
      actcli train moons -a prelu --learn-params --save net.npz
    """
    from actcli.cli.progress import progress
    from actcli.find import find
    from actcli.networks.training.saving import check_savable, save, save_data
    from actcli.networks.training.settings import Settings
    from actcli.networks.training.train import train
    from actcli.reports.train import TrainingReport, shortfall
    from actcli.reports.train_pictures import losses, picture
    from actcli.results import Reply

    chosen = activations or (find("relu"),)
    settings = Settings(batch=batch or None, **options)
    if settings.learn_params and not any(one.params for one in chosen):
        raise click.UsageError("--learn-params: none of the activations has a parameter")
    if net and len(chosen) > 1:
        raise click.UsageError("--save writes one network: give one --activation")
    if net:
        check_savable(net, chosen[0], bool(settings.hidden))
    data = _data(
        source,
        points,
        noise=noise,
        seed=settings.seed,
        target=target,
        standardise=not no_standardise,
    )
    if target_accuracy is not None and not data.classes:
        raise click.UsageError("--target-accuracy is for classes: this is a regression")
    steps = len(chosen) * settings.repeat * (settings.folds or 1) * settings.epochs
    with progress(f"training {len(chosen) * settings.repeat} networks", steps) as advance:
        trained = [train(one, data, settings, advance=advance) for one in chosen]
    if points_file:
        save_data(data, points_file)
    if net:
        save(trained[0].networks[0], net)
    below = [
        one.answer
        for one in trained
        if target_accuracy is not None and not one.answer.reaches(target_accuracy)
    ]
    return Reply(
        [TrainingReport(one.answer) for one in trained],
        schema="train/1",
        chart=losses(trained) if curve else picture(data, trained),
        notes=_header_note(data),
        failed="; ".join(map(shortfall, below)) or None,
    )


def _header_note(data: Data) -> list[str]:
    """A word of warning where the names of the columns look like a first row of numbers."""
    numbers = [name for name in data.features if name.replace(".", "").lstrip("-").isdigit()]
    if len(numbers) < len(data.features):
        return []
    return [f"the first row of {data.name}, {', '.join(numbers)[:80]}, was taken for names"]


def _data(
    source: str,
    points: int | None,
    noise: float | None,
    seed: int,
    target: str | None,
    standardise: bool,
) -> Data:
    from actcli.networks.training.data import GENERATED, generated
    from actcli.networks.training.datafile import read_data

    if source in GENERATED:
        if target is not None or not standardise:
            raise click.UsageError("--target and --no-standardise are for files")
        return generated(source, points or 400, noise or 0.0, seed)
    if Path(source).suffix == "":
        raise click.UsageError(
            f"DATA must be {', '.join(GENERATED)} or a .csv, .tsv or .npz file, not {source[:40]!a}"
        )
    if points is not None or noise is not None:
        raise click.UsageError("--points and --noise are for points that are drawn, not for files")
    data = read_data(Path(source), target)
    return data.standardised() if standardise else data
