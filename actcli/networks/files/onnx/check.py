"""What a folded model must hold to before it is written: the rules, and the original's outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from actcli.errors import ActcliError
from actcli.networks.budgets import COMPARED, KEPT, RUNNABLE, inputs_within
from actcli.networks.files.onnx.constants import inputs_of
from actcli.networks.files.onnx.deviation import Distances
from actcli.networks.files.onnx.run import (
    CannotRunError,
    EndlessError,
    Values,
    alone,
    needed_inputs,
    random_feeds,
    run,
)
from actcli.networks.folding.plan import Replacement
from actcli.networks.folding.proof.deviation import TRIED, Agreement, rounded
from actcli.networks.folding.proof.error_bound import UNITS, error_bound
from actcli.networks.layers import Layer, through
from actcli.networks.network import span
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from onnx import ModelProto, ValueInfoProto

    from actcli.networks.files.onnx.steps import GraphRun, LinearStep

Folds = Sequence[tuple[Sequence["LinearStep"], Replacement]]


def check_rules(before: ModelProto, after: ModelProto) -> None:
    """Hold the folded model to ONNX's full checker and to the original's inputs and outputs.

    Raises:
        ActcliError: it fails one; nothing is to be written.
    """
    import onnx

    try:
        onnx.checker.check_model(after, full_check=True)
    except Exception as error:  # the checker and shape inference raise several kinds
        why = str(error).strip().partition("\n")[0]
        raise ActcliError(
            f"the folded model fails ONNX's checker, nothing is saved: {why}"
        ) from None
    for what, one, other in (
        ("inputs", needed_inputs(before), needed_inputs(after)),
        ("outputs", before.graph.output, after.graph.output),
    ):
        if [_declared(value) for value in one] != [_declared(value) for value in other]:
            raise ActcliError(f"the folded model's {what} are not the original's: nothing is saved")


def _declared(value: ValueInfoProto) -> bytes:
    return bytes(value.SerializeToString(deterministic=True))


def compared(
    before: ModelProto,
    after: ModelProto,
    runs: Sequence[GraphRun],
    folds: Folds,
    work: int,
    kept: int,
    rng: np.random.Generator,
) -> Agreement:
    """Run the two in onnxruntime: each fold on what reaches it, then the outputs.

    `work` is the multiply-adds of the linear layers on one input, `kept` the numbers they give.

    Raises:
        ActcliError: the two differ by more than rounding explains, or in shape or type, or the
            folded model does not run where the original does.
    """
    if work > RUNNABLE:
        return Agreement(0, None, None, "the model is too large to be run here")
    batch = min(inputs_within(COMPARED, work, TRIED), inputs_within(KEPT, kept, TRIED))
    checks = _Checks(after)
    try:
        feed, given = _first_run(before, batch, rng)
        distances = Distances(before, feed)
        bound = distances.at_outputs(runs, folds, checks.of_fold)
    except CannotRunError as error:
        return Agreement(0, None, None, f"the model cannot be run here: {error}")
    unknown = f"there is no bound through {distances.unbounded}" if distances.unbounded else None
    del distances
    blamed = ", ".join(span(replacement.numbers) for _, replacement in folds)
    try:
        outputs = run(after, feed)
    except CannotRunError as error:
        raise ActcliError(
            f"with layers {blamed} folded the model does not run, nothing is saved: {error}"
        ) from None
    moved = 0.0
    for name, one in given.items():
        apart = _apart(one, outputs[name]) if name in outputs else None
        if apart is None:
            raise ActcliError(
                f"with layers {blamed} folded the output {name} is another: nothing is saved"
            )
        moved = max(moved, apart)
    if bound is not None and not moved <= bound:
        raise ActcliError(
            f"with layers {blamed} folded the outputs move by {moved:.3g}, more than rounding "
            f"explains ({bound:.3g}): nothing is saved"
        )
    return Agreement(batch, moved, bound, unknown, *checks.nearest)


def check_layers(model: ModelProto, layers: Sequence[Layer], *, unchecked: bool) -> None:
    """Run a model beside the layers that it was written from.

    Raises:
        ActcliError: they differ by more than rounding explains, or the model does not run, where
            `unchecked` does not allow that.
    """
    from onnx import helper

    element = model.graph.input[0].type.tensor_type.elem_type
    kind = helper.tensor_dtype_to_np_dtype(element)
    x = np.random.default_rng(0).standard_normal((TRIED, *layers[0].shape)).astype(kind)
    try:
        written = run(model, {"input": x})["output"].astype(np.float64)
    except CannotRunError as error:
        if unchecked:
            return
        raise ActcliError(
            f"the model cannot be run here, so that nothing is saved (--unchecked saves it all the "
            f"same): {error}"
        ) from None
    expected = through(layers, x.astype(np.float64))
    limit = rounded(layers, x.astype(np.float64), UNITS[kind.name])
    apart = np.abs(written - expected).max(initial=0)
    if written.shape != expected.shape or (limit is not None and not apart <= limit):
        raise ActcliError(f"the model is off by {apart:.3g} in onnxruntime: nothing is saved")


def _first_run(model: ModelProto, batch: int, rng: np.random.Generator) -> tuple[Values, Values]:
    """Random inputs that the model takes, and its outputs at them.

    Raises:
        CannotRunError: none of those tried.
    """
    first: CannotRunError | None = None
    for feed in random_feeds(model, batch, rng):
        try:
            return feed, run(model, feed)
        except EndlessError:
            raise
        except CannotRunError as error:
            first = first or error
    raise first or CannotRunError("it has no inputs")


class _Checks:
    """The nodes of each fold, run on what reaches them in the original beside what they replace."""

    def __init__(self, after: ModelProto) -> None:
        self.after = after
        self.nearest: tuple[float | None, float | None] = (None, None)
        """How far apart the two were, and what that cannot exceed, where that came nearest."""

    def of_fold(
        self, steps: Sequence[LinearStep], replacement: Replacement, values: Values
    ) -> Array:
        """Hold one fold to its layers; gives what rounding can do, output by output.

        Raises:
            ActcliError: the two are not the same within rounding.
        """
        first, last = steps[0].source, steps[-1].target
        source, target = values[first], values[last]
        layers = f"layers {span(replacement.numbers)}"
        try:
            folded = run(_part(self.after, first, last, source), {first: source})[last]
        except CannotRunError as error:
            raise ActcliError(f"{layers} folded do not run, nothing is saved: {error}") from None
        apart = _apart(target, folded)
        if apart is None:
            raise ActcliError(
                f"{layers} folded give {folded.dtype} {folded.shape}, not {target.dtype} "
                f"{target.shape}, or other numbers: nothing is saved"
            )
        gone, come = replacement.at(source.shape[1:])
        x = source.astype(np.float64).reshape(-1, *gone[0].shape)
        with np.errstate(all="ignore"):
            bound = error_bound(gone, come, x, UNITS[target.dtype.name])
        limit = float(bound.max(initial=0))
        if not apart <= limit:
            raise ActcliError(
                f"{layers} folded move their output by {apart:.3g}, more than rounding explains "
                f"({limit:.3g}): nothing is saved"
            )
        self.nearest = max(self.nearest, (apart, limit), key=_share)
        return bound


def _share(fold: tuple[float | None, float | None]) -> float:
    """How much of its bound a fold takes up."""
    apart, limit = fold
    return -1.0 if apart is None else apart / limit if limit else 0.0


def _part(model: ModelProto, source: str, target: str, value: NDArray[Any]) -> ModelProto:
    """The nodes of a model between two values, as a model."""
    reached = {target}
    for node in reversed(model.graph.node):
        if reached & set(node.output):
            reached |= {*inputs_of(node)} - {source}
    nodes = [node for node in model.graph.node if reached & set(node.output)]
    used = {name for node in nodes for name in inputs_of(node)}
    constants = [tensor for tensor in model.graph.initializer if tensor.name in used]
    return alone(nodes, {source: value}, [target], model, constants)


def _apart(one: NDArray[Any], other: NDArray[Any]) -> float | None:
    """The largest difference; None where shape, type or whole numbers differ.

    Two NaN in one place are no difference, nor are two equal infinities.
    """
    if one.shape != other.shape or one.dtype != other.dtype:
        return None
    if one.dtype.kind not in "fV":
        return 0.0 if np.array_equal(one, other) else None
    a, b = one.astype(np.float64), other.astype(np.float64)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.where(same, 0.0, np.abs(a - b))
    return float(difference.max(initial=0))
