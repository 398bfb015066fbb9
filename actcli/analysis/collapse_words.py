"""A collapse answer in words: the story of each run, of the break, and of what was saved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from actcli.analysis.layers import said
from actcli.analysis.network import span

if TYPE_CHECKING:
    from actcli.analysis.collapsed import AsConvolution, Collapse, RunFacts, Saved
    from actcli.analysis.linearity import AffineGap, Refutation
    from actcli.analysis.network import Barrier

LONGEST_WAY = 8
"""Shapes of a run that are said one by one."""

IN_WORDS = 24
"""Entries of a matrix up to which a person is shown it."""

FEW = 8
"""Barriers that are said one by one."""

SHORT = 4
"""Outputs of a network up to which a person is shown them at a witness."""

_ORDERS = {
    "from the output": "from the output side",
    "from the input": "from the input side",
    "mixed": "in a mixed order",
}


def sentences(answer: Collapse) -> Iterator[str]:
    """What a person reads above the table."""
    for run in answer.runs:
        yield from _about_run(run, _way(answer, run))
    for same in answer.as_convolution:
        yield _about_convolution(same)
    yield from _about_barriers(answer.barriers)
    if answer.refutation:
        yield from _about_refutation(answer.refutation)
    if answer.affine_gap:
        yield _about_gap(answer.affine_gap)
    if answer.saved:
        yield from _about_saved(answer.saved)
    yield ""


def _way(answer: Collapse, run: RunFacts) -> str:
    """The shapes on the way through a run, as in `4 -> 8 -> 8 -> 3`."""
    words = [said(run.input_shape)]
    words += [
        said(layer.output_shape)
        for layer in (answer.layers[number - 1] for number in run.layers)
        if layer.input_shape != layer.output_shape
        or layer.multiply_adds > math.prod(layer.input_shape)
    ]
    if len(words) > LONGEST_WAY:
        words = [words[0], f"({len(words) - 2} more)", words[-1]]
    return " -> ".join(words)


def _about_barriers(barriers: Sequence[Barrier]) -> Iterator[str]:
    for barrier in barriers[:FEW]:
        yield f"Not folded: {barrier.name}: {barrier.why}."
    if len(barriers) > FEW:
        yield f"Not folded: {len(barriers) - FEW} more (--json lists them)."


def _about_gap(gap: AffineGap) -> str:
    return (
        f"The best single affine map leaves {100 * gap.unexplained:.3g} % of the outputs' variance "
        f"unexplained; at one of {gap.inputs} random inputs it is off by {gap.largest:.3g}."
    )


def _about_saved(saved: Saved) -> Iterator[str]:
    before, after = saved.multiply_adds_before, saved.multiply_adds_after
    if saved.folds:
        groups = ", ".join(span(fold) for fold in saved.folds)
        work = f"{before:,} multiply-adds become {after:,}"
        yield f"Saved {saved.path}: folded layers {groups}; {work}."
    else:
        yield f"Saved {saved.path}: no fold shrinks the work, all stays (--always folds)."
    agreed = saved.agreement
    if agreed.deviation is not None:
        limit = f"bound {agreed.bound:.3g}" if agreed.bound is not None else f"{agreed.unknown}"
        yield f"  Its outputs are within {agreed.deviation:.3g} of the original's ({limit})."
    else:
        yield f"  The two were not compared: {agreed.unknown}."


def _about_run(run: RunFacts, way: str) -> Iterator[str]:
    if run.form == "layer":
        yield f"{way} (layer {span(run.layers)}) is one linear layer alone: nothing to fold."
        return
    one = _one(run)
    multiple = _multiple_of_identity(run)
    many = "layers" if len(run.layers) > 1 else "layer"
    yield f"{way} ({many} {span(run.layers)}) is {one}{multiple}{_in_order(run)}."
    verb = "saves" if run.pays else "costs"
    before, after = run.multiply_adds_before, run.multiply_adds_after
    yield (
        f"  Folding {verb} work: {before:,} multiply-adds become {after:,}, "
        f"{run.parameters_before:,} numbers become {run.parameters_after:,}."
    )
    if run.multiply_adds_best < min(before, after):
        groups = ", ".join(span(group) for group in run.best)
        yield f"  Least work: fold by groups ({groups}), {run.multiply_adds_best:,} multiply-adds."
    yield (
        f"  At {run.inputs} random inputs the two differ by at most {run.deviation:.3g}; "
        f"rounding in {run.precision} explains up to {run.bound:.3g}."
    )
    if run.exact:
        yield f"  In exact integers ({run.exact.bits} bits) they differ by {run.exact.deviation:g}."
    if run.matrix is not None and run.matrix.size <= IN_WORDS:
        yield (
            "  The matrix, and the bias after the bar:" if run.bias is not None else "  The matrix:"
        )
        yield from _matrix_lines(run)


def _one(run: RunFacts) -> str:
    """The one layer that the run is."""
    kernel = "x".join(map(str, run.kernel_shape or run.matrix_shape))
    match run.form:
        case "scale":
            return "one elementwise scale"
        case "rows":
            return f"one {kernel} matrix for every row"
        case "matrix":
            return f"one {kernel} matrix"
    return f"one {run.form} with a {kernel} kernel"


def _in_order(run: RunFacts) -> str:
    return f", multiplied {_ORDERS[run.order]}" if run.order in _ORDERS else ""


def _multiple_of_identity(run: RunFacts) -> str:
    matrix = run.matrix
    if matrix is None or matrix.shape[0] != matrix.shape[1]:
        return ""
    if not np.array_equal(matrix, matrix[0, 0] * np.eye(len(matrix))):
        return ""
    plus = "" if run.bias is None or not run.bias.any() else " + b"
    return f", y = {matrix[0, 0]:.6g} x{plus}"


def _matrix_lines(run: RunFacts) -> Iterator[str]:
    assert run.matrix is not None
    texts = [[f"{entry:.6g}" for entry in row] for row in run.matrix]
    width = max(len(text) for row in texts for text in row)
    for number, row in enumerate(texts):
        tail = "" if run.bias is None else f"  | {run.bias[number]:.6g}"
        yield "    " + "  ".join(text.rjust(width) for text in row) + tail


def _about_convolution(same: AsConvolution) -> str:
    outputs, inputs = same.dense_shape
    kernel = "x".join(map(str, same.kernel_shape))
    other = ""
    if same.wrong_layout is not None:
        other = f"; flattened pixel by pixel instead it is off by {same.wrong_layout:.3g}"
    return (
        f"Layer {same.layer}: dense {inputs} -> {outputs} is a convolution of a "
        f"{said(same.image_shape)} image with a {kernel} kernel, {same.weights:,} weights; "
        f"they differ by {same.deviation:.3g} (bound {same.bound:.3g}){other}."
    )


def _about_refutation(broken: Refutation) -> Iterator[str]:
    yield f"Not one matrix: {', '.join(broken.by)} in between. {_by_hand(broken)}"
    yield f"  Witness: u = {_vector(broken.u)}, v = {_vector(broken.v)}."
    yield from _outputs(broken)
    defects = {
        "f(u+v) - f(u) - f(v) + f(0)": broken.additivity,
        "f(2v) - 2 f(v) + f(0)": broken.homogeneity,
        "f(v) + f(-v) - 2 f(0)": broken.evenness,
    }
    for expression, defect in defects.items():
        yield f"    {expression}: {defect:.6g} (0 for every affine map)"


def _outputs(broken: Refutation) -> Iterator[str]:
    """What the network gives at the points of the witness, where that is short."""
    for point, output in (broken.outputs or {}).items():
        if len(output) <= SHORT:
            yield f"    {point} = ({', '.join(f'{number:.6g}' for number in output)})"


def _by_hand(broken: Refutation) -> str:
    return " ".join(f"By hand: {reason}." for reason in broken.why)


def _vector(entries: NDArray[np.int64]) -> str:
    """A vector in full, or by the entries that are not 0."""
    if len(entries) <= 12:
        return f"({', '.join(map(str, entries))})"
    places = np.flatnonzero(entries)
    if len(places) > 8:
        return f"{len(entries)} small integers"
    return " + ".join(f"{entries[place]} e{place + 1}" for place in places)
