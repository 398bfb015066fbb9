"""Train networks on one set of points, an activation at a time, and say what became of them.

Everything is drawn from seeds: the split from `Settings.seed`, the weights, batches and dropout of
run number k from `Settings.seed + k`. The same settings give the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.errors import UsageError
from actcli.networks.folding.linearity import line_of
from actcli.networks.training.data import Data, Labels
from actcli.networks.training.epochs import Epochs
from actcli.networks.training.initial import initial, scheme_of
from actcli.networks.training.linear_bound import LinearBound, linear_bound
from actcli.networks.training.loss import Loss, cross_entropy, half_squared_error
from actcli.networks.training.network import DenseNetwork, backward, forward
from actcli.networks.training.results import Collapsed, Run, Summary, Training
from actcli.networks.training.settings import Settings
from actcli.numeric.arrays import Array

ENOUGH = 0.95
"""The accuracy whose first epoch is noted."""


def idle() -> None:
    """Nobody waits for news."""


@dataclass(frozen=True, eq=False)
class Trained:
    """The answer, and the networks of its runs."""

    answer: Training
    networks: list[DenseNetwork]


def train(
    activation: Activation,
    data: Data,
    settings: Settings,
    *,
    advance: Callable[[], None] = idle,
) -> Trained:
    """Train `settings.repeat` networks (times folds) with one activation.

    Args:
        activation: what stands behind every hidden layer.
        data: the points.
        settings: everything else.
        advance: called after each epoch.

    Raises:
        ActcliError: the activation is not finite where layers give it numbers, or has no critical
            initialisation and that was asked for.
        UsageError: the data is too small for the split.
    """
    line = line_of(activation) if settings.hidden else None
    init, sigma_w = scheme_of(activation, settings.init) if settings.hidden else ("lecun", 1.0)
    if not settings.hidden and settings.init:
        init, sigma_w = settings.init, 1.0
    sizes = data.x.shape[1], *settings.hidden, data.outputs
    learned = (
        tuple(activation.params) if settings.learn_params and isinstance(activation, Named) else ()
    )
    runs, networks = [], []
    for number in range(settings.repeat):
        seed = settings.seed + number
        for fold, (inside, outside) in enumerate(splits(data, settings)):
            network = initial(activation, sizes, init, sigma_w, seed)
            trial = _Trial(
                network=network,
                data=data,
                inside=inside,
                outside=outside,
                settings=settings,
                learned=learned,
            )
            runs.append(trial.run(seed, fold if settings.folds else None, advance))
            networks.append(network)
    linear = not settings.hidden or line is not None
    whole, tested = _bounds(data, settings) if linear else (None, None)
    answer = Training(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        data=data.name,
        points=data.points,
        classes=data.classes,
        hidden=settings.hidden,
        init=init,
        optimizer=settings.optimizer,
        lr=settings.rate,
        epochs=settings.epochs,
        batch=settings.batch,
        runs=runs,
        median=Summary.of(runs),
        linear_bound=whole,
        linear_bound_test=tested,
        linear_limit=data.linear_limit if linear else None,
        collapsed=_collapsed(networks[0]) if linear else None,
    )
    return Trained(answer, networks)


def splits(data: Data, settings: Settings) -> Iterator[tuple[Labels, Labels]]:
    """Training and test points, by their numbers: the folds, or one split.

    Raises:
        UsageError: there are too few points.
    """
    order = np.random.default_rng((settings.seed, 1)).permutation(data.points)
    if settings.folds:
        if settings.folds > data.points:
            raise UsageError(f"{settings.folds} folds need as many points: there are {data.points}")
        parts = np.array_split(order, settings.folds)
        for fold in range(settings.folds):
            yield np.concatenate(parts[:fold] + parts[fold + 1 :]), parts[fold]
        return
    tested = round(settings.test_share * data.points)
    if tested >= data.points:
        raise UsageError(f"a test share of {settings.test_share:g} leaves no point to learn from")
    yield order[tested:], order[:tested]


def _bounds(data: Data, settings: Settings) -> tuple[LinearBound | None, LinearBound | None]:
    if not data.classes:
        return None, None
    whole = linear_bound(data.x, data.labels)
    if settings.folds or not whole:
        return whole, None
    ((_, outside),) = splits(data, settings)
    return whole, linear_bound(data.x[outside], data.labels[outside])


def _collapsed(network: DenseNetwork) -> Collapsed:
    """The affine map: the activation's line between the layers multiplied out."""
    weight, bias = network.weights[0], network.biases[0]
    for w, b in zip(network.weights[1:], network.biases[1:], strict=True):
        line = line_of(network.activation)
        assert line is not None
        weight, bias = w @ (line.slope * weight), w @ (line.slope * bias + line.intercept) + b
    return Collapsed(weight, bias)


@dataclass(eq=False)
class _Trial:
    """One network on one split."""

    network: DenseNetwork
    data: Data
    inside: Labels
    outside: Labels
    settings: Settings
    learned: tuple[str, ...]

    @property
    def loss(self) -> Loss:
        return cross_entropy if self.data.classes else half_squared_error

    def run(self, seed: int, fold: int | None, advance: Callable[[], None]) -> Run:
        """Train it, epoch by epoch, and measure."""
        x, target = self.data.x[self.inside], self.data.target[self.inside]
        epochs = Epochs(self.network, self.loss, self.settings, seed, self.learned)
        reached: int | None = None
        diverged: int | None = None
        with np.errstate(all="ignore"):
            losses = [self.loss(self.network(x), target)[0]]
            for epoch in range(1, self.settings.epochs + 1):
                epochs.one(x, target)
                losses.append(self.loss(self.network(x), target)[0])
                advance()
                if not math.isfinite(losses[-1]):
                    diverged = epoch
                    break
                if reached is None and self._accuracy_to_reach() >= ENOUGH:
                    reached = epoch
            return self._measured(seed, fold, losses, reached, diverged)

    def _accuracy_to_reach(self) -> float:
        tested = self.outside if self.outside.size else self.inside
        accuracy = self._accuracy(tested)
        return -1.0 if accuracy is None else accuracy

    def _accuracy(self, which: Labels) -> float | None:
        if not self.data.classes or not which.size:
            return None
        outputs = self.network(self.data.x[which])
        right = outputs.argmax(axis=1) == self.data.labels[which]
        return float((right & np.isfinite(outputs).all(axis=1)).mean())

    def _measured(
        self,
        seed: int,
        fold: int | None,
        losses: list[float],
        reached: int | None,
        diverged: int | None,
    ) -> Run:
        x, target = self.data.x[self.inside], self.data.target[self.inside]
        trace = forward(self.network, x)
        _, gradient = self.loss(trace.outputs, target)
        gradients, _ = backward(self.network, trace, gradient)
        first, last = (float(np.linalg.norm(gradients[place])) for place in (0, -2))
        slopes = trace.slopes
        size = sum(slope.size for slope in slopes)
        everything = np.arange(self.data.points)
        test_loss = None
        if self.outside.size:
            outputs = self.network(self.data.x[self.outside])
            test_loss = self.loss(outputs, self.data.target[self.outside])[0]
        return Run(
            seed=seed,
            fold=fold,
            loss=losses,
            accuracy=self._accuracy(everything),
            train_accuracy=self._accuracy(self.inside),
            test_accuracy=self._accuracy(self.outside),
            test_loss=test_loss,
            epochs_to_95=reached,
            dead_units=sum(int((slope == 0).all(axis=0).sum()) for slope in slopes),
            hidden_units=sum(self.network.widths),
            saturated_share=(
                sum(self._saturated(slope) for slope in slopes) / size if size else 0.0
            ),
            gradient_ratio=first / last if last else None,
            params=dict(self.network.activation.params),
            diverged_in=diverged,
        )

    def _saturated(self, slope: Array) -> int:
        """How many of these slopes are below eps, or 0 where that is 0."""
        eps = self.settings.eps
        return int((np.abs(slope) < eps if eps else slope == 0).sum())
