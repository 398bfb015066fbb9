"""What training leaves behind, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from statistics import median

from actcli.networks.training.linear_bound import LinearBound
from actcli.numeric.arrays import Array


@dataclass(frozen=True)
class Run:
    """One network that was trained."""

    seed: int
    """Of the initial weights, the batches and dropout."""
    fold: int | None
    """Which fold was left out for the test, counted from 0; None where there was one split."""
    loss: Sequence[float]
    """On all training points, before training and after each epoch."""
    accuracy: float | None
    """Share of all points that are right; None for a regression, as the next two.

    A point whose outputs are not finite is wrong."""
    train_accuracy: float | None
    """Share of the training points that are right."""
    test_accuracy: float | None
    """None without test points too."""
    test_loss: float | None
    """On the test points, after the last epoch; null without them."""
    epochs_to_95: int | None
    """The first after which 95 % of the test points are right (else of the training points)."""
    dead_units: int
    """Hidden units with f' = 0 at every training point."""
    hidden_units: int
    """How many there are."""
    saturated_share: float
    """Of pre-activations at the training points: those with |f'| < eps, or f' = 0 for eps = 0."""
    gradient_ratio: float | None
    """Norm of the gradient by the first layer's weights over that by the last's."""
    params: Mapping[str, float]
    """The activation's, learned or not."""
    diverged_in: int | None
    """The epoch in which the loss was no longer finite."""


@dataclass(frozen=True)
class Summary:
    """Medians over the runs, a number that a run lacks ranking above all others.

    None where the median is such a one.
    """

    loss: float | None
    """On the training points, after the last epoch."""
    train_accuracy: float | None
    """Share of points, 0 to 1."""
    test_accuracy: float | None
    """Share of points, 0 to 1."""
    test_loss: float | None
    """As of a run."""
    epochs_to_95: float | None
    """Epochs."""
    dead_units: float
    """Units."""
    saturated_share: float
    """Share of pre-activations, 0 to 1."""
    gradient_ratio: float | None
    """As of a run."""

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Summary:
        """The medians of these runs, at least one."""
        return cls(
            loss=middle([run.loss[-1] for run in runs]),
            train_accuracy=middle([run.train_accuracy for run in runs]),
            test_accuracy=middle([run.test_accuracy for run in runs]),
            test_loss=middle([run.test_loss for run in runs]),
            epochs_to_95=middle([run.epochs_to_95 for run in runs]),
            dead_units=float(median(run.dead_units for run in runs)),
            saturated_share=float(median(run.saturated_share for run in runs)),
            gradient_ratio=middle([run.gradient_ratio for run in runs]),
        )


def middle(values: Sequence[float | None]) -> float | None:
    """The median; None and what is not finite rank above all numbers, and are None."""
    found = float(median(v if v is not None and isfinite(v) else inf for v in values))
    return found if isfinite(found) else None


@dataclass(frozen=True)
class Collapsed:
    """The one affine map that a trained network without a nonlinearity is."""

    weight: Array
    """Of shape (outputs, features)."""
    bias: Array
    """Of shape (outputs,)."""


@dataclass(frozen=True)
class Training:
    """How networks with one activation learned."""

    activation: str
    formula: str
    params: Mapping[str, float]
    data: str
    """A textbook's name, or the file."""
    points: int
    """How many, those of the test included."""
    classes: Sequence[str] | None
    """Their names; None for a regression."""
    hidden: Sequence[int]
    """The widths of the hidden layers."""
    init: str
    """How weights were drawn."""
    optimizer: str
    """`sgd`, `momentum` or `adam`."""
    lr: float
    """The learning rate."""
    epochs: int
    """How often all points were gone through."""
    batch: int | None
    """None: all points at once."""
    runs: Sequence[Run]
    """One for each network."""
    median: Summary
    """Over the runs."""
    linear_bound: LinearBound | None
    """Over all points; None where the network is not linear, or it was not computed."""
    linear_bound_test: LinearBound | None
    """Over the test points; None with folds too."""
    linear_limit: float | None
    """What the bound tends to as points grow in number; None where nobody knows."""
    collapsed: Collapsed | None
    """Of the first run."""

    @property
    def diverged(self) -> Sequence[int]:
        """The epochs in which runs did."""
        return [run.diverged_in for run in self.runs if run.diverged_in is not None]

    @property
    def is_linear(self) -> bool:
        """Whether the network is an affine map whatever its weights."""
        return self.collapsed is not None

    @property
    def accuracy(self) -> float | None:
        """The median on the test points, without such on the training points."""
        tested = self.median.test_accuracy
        return self.median.train_accuracy if tested is None else tested

    def reaches(self, accuracy: float) -> bool:
        """Whether the median accuracy is at least that."""
        return self.accuracy is not None and self.accuracy >= accuracy
