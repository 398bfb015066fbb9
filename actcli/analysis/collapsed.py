"""What `collapse` answers: the runs of a network, each beside the one layer it is, and the break."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.analysis.integers import ExactProof
from actcli.analysis.layers import Shape, said
from actcli.analysis.linearity import AffineGap, Refutation
from actcli.analysis.network import Barrier
from actcli.answer import Answer, Row

LONGEST_WAY = 8
"""Shapes of a run that are said one by one."""

IN_WORDS = 36
"""Entries of a matrix up to which a person is shown it."""


@dataclass(frozen=True)
class LayerFacts:
    """One layer of the network."""

    number: int
    name: str
    input_shape: Shape
    """Without the batch, as arrays have it: (features,) or (channels, height, width)."""
    output_shape: Shape
    parameters: int
    multiply_adds: int
    linear: bool
    weight: NDArray[Any] | None
    """Outputs by inputs (a kernel: outputs, inputs, height, width); None where long."""
    bias: NDArray[Any] | None


@dataclass(frozen=True)
class RunFacts:
    """A run of linear layers, and the one it folds to."""

    layers: Sequence[int]
    input_shape: Shape
    output_shape: Shape
    form: str
    """matrix, convolution, scale; layer where the run is a single one."""
    matrix_shape: tuple[int, int]
    matrix: Array | None
    """Outputs by inputs, images channel by channel; None where it is long."""
    bias: Array | None
    kernel_shape: Shape | None
    parameters_before: int
    parameters_after: int
    multiply_adds_before: int
    multiply_adds_after: int
    order: str
    product: str
    rank: int | None
    rank_at_most: int
    """The narrowest width of the run."""
    condition: float | None
    """Largest over smallest singular value; infinite where the rank is not full."""
    precision: str
    """The type of the weights, in which both were run."""
    inputs: int
    deviation: float
    """The largest |layer by layer - folded| at an output, over standard normal inputs."""
    bound: float
    """What the deviation cannot exceed at those inputs, however the sums are ordered."""
    exact: ExactProof | None
    pays: bool
    """Whether the fold is less work than the layers."""
    best: Sequence[Sequence[int]]
    """The layers grouped so that folding each group is the least work of all."""
    multiply_adds_best: int


@dataclass(frozen=True)
class AsConvolution:
    """A dense layer and the convolution it is."""

    layer: int
    dense_shape: tuple[int, int]
    image_shape: Shape
    kernel_shape: Shape
    weights: int
    deviation: float
    bound: float
    wrong_layout: float | None
    """The deviation where the image is flattened pixel by pixel instead of channel by channel."""


@dataclass(frozen=True)
class Collapse(Answer):
    """What folding a network shows."""

    source: str
    layers: Sequence[LayerFacts]
    runs: Sequence[RunFacts]
    barriers: Sequence[Barrier]
    refutation: Refutation | None
    affine_gap: AffineGap | None
    as_convolution: Sequence[AsConvolution]
    notes: Sequence[str]

    header = (
        "run",
        "layers",
        "input",
        "output",
        "form",
        "parameters_before",
        "parameters_after",
        "multiply_adds_before",
        "multiply_adds_after",
        "order",
        "rank",
        "condition",
        "deviation",
        "bound",
        "pays",
    )
    said = (
        "form",
        "parameters_before",
        "parameters_after",
        "multiply_adds_before",
        "multiply_adds_after",
        "order",
    )

    def rows(self) -> Iterable[Row]:
        for number, run in enumerate(self.runs, start=1):
            named = {
                "run": number,
                "layers": _span(run.layers),
                "input": said(run.input_shape),
                "output": said(run.output_shape),
            }
            yield named | {key: getattr(run, key) for key in self.header[4:]}

    def sentences(self) -> Sequence[str]:
        return [
            *(line for run in self.runs for line in _about_run(run, self._way(run))),
            *(line for line in map(_about_convolution, self.as_convolution)),
            *(f"Not folded: {barrier.name}: {barrier.why}." for barrier in self.barriers),
            *self._about_break(),
            "",
        ]

    def _way(self, run: RunFacts) -> str:
        """The shapes on the way through a run, as in `4 -> 8 -> 3`."""
        shapes = [run.input_shape, *(self.layers[n - 1].output_shape for n in run.layers)]
        words = [word for word, _ in groupby(map(said, shapes))]
        if len(words) > LONGEST_WAY:
            words = [words[0], f"({len(words) - 2} more)", words[-1]]
        return " -> ".join(words)

    def _about_break(self) -> Iterator[str]:
        if self.refutation:
            yield from _about_refutation(self.refutation)
        if self.affine_gap:
            share = 100 * self.affine_gap.unexplained
            yield (
                f"The best single affine map leaves {share:.3g} % of the outputs' variance "
                f"unexplained; at one of {self.affine_gap.inputs} random inputs it is off by "
                f"{self.affine_gap.largest:.3g}."
            )


def _span(numbers: Sequence[int]) -> str:
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}-{numbers[-1]}"
    return ", ".join(map(str, numbers))


def _about_run(run: RunFacts, way: str) -> Iterator[str]:
    if run.form == "layer":
        yield f"{way} (layer {_span(run.layers)}) is one linear layer alone: nothing to fold."
        return
    if run.form == "convolution" and run.kernel_shape:
        one = f"one convolution with a {'x'.join(map(str, run.kernel_shape))} kernel"
    elif run.form == "scale":
        one = "one elementwise scale"
    else:
        one = f"one {run.matrix_shape[0]}x{run.matrix_shape[1]} matrix"
    multiple = _multiple_of_identity(run)
    yield f"{way} (layers {_span(run.layers)}) is {one}{multiple}{_in_order(run)}."
    verb = "saves" if run.pays else "costs"
    before, after = run.multiply_adds_before, run.multiply_adds_after
    yield (
        f"  Folding {verb} work: {before:,} multiply-adds become {after:,}, "
        f"{run.parameters_before:,} numbers become {run.parameters_after:,}."
    )
    if run.multiply_adds_best < min(before, after):
        groups = ", ".join(_span(group) for group in run.best)
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


def _in_order(run: RunFacts) -> str:
    return "" if run.form == "scale" else f", multiplied {_ORDERS[run.order]}"


_ORDERS = {
    "from the output": "from the output side",
    "from the input": "from the input side",
    "mixed": "in a mixed order",
}


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
    defects = {
        "f(u+v) - f(u) - f(v) + f(0)": broken.additivity,
        "f(2v) - 2 f(v) + f(0)": broken.homogeneity,
        "f(v) + f(-v) - 2 f(0)": broken.evenness,
    }
    for expression, defect in defects.items():
        yield f"    {expression}: {defect:.6g} (0 for every affine map)"


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
