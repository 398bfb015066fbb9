"""What there is to say about one activation on data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.networks.inspection.graph.places import Place
from actcli.networks.inspection.summaries.drift import Drift, drift
from actcli.networks.inspection.summaries.mean_slope import Enclosure
from actcli.networks.inspection.summaries.overflow import TYPES
from actcli.networks.inspection.summaries.quantiles import Quantile, quantiles
from actcli.networks.inspection.summaries.summary import Summary, Units
from actcli.networks.inspection.summaries.tally import unit_axis
from actcli.networks.inspection.watching import Lens, looked_through

WORST = 5
"""Units that are shown one by one."""


class Lost(NamedTuple):
    """What a smaller type loses of the finite values."""

    overflow: int
    """How many it cannot hold: they become infinite, or NaN."""
    to_zero: int
    """How many that are not 0 become 0."""


class Unit(NamedTuple):
    """What one unit has seen."""

    unit: int
    """Its index along the axis, from 0."""
    saturated_share: float
    """Share of its values, 0 to 1."""
    min: float
    """Its smallest value."""
    max: float
    """Its largest value."""


@dataclass(frozen=True)
class Inspection:
    """What goes into one activation, and what it makes of it."""

    place: str
    """The value in the graph that goes into it, or the dump."""
    activation: str
    formula: str
    axis: int | None
    """The axis of the units; None where all values are of one."""
    units: int
    """How many there are."""
    count: int
    """Values, NaN included."""
    nan: int
    """Values that are NaN."""
    infinite: int
    """Values that are infinite."""
    min: float
    """Of all that are numbers; so is `max`."""
    max: float
    """In the unit of the values."""
    mean: float
    """Of the finite values; so is `std`, that of a population."""
    std: float
    """The square root of the mean squared distance from the mean."""
    quantiles: Sequence[Quantile]
    """Of all that are numbers."""
    eps: float
    saturated_share: float
    """The share of the values that lie where |f'| < eps."""
    mean_abs_derivative: Enclosure
    """Over all that are numbers; at a kink f' is PyTorch's."""
    zeros: int
    """Values that are 0."""
    dead_units: Sequence[int]
    """Those at whose every value f' = 0."""
    saturated_units: Sequence[int]
    """Those whose every value is saturated."""
    worst_units: Sequence[Unit]
    """The most saturated ones, if there are any."""
    overflow: Mapping[str, Lost]
    """What types of few bits lose, by the type's name."""
    drift: Drift | None
    """None without a reference."""
    named: str | None
    """How it is known that the graph applies the activation: `proved`, or by `values` at some
    hundred points; None of a dump, and of what has no name."""

    @property
    def dead_share(self) -> float:
        """The share of its units that are dead."""
        return len(self.dead_units) / self.units if self.units else 0.0


def inspection(
    place: Place, summary: Summary, lens: Lens, reference: Summary | None = None
) -> Inspection:
    """What there is to say about an activation by what was seen, and by what is its reference."""
    _, slopes, _ = looked_through(place.activation, lens)
    units = summary.units
    return Inspection(
        place=place.name,
        activation=str(place.activation),
        formula=place.activation.formula,
        axis=unit_axis(summary.rank, lens.units),
        units=len(units.count),
        count=summary.count,
        nan=summary.nan,
        infinite=summary.infinite,
        min=summary.low if summary.numbers else math.nan,
        max=summary.high if summary.numbers else math.nan,
        mean=summary.mean,
        std=summary.std,
        quantiles=quantiles(summary),
        eps=lens.eps,
        saturated_share=float(units.saturated.sum() / summary.count),
        mean_abs_derivative=slopes.mean(summary),
        zeros=summary.zeros,
        dead_units=_all_of(units.flat, units.count),
        saturated_units=_all_of(units.saturated, units.count),
        worst_units=_worst(units),
        overflow={
            one.name: Lost(*row) for one, row in zip(TYPES, summary.lost.tolist(), strict=True)
        },
        drift=None if reference is None else drift(summary, reference),
        named=place.named,
    )


def _all_of(some: NDArray[np.int64], count: NDArray[np.int64]) -> list[int]:
    """The units that have seen values, all of which are among some."""
    found: list[int] = np.flatnonzero((some == count) & (count > 0)).tolist()
    return found


def _worst(units: Units) -> list[Unit]:
    share = units.saturated / np.maximum(units.count, 1)
    order = np.argsort(-share, kind="stable")[:WORST]
    return [
        Unit(int(i), float(share[i]), float(units.low[i]), float(units.high[i]))
        for i in order
        if share[i] > 0
    ]
