"""Which neighbours in a run are folded together: all of them, or those that are not too large."""

from __future__ import annotations

from actcli.analysis.affordable import too_large, too_long
from actcli.analysis.folding import groups_that_pay, is_single
from actcli.analysis.network import Barrier, Run, span


def parts_of(run: Run) -> tuple[list[Run], list[Barrier]]:
    """The parts of a run, and what is said of the whole where it is not one of them."""
    name = f"layers {span(run.numbers)}"
    if why := too_long(run.layers):
        return [], [Barrier(name, why)]
    why = too_large(run.layers)
    if why is None:
        return [run], []
    parts = []
    for group in groups_that_pay(run.layers):
        layers = tuple(run.layers[place] for place in group)
        if not is_single(layers) and not too_large(layers):
            parts.append(Run(layers, tuple(run.numbers[place] for place in group)))
    return parts, [Barrier(name, f"they are linear; {why}")]
