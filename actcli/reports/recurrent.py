"""The gradient through time in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from actcli.charts.model import Chart, Curve
from actcli.meanfield.recurrent import Recurrent
from actcli.results import Report, Row

_GATES = {"lstm": "forget", "gru": "update"}


class RecurrentReport(Report[Recurrent]):
    """A row for each step back."""

    def rows(self) -> Iterator[Row]:
        """One row a step back."""
        found = self.result
        for step in found.steps:
            yield {"activation": found.activation, "cell": found.cell, "bias": found.bias} | vars(
                step
            )

    def shown(self) -> Iterator[Row]:
        """A dozen of the steps."""
        steps = self.result.steps
        every = max(1, math.ceil(len(steps) / 12))
        for step in steps[::-1][::every][::-1]:
            yield vars(step)

    def sentences(self) -> Sequence[str]:
        """What is left of the gradient, and how long the memory is."""
        return list(_sentences(self.result))


def chart(answers: Sequence[Recurrent]) -> Chart:
    """The gradient against steps back: simulated, and what is exact."""
    curves = [
        Curve(
            f"{one.cell}{'' if one.bias is None else f' {one.bias:g}'} {one.activation}: {label}",
            np.array([float(step.back) for step in one.steps]),
            np.array([getattr(step, key) or math.nan for step in one.steps]),
            series=series,
            secondary=key == "gradient_exact",
        )
        for series, one in enumerate(answers)
        for key, label in (("gradient", "simulated"), ("gradient_exact", "exact"))
    ]
    longest = max(len(one.steps) for one in answers)
    return Chart(
        curves,
        (1.0, float(max(longest, 2))),
        title="Gradient through time",
        log_y=True,
        x_label="steps back",
    )


def _sentences(answer: Recurrent) -> Iterator[str]:
    last, gate = answer.steps[-1], _GATES.get(answer.cell)
    name = answer.cell if gate is None else f"{answer.cell} ({gate} bias {answer.bias:g})"
    error = "" if last.gradient_error is None else f" +- {last.gradient_error:.1g}"
    yield (
        f"{name}: the gradient {last.back} steps back is {last.gradient:.2g}{error} of today's "
        f"({answer.activation}, sigma_w = {answer.sigma_w:.6g}, input noise {answer.sigma_b:.6g}; "
        f"{answer.trials} networks of width {answer.width})."
    )
    if gate is None:
        if answer.factor is not None:
            yield (
                f"Exact, where the variance has settled: chi_1 = {answer.factor:.6g} a step, "
                f"{last.gradient_exact:.2g} in all."
            )
        return
    yield (
        f"Through the {gate} gates alone: exact {last.gradient_exact:.2g}, simulated "
        f"{last.path:.2g}; {answer.gates_saturated:.1%} of these gates are saturated "
        f"(slope < {answer.eps:g})."
    )
    half = "no end" if answer.half_life is None else f"{answer.half_life:.3g} steps"
    chrono = (
        ""
        if answer.chrono_bias is None
        else f"; a bias of {answer.chrono_bias:.3g} remembers {last.back} steps (chrono)"
    )
    yield f"At rest the memory has a half-life of {half}{chrono}."
