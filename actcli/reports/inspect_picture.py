"""What goes into an activation, drawn under its curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actcli.charts.model import Chart, Curve
from actcli.find import find
from actcli.networks.inspection.digest import Digest
from actcli.networks.inspection.results import Inspection
from actcli.networks.inspection.summaries.summary import Ranked
from actcli.numeric.arrays import Array
from actcli.reports.plot import picture

BARS = 120
"""Steps of the histogram."""


def histogram(digest: Digest, results: Sequence[Inspection]) -> Chart | None:
    """What goes into the most saturated activation, under its curve; None where all is NaN.

    The curve has the true scale; the histogram is as high as the picture.
    """
    drawable = [one for one in results if one.quantiles]
    if not drawable:
        return None
    worst = max(drawable, key=lambda one: one.saturated_share)
    seen = next(
        summary
        for place, summary in zip(digest.places, digest.summaries, strict=True)
        if (place.name, str(place.activation)) == (worst.place, worst.activation)
    )
    low, high = worst.quantiles[0].low, worst.quantiles[-1].high
    window = max(min(low, -1.0), -1e30), min(max(high, 1.0), 1e30)
    _, chart = picture([find(worst.activation)], window=window, derivative=False, eps=worst.eps)
    edges = np.linspace(*window, BARS + 1)
    share = _counts(seen.ranked, edges)
    bottom, top = chart.y_range or (0.0, 1.0)
    heights = bottom + share / max(share.max(), 1) * (top - bottom)
    values = Curve("values", np.repeat(edges, 2)[1:-1], np.repeat(heights, 2), secondary=True)
    return chart._replace(
        curves=[*chart.curves, values], title=f"{worst.activation} after {worst.place}"
    )


def _counts(ranked: Ranked, edges: Array) -> Array:
    """How many values lie between edges, those of a bucket being spread over it evenly."""
    reached = np.concatenate([[0], np.cumsum(ranked.counts)])
    ends = np.stack([ranked.low, ranked.high], axis=1).reshape(-1)
    totals = np.stack([reached[:-1], reached[1:]], axis=1).reshape(-1)
    found: Array = np.diff(np.interp(edges, ends, totals))
    return found
