"""What `collapse` answers: the runs of a network, each with the one layer it is, and the break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from actcli.networks.folding.linearity import AffineGap, Refutation
from actcli.networks.folding.proof.deviation import Agreement
from actcli.networks.folding.proof.exact import ExactProof
from actcli.networks.layers import Shape
from actcli.networks.network import Barrier
from actcli.numeric.arrays import Array


@dataclass(frozen=True)
class LayerFacts:
    """One layer of the network."""

    number: int
    """From 1."""
    name: str
    """As it is typed."""
    input_shape: Shape
    """Without the batch, as arrays have it: (features,) or (channels, height, width)."""
    output_shape: Shape
    """Without the batch."""
    parameters: int
    """How many."""
    multiply_adds: int
    """For one input."""
    linear: bool
    """Whether it is an affine map."""
    weight: NDArray[Any] | None
    """Outputs by inputs (a kernel: outputs, inputs, height, width); None where long."""
    bias: NDArray[Any] | None
    """Of shape (outputs,); null where there is none or it is long."""


@dataclass(frozen=True)
class RunFacts:
    """A run of linear layers, and the one it folds to."""

    layers: Sequence[int]
    """Their numbers."""
    input_shape: Shape
    """Without the batch."""
    output_shape: Shape
    """Without the batch."""
    form: str
    """matrix, rows (one matrix for each row of the last axis), convolution, transposed convolution,
    scale; layer where the run is a single one."""
    matrix_shape: tuple[int, int]
    """Outputs, inputs."""
    matrix: Array | None
    """Outputs by inputs, images channel by channel; None where it is long."""
    bias: Array | None
    """Of shape (outputs,); null where it is long."""
    kernel_shape: Shape | None
    """Of the weights of a convolution, and of the matrix of rows."""
    parameters_before: int
    parameters_after: int
    multiply_adds_before: int
    multiply_adds_after: int
    order: str
    """How the matrices were multiplied."""
    product: str | None
    """The order in which the layers were multiplied, as in `(W3 W2) W1`, by their numbers; None
    where it is one of parts of layers."""
    rank: int | None
    """Of the matrix; null where it is too long to tell."""
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
    """null where it is too much work."""
    pays: bool
    """Whether the fold is less work than the layers."""
    best: Sequence[Sequence[int]]
    """The layers grouped so that folding each group is the least work of all."""
    multiply_adds_best: int
    """For one input, of that grouping."""

    @property
    def is_fold(self) -> bool:
        """Whether more than one layer does arithmetic in it."""
        return self.form != "layer"


@dataclass(frozen=True)
class AsConvolution:
    """A dense layer and the convolution it is."""

    layer: int
    """Its number, from 1."""
    dense_shape: tuple[int, int]
    """Outputs, inputs."""
    image_shape: Shape
    """Channels, height, width."""
    kernel_shape: Shape
    """Outputs, channels, height, width."""
    weights: int
    """How many."""
    deviation: float
    """The largest difference at an output, over random inputs."""
    bound: float
    """What it cannot exceed at those inputs."""
    wrong_layout: float | None
    """The deviation where the image is flattened pixel by pixel instead of channel by channel."""


@dataclass(frozen=True)
class Saved:
    """The folded network that was written."""

    path: str
    """The file."""
    folds: Sequence[Sequence[int]]
    """The layers of each fold."""
    multiply_adds_before: int
    """Of the linear layers."""
    multiply_adds_after: int
    """Of the layers that were written."""
    agreement: Agreement
    """Of the whole network with itself, folded."""


@dataclass(frozen=True)
class Collapse:
    """What folding a network shows."""

    source: str
    """The stack as it was typed, or the file."""
    layers: Sequence[LayerFacts]
    """All, in their order."""
    runs: Sequence[RunFacts]
    """In their order."""
    barriers: Sequence[Barrier]
    """In their order."""
    refutation: Refutation | None
    """null where the network is linear, or no path."""
    affine_gap: AffineGap | None
    """null where the network is linear, or no path."""
    as_convolution: Sequence[AsConvolution]
    """A dense layer each, if that was asked for."""
    saved: Saved | None
    """null where nothing was."""
    notes: Sequence[str]

    @property
    def is_one_run(self) -> bool:
        """Whether the network is a single run, with nothing else to it."""
        whole = len(self.runs) == 1 and len(self.runs[0].layers) == len(self.layers)
        return whole and not self.barriers
