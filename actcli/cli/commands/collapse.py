"""`actcli collapse`: stacked linear layers are one matrix."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actcli.cli.files import MODELS, Source, Target
from actcli.cli.functions import Function
from actcli.cli.numbers import Integer
from actcli.cli.options import all_option, renders

if TYPE_CHECKING:
    from actcli.activations.base import Activation
    from actcli.networks.files.hints import Hints
    from actcli.networks.files.interface import Model
    from actcli.results import Reply


os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads wait for one another by spinning


@click.command(name="collapse")
@click.argument("words", metavar="STACK...|FILE", nargs=-1, required=True, type=Source())
@click.option(
    "--seed",
    type=Integer(min=0),
    default=0,
    show_default=True,
    help="Of the random weights and inputs.",
)
@click.option("--bias/--no-bias", default=None, help="Biases in a described stack.  [default: yes]")
@click.option("--as-conv", is_flag=True, help="Show each dense layer as the convolution it is.")
@click.option(
    "--layout",
    "layouts",
    multiple=True,
    metavar="[NAME=]LAYOUT",
    help="How matrices lie in npz and safetensors: out-in (PyTorch), in-out (Keras).",
)
@click.option(
    "--pair",
    "pairs",
    multiple=True,
    metavar="WEIGHT=BIAS",
    help="Which bias is whose, where the file leaves it open.",
)
@click.option("--order", metavar="W1,W2,...", help="The weights of a file as they follow.")
@click.option(
    "--bias-in",
    type=click.Choice(["first", "last", "none"]),
    help="The column of each matrix that is its bias (in-out: the row).",
)
@click.option(
    "--activation", type=Function(), metavar="FN", help="What stands between a file's layers."
)
@click.option(
    "--save",
    "target",
    type=Target(*MODELS, plain=False, unless="force"),
    metavar="FILE",
    help="Write the folded model: .npz, .safetensors or .onnx.",
)
@click.option("--always", is_flag=True, help="Fold even where that is more work.")
@click.option("--unchecked", is_flag=True, help="Save even a model that cannot be run here.")
@click.option("--force", is_flag=True, help="Let --save write over its input.")
@all_option
@renders()
def command(
    words: tuple[str, ...],
    seed: int,
    bias: bool | None,
    as_conv: bool,
    layouts: tuple[str, ...],
    pairs: tuple[str, ...],
    order: str | None,
    bias_in: str | None,
    activation: Activation | None,
    target: Path | None,
    always: bool,
    unchecked: bool,
    force: bool,
    every: bool,
) -> Reply:
    """Fold stacked linear layers into one matrix, and prove it.

    A stack is the size of its input, then its layers: a width for a dense layer, any activation,
    conv:CxKxK[,stride=S][,pad=P], avgpool:K, maxpool:K, globalavgpool, batchnorm, flatten, dropout,
    softmax, layernorm. Or it is a file: .npz, .safetensors or .onnx.

    \b
    Examples:
      actcli collapse 4 8 8 3
      actcli collapse 784 512 relu 256 10
      actcli collapse 32x32x3 conv:8x3x3 avgpool:2 batchnorm flatten 10
      actcli collapse model.onnx --save folded.onnx
    """
    from dataclasses import replace

    from actcli.cli.progress import progress
    from actcli.networks.files.reading import read
    from actcli.networks.files.saving import save
    from actcli.networks.folding.collapse import collapse
    from actcli.reports.collapse import CollapseReport
    from actcli.results import Reply

    given = {"always": always, "unchecked": unchecked, "force": force}
    for option in (name for name, is_set in given.items() if is_set and target is None):
        raise click.UsageError(f"--{option} belongs to --save")
    source = _file(words)
    if source is None:
        said: dict[str, object] = {"activation": activation, "layout": layouts, "pair": pairs}
        said |= {"order": order, "bias-in": bias_in}
        for option in (name for name, value in said.items() if value):
            raise click.UsageError(f"--{option} is for files: a stack says all by itself")
        model = _described(words, seed, bias)
    else:
        if bias is not None:
            raise click.UsageError("--bias is for stacks: a file has the biases it has")
        model = read(source, _hints(layouts, pairs, order, bias_in, activation))
    steps = len(model.network.layers) * (3 if target else 2)
    with progress(f"folding {len(model.network.layers)} layers", steps) as advance:
        answer = collapse(model.network, seed=seed, as_conv=as_conv, advance=advance)
        if target:
            saved = save(
                model, target, always=always, unchecked=unchecked, seed=seed, advance=advance
            )
            answer = replace(answer, saved=saved)
    report = CollapseReport(answer, every)
    return Reply([report], schema="collapse/1", notes=answer.notes, files=model.files)


def _file(words: tuple[str, ...]) -> Path | None:
    """The weight file that is collapsed; None where the words describe a stack."""
    from actcli.networks.files.foreign import check_read
    from actcli.networks.files.interface import is_weight_file

    files = [word for word in words if is_weight_file(word)]
    if files and len(words) > 1:
        raise click.UsageError(f"a file stands alone: {files[0]} is no layer of a stack")
    if not files:
        check_read(words)
    return Path(files[0]) if files else None


def _hints(
    layouts: tuple[str, ...],
    pairs: tuple[str, ...],
    order: str | None,
    bias_in: str | None,
    activation: Activation | None,
) -> Hints:
    from actcli.networks.files.hints import LAYOUTS, Hints

    whole, each = "auto", {}
    for word in layouts:
        name, _, layout = word.rpartition("=")
        if layout not in (*LAYOUTS, "auto"):
            raise click.UsageError(f"--layout is {', '.join(LAYOUTS)} or auto, not {word!r}")
        if name:
            each[name] = layout
        else:
            whole = layout
    split = {pair: pair.partition("=") for pair in pairs}
    for pair, (weight, _, bias) in split.items():
        if not weight or not bias:
            raise click.UsageError(f"--pair is WEIGHT=BIAS, as in W1=b1, not {pair!r}")
    return Hints(
        layout=whole,
        layouts=each,
        pairs={weight: bias for weight, _, bias in split.values()},
        order=tuple(order.split(",")) if order else (),
        bias_in=bias_in or "",
        activation=activation,
    )


def _described(words: tuple[str, ...], seed: int, bias: bool | None) -> Model:
    from actcli.find import find
    from actcli.networks.files.described import Described
    from actcli.networks.stack import stack

    return Described(stack(words, find, seed=seed, bias=bias is not False))
