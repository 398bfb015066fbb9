"""What training came to, in words and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from statistics import median

from actcli.networks.training.linear_bound import LinearBound
from actcli.networks.training.results import Run, Training
from actcli.results import Report, Row


class TrainingReport(Report[Training]):
    """The verdict above the medians; for a program, a row a run."""

    compared = True

    def rows(self) -> Iterator[Row]:
        """One row a run, without its curve."""
        for run in self.result.runs:
            plain = {key: value for key, value in vars(run).items() if key != "params"}
            plain["loss"] = run.loss[-1]
            yield {"activation": self.result.activation, **plain}

    def shown(self) -> Iterator[Row]:
        """One row: median and spread of each number."""
        yield _medians(self.result)

    def sentences(self) -> Sequence[str]:
        """The verdict, then what a linear network cannot exceed."""
        return list(_sentences(self.result))


def shortfall(answer: Training) -> str:
    """What to say where an accuracy is not reached."""
    return f"{answer.activation} reaches {answer.accuracy or 0:.2%} only"


def _sentences(answer: Training) -> Iterator[str]:
    yield f"{answer.activation}: {_verdict(answer)}."
    yield from _linear(answer)


def _verdict(answer: Training) -> str:
    runs, diverged = len(answer.runs), answer.diverged
    if len(diverged) == runs:
        which = "" if runs == 1 else f"in all {runs} runs, the first "
        return f"diverged {which}in epoch {min(diverged)}: the loss is no longer finite"
    several = f"median of {runs} runs: " if runs > 1 else ""
    said = [f"{several}{_reached(answer)} after {_count(answer.epochs, 'epoch')}"]
    if units := answer.runs[0].hidden_units:
        said.append(_dead(answer.median.dead_units, units))
    if diverged:
        said.append(f"{len(diverged)} of them diverged, the first in epoch {min(diverged)}")
    return "; ".join(said)


def _reached(answer: Training) -> str:
    summary = answer.median
    if summary.test_accuracy is not None:
        return f"{summary.test_accuracy:.1%} of the test points right"
    if summary.train_accuracy is not None:
        return f"{summary.train_accuracy:.1%} of the training points right"
    if summary.test_loss is not None:
        return f"test loss {summary.test_loss:.3g}"
    return "no finite loss" if summary.loss is None else f"loss {summary.loss:.3g}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _dead(dead: float, units: int) -> str:
    said = f"{dead:g}" if dead else "none"
    return f"{said} of {_count(units, 'hidden unit')} {'is' if dead == 1 else 'are'} dead"


def _linear(answer: Training) -> Iterator[str]:
    if not answer.is_linear:
        return
    right = [run.accuracy for run in answer.runs if run.accuracy is not None]
    if right and answer.linear_bound:
        bound = answer.linear_bound
        limit = f" (of ever more points: {answer.linear_limit:.3%})" if answer.linear_limit else ""
        yield (
            f"The network is linear whatever its depth: {max(right):.2%} of all points right, and "
            f"no straight line gets more than {_said(bound)}{limit}."
        )
        if answer.linear_bound_test:
            tested = _said(answer.linear_bound_test)
            yield f"Of the test points alone no line gets more than {tested}."
    elif right:
        yield "The network is linear whatever its depth; the best of all lines was not computed."
    if answer.collapsed and answer.collapsed.weight.size <= 24:
        rows = zip(answer.collapsed.weight.tolist(), answer.collapsed.bias.tolist(), strict=True)
        said = "; ".join(f"({', '.join(f'{w:.4g}' for w in row)}) x + {b:.4g}" for row, b in rows)
        yield f"The trained layers are one: {said}."


def _said(bound: LinearBound) -> str:
    return f"{bound.accuracy:.2%} ({bound.right} of {bound.points})"


def _medians(answer: Training) -> Row:
    runs, middle = answer.runs, answer.median
    row: dict[str, object] = {"activation": answer.activation}
    row["loss"] = _spread(middle.loss, [run.loss[-1] for run in runs], "{:.3g}")
    if answer.classes:
        row["test"] = _spread(
            middle.test_accuracy, [run.test_accuracy for run in runs], "{:.1%}", "{:.1%}"
        )
        reached = [run.epochs_to_95 for run in runs]
        row["to_95_%"] = _spread(middle.epochs_to_95, reached, "{:g}", "{:.2g}")
    else:
        row["test"] = _spread(middle.test_loss, [run.test_loss for run in runs], "{:.3g}")
    if runs[0].hidden_units:
        row["dead"] = _spread(middle.dead_units, [run.dead_units for run in runs], "{:g}", "{:.2g}")
        shares = [run.saturated_share for run in runs]
        row["saturated"] = _spread(middle.saturated_share, shares, "{:.1%}", "{:.1%}")
        ratios = [run.gradient_ratio for run in runs]
        row["gradient"] = _spread(middle.gradient_ratio, ratios, "{:.2g}")
    learned = _learned(answer, runs)
    if learned:
        row["learned"] = learned
    return row


def _learned(answer: Training, runs: Sequence[Run]) -> str:
    said = []
    for name, begun in answer.params.items():
        values = [run.params[name] for run in runs if not run.diverged_in]
        if any(value != begun for value in values):
            said.append(f"{name} = {_spread(median(values), values, '{:.3g}')}")
    return ", ".join(said)


def _spread(
    middle: float | None, values: Sequence[float | None], form: str, beside: str = "{:.1g}"
) -> str:
    """The median, half of what the extremes are apart, and how many runs have such a number."""
    if middle is None:
        return "-"
    known = [value for value in values if value is not None and isfinite(value)]
    spread, few = max(known) - min(known), len(known) < len(values)
    around = f"+-{beside.format(spread / 2).rstrip('%')}" if spread else ""
    return form.format(middle) + around + (f" ({len(known)} of {len(values)})" if few else "")
