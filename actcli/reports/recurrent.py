"""The gradient through time in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actcli.charts.model import Chart
from actcli.meanfield.cells import CELLS
from actcli.meanfield.recurrent import Recurrent, StepBack
from actcli.numeric.display import short
from actcli.reports.explained import TIME, Explained
from actcli.reports.steps_chart import Followed, steps_chart
from actcli.results import Row


class RecurrentReport(Explained[Recurrent]):
    """A row for each step back."""

    words = TIME

    def rows(self) -> Iterator[Row]:
        """One row a step back."""
        found = self.result
        for step in found.steps:
            yield {"activation": found.activation, "cell": found.cell, "bias": found.bias} | vars(
                step
            )

    def shown(self) -> Iterator[Row]:
        """Some of the steps: what is simulated with its error, and beside it what is exact."""
        return map(_shown, self.read(self.result.steps))

    def sentences(self) -> Sequence[str]:
        """What is left of the gradient, and how long the memory is."""
        return list(_sentences(self.result))


def chart(answers: Sequence[Recurrent]) -> Chart:
    """The gradient against steps back: simulated, and what is exact."""
    return steps_chart(
        [
            Followed(
                f"{one.cell}{'' if one.bias is None else f' {one.bias:g}'} {one.activation}",
                one.steps,
                {"gradient": "simulated", "gradient_exact": f"exact, {_exact(one)}"},
            )
            for one in answers
        ],
        at="back",
        title="Gradient through time",
        x_label="steps back",
    )


def _exact(answer: Recurrent) -> str:
    return "fresh weights" if answer.bias is None else "gates alone"


def _shown(step: StepBack) -> Row:
    simulated = {
        "back": step.back,
        "gradient": _within(step.gradient, step.gradient_error),
    }
    if step.path is None:
        fresh = _within(step.gradient_fresh, step.gradient_fresh_error)
        return simulated | {"fresh_weights": fresh, "exact": step.gradient_exact}
    return simulated | {
        "gates_alone": _within(step.path, step.path_error),
        "exact_if_independent": step.path_independent,
        "exact_if_alike": step.path_alike,
    }


def _sentences(answer: Recurrent) -> Iterator[str]:
    last, gate = answer.steps[-1], CELLS[answer.cell].gate
    name = f"{answer.cell} ({gate} bias {answer.bias:g})" if gate else answer.cell
    networks = f"{answer.trials} network{'s' if answer.trials > 1 else ''} of width {answer.width}"
    back = _steps(last.back)
    fresh = _within(last.gradient_fresh, last.gradient_fresh_error)
    yield (
        f"{name}: the gradient {back} back is {_within(last.gradient, last.gradient_error)} of "
        f"today's ({answer.activation}, sigma_w = {short(answer.sigma_w)}, input noise "
        f"{short(answer.sigma_b)}; {networks})."
    )
    if not gate:
        if last.gradient_exact is not None:
            settled = (
                ""
                if answer.factor is None
                else f"; chi_1 = {short(answer.factor)} a step where the variance has settled"
            )
            yield (
                f"With weights drawn anew in each step it is {fresh}; exact for a wide network of "
                f"such: {last.gradient_exact:.3g}{settled}. The rest is what the same weights in "
                "every step do."
            )
        return
    yield (
        f"Through the {gate} gates alone it is {_within(last.path, last.path_error)}; exact for "
        f"gates of these variances: {last.path_independent:.3g} where they are independent from "
        f"step to step, {last.path_alike:.3g} where they are alike in all. With weights drawn anew "
        f"in each step they keep {fresh}; exact: {last.gradient_exact:.3g}."
    )
    half = "no end" if answer.half_life is None else _steps(float(f"{answer.half_life:.3g}"))
    chrono = (
        ""
        if answer.chrono_bias is None
        else f"; a bias of {answer.chrono_bias:.3g} remembers {back} (chrono)"
    )
    yield (
        f"{answer.gates_saturated:.1%} of these gates are saturated (slope < {answer.eps:g}). At "
        f"rest the memory has a half-life of {half}{chrono}."
    )


def _steps(number: float) -> str:
    return f"{number:g} step{'' if number == 1 else 's'}"


def _within(number: float | None, error: float | None) -> str:
    """With its error, where that is known and shows in the digits."""
    told = error is not None and error > 1e-6 * abs(number or 0.0)
    return f"{number:.3g}+-{error:.1g}" if told else f"{number:.3g}"
