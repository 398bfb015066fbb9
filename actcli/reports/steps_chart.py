"""A chart of what becomes of quantities layer by layer, or step by step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from actcli.charts.model import Chart, Curve


class Followed(NamedTuple):
    """What is followed of one answer."""

    name: str
    steps: Sequence[Any]
    labels: Mapping[str, str]
    """What each field of a step that is drawn is called, the main one first."""


def steps_chart(answers: Sequence[Followed], *, at: str, title: str, x_label: str) -> Chart:
    """The fields against `at`, on a logarithmic axis; what is 0 or None is a gap."""
    curves = [
        Curve(
            f"{answer.name}: {label}",
            np.array([float(getattr(step, at)) for step in answer.steps]),
            np.array([getattr(step, key) or math.nan for step in answer.steps]),
            series=series,
            secondary=number > 0,
        )
        for series, answer in enumerate(answers)
        for number, (key, label) in enumerate(answer.labels.items())
    ]
    longest = max(len(answer.steps) for answer in answers)
    return Chart(curves, (1.0, float(max(longest, 2))), title=title, log_y=True, x_label=x_label)
