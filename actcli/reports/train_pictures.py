"""What is drawn of trained networks: decision regions, fits, and the loss against epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from actcli.charts.model import Chart, Curve, Panel, Regions
from actcli.networks.training.data import GENERATED, Data, Labels
from actcli.networks.training.network import DenseNetwork
from actcli.networks.training.results import Training
from actcli.networks.training.train import Trained
from actcli.numeric.arrays import Array

MARGIN = 0.05
"""Of the range of a file's points, on either side."""

MOST_DRAWN = 2000
"""Points of a chart; of more every so many-th is drawn."""


def picture(data: Data, trained: Sequence[Trained]) -> Chart | Regions:
    """Regions for classes of two features, fits for a number of one, else the losses."""
    if data.classes and data.x.shape[1] == 2:
        return regions(data, trained)
    if not data.classes and data.x.shape[1] == 1:
        return fits(data, trained)
    return losses(trained)


def regions(data: Data, trained: Sequence[Trained]) -> Regions:
    """The classes that each first network assigns over the plane, and the points."""
    assert data.classes is not None
    every = max(1, data.points // MOST_DRAWN)
    x_range, y_range = (_range(data, column) for column in (0, 1))
    panels = [Panel(_title(one.answer), _classifier(one.networks[0])) for one in trained]
    return Regions(
        panels=panels,
        points=data.x[::every],
        labels=data.labels[::every],
        classes=data.classes,
        x_range=x_range,
        y_range=y_range,
        x_label=data.features[0],
        y_label=data.features[1],
    )


def _title(answer: Training) -> str:
    return answer.activation + (" (diverged)" if answer.runs[0].diverged_in else "")


def _classifier(network: DenseNetwork) -> Callable[[Array], Labels]:
    def classify(points: Array) -> Labels:
        with np.errstate(all="ignore"):
            chosen: Labels = network(points).argmax(axis=1)
            return chosen

    return classify


def _range(data: Data, column: int) -> tuple[float, float]:
    if data.name in GENERATED:
        return -1.0, 1.0
    low, high = float(data.x[:, column].min()), float(data.x[:, column].max())
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def fits(data: Data, trained: Sequence[Trained]) -> Chart:
    """The points, apart from each other, and what each first network predicts."""
    every = max(1, data.points // MOST_DRAWN)
    at, target = data.x[::every, 0], data.target[::every]
    gaps = np.full_like(target, np.nan)
    points = np.stack([target, gaps], axis=1).reshape(-1)
    low, high = _range(data, 0)
    x = np.linspace(low, high, 401)
    curves = [Curve("points", np.repeat(at, 2), points)]
    for series, one in enumerate(trained, 1):
        with np.errstate(all="ignore"):
            y = one.networks[0](x[:, None])[:, 0]
        curves.append(Curve(one.answer.activation, x, y, series=series))
    label = data.features[0]
    return Chart(curves, (low, high), title=data.name, x_label=label, y_label=data.target_name)


def losses(trained: Sequence[Trained]) -> Chart:
    """The median loss over the runs against epochs."""
    curves = []
    for series, one in enumerate(trained):
        runs = [np.array(run.loss) for run in one.answer.runs]
        longest = max(map(len, runs))
        table = np.full((len(runs), longest), np.nan)
        for row, loss in zip(table, runs, strict=True):
            row[: len(loss)] = loss
        table[~np.isfinite(table)] = np.inf
        middle = np.median(table, axis=0)
        middle[np.isinf(middle)] = np.nan
        x = np.arange(longest, dtype=np.float64)
        curves.append(Curve(one.answer.activation, x, middle, series=series))
    longest = max(curve.x[-1] for curve in curves)
    return Chart(
        curves,
        (0.0, max(float(longest), 1.0)),
        title="Loss on the training points",
        log_y=True,
        x_label="epoch",
    )
