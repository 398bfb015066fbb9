"""What training came to, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.networks.training.linear_bound import LinearBound
    from actcli.networks.training.results import Run, Training
    from actcli.results import Row


def sentences(answer: Training) -> Sequence[str]:
    """The verdict, then what a linear network cannot exceed."""
    return list(_sentences(answer))


def _sentences(answer: Training) -> Iterator[str]:
    several = f"median of {len(answer.runs)} runs: " if len(answer.runs) > 1 else ""
    units = answer.runs[0].hidden_units
    dead = f"; {_dead(answer.median.dead_units, units)}" if units else ""
    yield f"{answer.activation}: {several}{_reached(answer)} after {_count(answer.epochs)}{dead}."
    diverged = [run.diverged_in for run in answer.runs if run.diverged_in is not None]
    if diverged and len(answer.runs) > 1:
        count = f"{len(diverged)} of {len(answer.runs)} runs"
        yield f"{count} diverged, the first in epoch {min(diverged)}."
    elif diverged:
        yield f"It diverged in epoch {diverged[0]}: the loss is not finite."
    yield from _linear(answer)


def _reached(answer: Training) -> str:
    summary = answer.median
    if summary.test_accuracy is not None:
        return f"{summary.test_accuracy:.1%} of the test points right"
    if summary.train_accuracy is not None:
        return f"{summary.train_accuracy:.1%} of the training points right"
    if summary.test_loss is not None:
        return f"test loss {summary.test_loss:.3g}"
    return "no loss" if summary.loss is None else f"loss {summary.loss:.3g}"


def _count(epochs: int) -> str:
    return f"{epochs} epoch{'' if epochs == 1 else 's'}"


def _dead(dead: float, units: int) -> str:
    said = "no" if dead == 0 else f"{dead:g}"
    return f"{said} of {units} hidden units {'is' if dead == 1 else 'are'} dead".replace(
        "no of", "none of"
    )


def _linear(answer: Training) -> Iterator[str]:
    if not answer.is_linear:
        return
    right = [run.accuracy for run in answer.runs if run.accuracy is not None]
    if right and answer.linear_bound:
        bound = answer.linear_bound
        limit = (
            f" (a disc of half the square's area: {answer.linear_limit:.3%})"
            if (answer.linear_limit)
            else ""
        )
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


def shown(answer: Training) -> Iterator[Row]:
    """One row: median and spread of each number."""
    runs = answer.runs
    row: dict[str, object] = {"activation": answer.activation}
    row["loss"] = _spread([run.loss[-1] for run in runs], "{:.3g}")
    if answer.classes:
        row["test"] = _spread([run.test_accuracy for run in runs], "{:.1%}")
        row["to_95_%"] = _spread([run.epochs_to_95 for run in runs], "{:g}")
    else:
        row["test"] = _spread([run.test_loss for run in runs], "{:.3g}")
    if runs[0].hidden_units:
        row["dead"] = _spread([run.dead_units for run in runs], "{:g}")
        row["saturated"] = _spread([run.saturated_share for run in runs], "{:.1%}")
        row["gradient"] = _spread([run.gradient_ratio for run in runs], "{:.2g}")
    learned = _learned(answer, runs)
    if learned:
        row["learned"] = learned
    yield row


def _learned(answer: Training, runs: Sequence[Run]) -> str:
    changed = [
        name
        for name in answer.params
        if any(run.params[name] != answer.params[name] for run in runs)
    ]
    return ", ".join(
        f"{name}={_spread([run.params[name] for run in runs], '{:.4g}')}" for name in changed
    )


def _spread(values: Sequence[float | None], form: str) -> str:
    """The median, and of several runs half of what the extremes are apart."""
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    middle = form.format(median(known))
    if len(known) == 1 or min(known) == max(known):
        return middle
    return f"{middle}+-{form.format((max(known) - min(known)) / 2).rstrip('%')}"
