"""Which neighbours in a run are folded together: all of them, or those that are not too large."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.networks.folding.affordable import too_large, too_long
from actcli.networks.folding.fold import groups_that_pay, is_single
from actcli.networks.layers import Linear
from actcli.networks.network import Barrier, Run, span


def parts_of(run: Run) -> tuple[list[Run], list[Barrier]]:
    """The parts of a run, and what is said of the whole where it is not one of them."""
    if why := too_long(run.layers):
        return [], [_refused(run, why)]
    why = too_large(run.layers)
    if why is None:
        return [run], []
    parts = []
    for group in affordable_groups(run.layers):
        layers = tuple(run.layers[place] for place in group)
        if not is_single(layers):
            parts.append(Run(layers, tuple(run.numbers[place] for place in group)))
    return parts, [_refused(run, f"linear, but {why}")]


def _refused(run: Run, why: str) -> Barrier:
    return Barrier(f"layers {span(run.numbers)}", why, run.numbers[0] - 1, run.numbers)


def affordable_groups(layers: Sequence[Linear]) -> list[range]:
    """The neighbours that it pays to fold, but for those whose matrix is too large."""
    groups = groups_that_pay(layers)
    return [group for group in groups if not too_large([layers[place] for place in group])]
