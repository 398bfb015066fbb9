"""What `info` and `saturation` say of formulas, judged by a second opinion.

The default run takes some of each kind, `--fuzz` all of them: the formulas of the literature's
surveys, typed as the papers write them, and a thousand random ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from flint import ctx

from actcli.errors import ActcliError
from actcli.find import find
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation
from tests.referee.facts import Verdict
from tests.referee.opinion import Opinion
from tests.referee.random_formulas import random_formula
from tests.referee.ranges import faults_of_saturation

_ROWS = (Path(__file__).parent / "literature.tsv").read_text(encoding="utf-8").splitlines()[1:]
LITERATURE = [row.split("\t")[2] for row in _ROWS]
RANDOM = [random_formula(seed) for seed in range(1000)]

THRESHOLDS = (1e-3, 0.1)
BOXES = 800
"""That the second opinion cuts a window into; what is open then is not judged."""

EFFORT = 1.0


def faults(text: str) -> Iterator[str]:
    """What is wrong in the answers about one formula."""
    try:
        activation = find(text)
        said = facts(activation, effort=EFFORT)
    except ActcliError:
        return
    window = said.window and (said.window[0], said.window[1])
    opinion = Opinion(text, window, BOXES)
    with ctx.workprec(53):
        yield from Verdict(opinion).of(said)
    for eps in THRESHOLDS:
        answer = saturation(activation, eps, window=window, effort=EFFORT)
        with ctx.workprec(53):
            yield from faults_of_saturation(opinion, answer, eps)


def spread(formulas: list[str], step: int) -> Iterator[list[str]]:
    """All of them, again and again, in parts that each reach from the first to the last."""
    return cycle(formulas[start::step] for start in range(step))


PAPERS, CASES = spread(LITERATURE, 24), spread(RANDOM, 200)


@pytest.mark.random
def test_formulas_of_the_literature() -> None:
    judge(next(PAPERS))


@pytest.mark.random
def test_random_formulas() -> None:
    judge(next(CASES))


def judge(formulas: list[str]) -> None:
    found = {text: list(islice(faults(text), 5)) for text in formulas}
    assert {text: lines for text, lines in found.items() if lines} == {}
