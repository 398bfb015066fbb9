"""What is asked of activations, and which of them do not keep it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from actcli.networks.inspection.results import Inspection
from actcli.reports.inspect import percent


class Limits(NamedTuple):
    """What none of them may exceed; None where nothing is asked."""

    dead: float | None = None
    """The share of the units that may be dead."""
    saturated: float | None = None
    """The share of the values that may be saturated."""
    overflow: str | None = None
    """The type that has to hold every finite value."""
    drift: float | None = None
    """What ks may be, for certain."""


def failures(results: Sequence[Inspection], limits: Limits) -> Iterator[str]:
    """What is wrong, activation by activation."""
    for one in results:
        for what in _of(one, limits):
            yield f"{one.activation} after {one.place}: {what}"


def _of(one: Inspection, limits: Limits) -> Iterator[str]:
    if limits.dead is not None and one.dead_share > limits.dead:
        yield f"{percent(one.dead_share)} of the units are dead"
    if limits.saturated is not None and one.saturated_share > limits.saturated:
        yield f"{percent(one.saturated_share)} of the values are saturated"
    if limits.overflow and (count := one.overflow[limits.overflow].overflow):
        yield f"{limits.overflow} cannot hold {count:,} of the values"
    if limits.drift is not None and not one.drift:
        yield "nothing but NaN on one side: there is no drift to be told"
    if limits.drift is not None and one.drift and one.drift.ks + one.drift.ks_error > limits.drift:
        yield f"ks is {one.drift.ks:.3g}, and may be {one.drift.ks_error:.2g} more"
