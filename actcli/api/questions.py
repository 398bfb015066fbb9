"""The questions of the command line: asked of texts or activations, answered by an `Answer`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actcli.activations.registry import catalogue
from actcli.api.answer import Answer, Function, all_found, asked, found
from actcli.errors import UsageError
from actcli.functions import compare as comparing
from actcli.functions import facts as stating
from actcli.functions import saturation as saturating
from actcli.meanfield import gain as gaining
from actcli.meanfield import propagate as propagating
from actcli.numeric.arrays import as_real
from actcli.reports.compare import ComparisonReport
from actcli.reports.gain import GainReport
from actcli.reports.info import FactsReport
from actcli.reports.propagate import PropagationReport
from actcli.reports.saturation import SaturationReport
from actcli.reports.table import SampleReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from actcli.functions.compare import Comparison
    from actcli.functions.output_layer.softmax import Softmax
    from actcli.functions.sample import Sample
    from actcli.networks.folding.results import Collapse
    from actcli.networks.inspection.results import Inspection
    from actcli.networks.training.results import Training

facts = asked(stating.facts, FactsReport)
gain = asked(gaining.gain, GainReport)
propagate = asked(propagating.propagate, PropagationReport)
saturation = asked(saturating.saturation, SaturationReport)

info = facts
"""By the command's name."""


def names() -> list[str]:
    """The functions of the catalogue, by name; `find` makes one of a name."""
    return [*catalogue()]


def table(function: Function, x: ArrayLike) -> Answer[Sample]:
    """x, f(x) and f'(x) at given points."""
    from actcli.functions.sample import given, sample

    return Answer(SampleReport(sample(found(function), given(as_real(x)))))


def compare(*functions: Function | Sequence[Function], **options: Any) -> Answer[Comparison]:
    """How far functions are apart, each two of them; the options are those of `functions.compare`.

    Raises:
        UsageError: there are fewer than two.
    """
    return Answer(ComparisonReport(comparing.compare(all_found(functions), **options)))


def collapse(
    *stack: int | str | Path, seed: int = 0, bias: bool = True, as_conv: bool = False
) -> Answer[Collapse]:
    """Fold the linear layers of a stack, `collapse(784, 512, "relu", 10)`, or of a weight file.

    Raises:
        UsageError: the stack is none.
        ActcliError: the file cannot be read, or holds no network.
    """
    from actcli.networks.files.hints import Hints
    from actcli.networks.files.interface import is_weight_file
    from actcli.networks.files.reading import read
    from actcli.networks.folding.collapse import collapse
    from actcli.networks.stack import stack as described
    from actcli.reports.collapse import CollapseReport

    words = [str(word) for word in stack]
    if len(words) == 1 and is_weight_file(words[0]):
        network = read(Path(words[0]), Hints()).network
    else:
        network = described(words, found, seed=seed, bias=bias)
    return Answer(CollapseReport(collapse(network, seed=seed, as_conv=as_conv)))


def softmax(logits: Sequence[float], kind: str = "softmax", **options: Any) -> Answer[Softmax]:
    """What softmax, or another map of its kind, makes of logits.

    The options are those of `output_layer.softmax`.

    Raises:
        UsageError: the logits or an option make no sense.
    """
    from actcli.functions.output_layer.softmax import softmax
    from actcli.reports.softmax import SoftmaxReport

    return Answer(SoftmaxReport(softmax(logits, kind, **options)))


def train(
    source: str | Path,
    function: Function = "relu",
    *,
    points: int = 400,
    noise: float = 0.0,
    target: str | None = None,
    standardise: bool = True,
    **settings: Any,
) -> Answer[Training]:
    """Train small networks on a textbook's points, `train("circle", "tanh")`, or on a file.

    The settings are those of `training.settings.Settings`: hidden, epochs, repeat, seed and others.

    Raises:
        UsageError: a setting is out of bounds, or there is no such column.
        ActcliError: the file cannot be read, or holds no data.
    """
    from actcli.networks.training.data import GENERATED, generated
    from actcli.networks.training.datafile import read_data
    from actcli.networks.training.settings import Settings
    from actcli.networks.training.train import train
    from actcli.reports.train import TrainingReport

    chosen = Settings(**settings)
    if str(source) in GENERATED:
        data = generated(str(source), points, noise, chosen.seed)
    else:
        data = read_data(Path(source), target)
        data = data.standardised() if standardise else data
    return Answer(TrainingReport(train(found(function), data, chosen).answer))


def inspect(
    *files: str | Path, activation: Function | None = None, batch: int = 32, **lens: Any
) -> list[Answer[Inspection]]:
    """What each activation of a network does on data: an ONNX model, then its inputs.

    Or dumps of what goes into an `activation`. The rest is how the values are looked at: eps, units
    and only, as in `inspection.watching.Lens`.

    Raises:
        UsageError: there are no inputs, or the model has no such activation.
        ActcliError: a file cannot be read.
        MissingExtraError: what reads models is not installed.
    """
    from actcli.networks.inspection.inspect import plan_for_dumps, plan_for_model
    from actcli.networks.inspection.watching import Lens
    from actcli.reports.inspect import reports

    paths, look = [*map(Path, files)], Lens(**lens)
    if len(paths) < (1 if activation else 2):
        raise UsageError("inspect takes a model and its inputs, or dumps with an activation")
    plan = (
        plan_for_dumps(paths, found(activation), look)
        if activation
        else plan_for_model(paths[0], paths[1:], look, batch)
    )
    return [*map(Answer, reports(plan.carried_out().results(), every=True))]


def plot(*functions: Function | Sequence[Function], ax: Axes | None = None, **options: Any) -> Axes:
    """Draw functions, and of a single one the derivative, into `ax` or into new axes.

    The options are those of `reports.plot.picture`: window, heights, derivative, log_y, title, eps.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ActcliError: it cannot load the backend that MPLBACKEND asks for.
    """
    from actcli.charts.plane import draw, new_axes
    from actcli.reports.plot import picture

    activations = all_found(functions)
    _, chart = picture(activations, **{"derivative": len(activations) == 1, **options})
    return draw(chart, ax or new_axes())
