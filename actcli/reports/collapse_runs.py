"""The linear runs of a network as a person reads them: in their order, with what parts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from actcli.networks.folding.results import Collapse, RunFacts
from actcli.networks.network import span
from actcli.reports.collapse_words import form, least
from actcli.results import Row

NAMED = 3
"""Layers of a run, and nodes between runs, that are named one by one."""

NOT_LINEAR = "not linear"

LONG = 100_000
"""Numbers from which on thousands and millions are counted."""


def listed(answer: Collapse) -> Iterator[Row]:
    """A row for each run, and one for what stands between two."""
    for shared, entries in groupby(_in_order(answer), key=lambda entry: entry[1]):
        if shared is None:
            yield from (row for _, _, row in entries)
        else:
            names = [row["what"] for _, _, row in entries]
            yield _row("", _some(list(dict.fromkeys(names))), shared)


def _in_order(answer: Collapse) -> list[tuple[float, str | None, Row]]:
    """Rows with their places; those of one text in a row are one."""
    found: list[tuple[float, str | None, Row]] = []
    named = {barrier.name for barrier in answer.barriers}
    for barrier in answer.barriers:
        if barrier.layers:
            row = _row(span(barrier.layers), _names(answer, barrier.layers), barrier.why)
            found.append((barrier.layers[0] - 0.25, None, row))
        elif barrier.after is not None:
            why = NOT_LINEAR if barrier.activation else barrier.why
            found.append(
                (barrier.after + 0.5, why, _row("", barrier.activation or barrier.name, why))
            )
    found += [
        (layer.number, NOT_LINEAR, _row("", layer.name, NOT_LINEAR))
        for layer in answer.layers
        if not layer.linear and layer.name not in named
    ]
    found += [(run.layers[0], None, _run(answer, run)) for run in answer.runs]
    return sorted(found, key=lambda entry: entry[0])


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
