"""The linear runs of a network as a person reads them: in their order, with what parts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from actcli.networks.folding.results import Collapse, RunFacts
from actcli.networks.network import span
from actcli.reports.collapse_words import form, least
from actcli.results import Row

NAMED = 3
"""Layers of a run, and nodes between runs, that are named one by one."""

MOST = 12
"""Runs of a table; of more, the folds that save most."""

NOT_LINEAR = "not linear"

LONG = 100_000
"""Numbers from which on thousands and millions are counted."""


class _Entry(NamedTuple):
    """A row and what decides where it stands and whether it is read."""

    place: float
    shared: str | None
    """Why it is no run: those of one reason in a row are one row."""
    row: Row
    saved: int
    """The multiply-adds that folding saves."""


def listed(answer: Collapse, every: bool = True) -> Iterator[Row]:
    """A row for each run, and for what stands between two; of many, the folds that save most."""
    found = _in_order(answer)
    if not every and len(answer.runs) > MOST:
        folds = [entry for entry in found if entry.saved > 0] or found
        found = sorted(sorted(folds, key=lambda entry: -entry.saved)[:MOST], key=_place)
    for shared, entries in groupby(found, key=lambda entry: entry.shared):
        if shared is None:
            yield from (entry.row for entry in entries)
        else:
            names = [entry.row["what"] for entry in entries]
            yield _row("", _some(list(dict.fromkeys(names))), shared)


def _place(entry: _Entry) -> float:
    return entry.place


def _in_order(answer: Collapse) -> list[_Entry]:
    """All that there is, from the input to the output."""
    found = []
    named = {barrier.name for barrier in answer.barriers}
    for barrier in answer.barriers:
        if barrier.layers:
            row = _row(span(barrier.layers), _names(answer, barrier.layers), barrier.why)
            found.append(_Entry(barrier.layers[0] - 0.25, None, row, 0))
        elif barrier.after is not None:
            why = NOT_LINEAR if barrier.activation else barrier.why
            row = _row("", barrier.activation or barrier.name, why)
            found.append(_Entry(barrier.after + 0.5, why, row, 0))
    found += [
        _Entry(layer.number, NOT_LINEAR, _row("", layer.name, NOT_LINEAR), 0)
        for layer in answer.layers
        if not layer.linear and layer.name not in named
    ]
    found += [
        _Entry(
            run.layers[0],
            None,
            _run(answer, run),
            run.multiply_adds_before - run.multiply_adds_best if run.is_fold else 0,
        )
        for run in answer.runs
    ]
    return sorted(found, key=_place)


def _names(answer: Collapse, numbers: Sequence[int]) -> str:
    return _some([answer.layers[number - 1].name for number in numbers])


def _some(names: Sequence[str]) -> str:
    if len(names) > NAMED:
        return f"{names[0]}, ... ({len(names) - 2} more), {names[-1]}"
    return ", ".join(names)


def _run(answer: Collapse, run: RunFacts) -> Row:
    numbers, what = span(run.layers), _names(answer, run.layers)
    if not run.is_fold:
        work, kept = run.multiply_adds_before, run.parameters_before
        return _row(numbers, what, "alone: nothing to fold", _count(work), _count(kept))
    before, after, best = run.multiply_adds_before, run.multiply_adds_after, run.multiply_adds_best
    text = form(run)
    if best >= before:
        text += "; more work, not folded" if after > before else "; as much work"
    elif best < after:
        text += f"; least work: {least(run)}, {_count(best)} multiply-adds"
    return _row(
        numbers,
        what,
        text,
        f"{_count(before)} -> {_count(after)}",
        f"{_count(run.parameters_before)} -> {_count(run.parameters_after)}",
    )


def _row(layers: str, what: str, becomes: str, work: str = "", kept: str = "") -> Row:
    return {
        "layers": layers,
        "what": what,
        "becomes": becomes,
        "multiply-adds": work,
        "parameters": kept,
    }


def _count(number: int) -> str:
    if number < LONG:
        return f"{number:,}"
    return f"{number / 1e3:.1f}k" if number < 1e6 else f"{number / 1e6:,.2f}M"
