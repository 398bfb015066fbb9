"""Saving a model with its linear runs folded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from actcli.atomic_file import is_same
from actcli.errors import ActcliError, UsageError
from actcli.networks.files.interface import Model
from actcli.networks.folding.plan import plan
from actcli.networks.folding.product import Advance, idle
from actcli.networks.folding.results import Saved


def save(
    model: Model,
    path: Path,
    *,
    always: bool = False,
    unchecked: bool = False,
    seed: int = 0,
    advance: Advance = idle,
) -> Saved:
    """Fold what shrinks the work, or all, and write the model in the format of the suffix.

    The folded model is compared with the original before anything is written; `unchecked` writes
    one that cannot be run here.

    Raises:
        ActcliError: the two differ or cannot be compared, the format cannot hold the model, or the
            file cannot be written.
    """
    if any(is_same(path, file) for file in model.files[1:]):
        raise UsageError(f"--save would write over {path}, which holds weights of its input")
    model = model.for_file(path)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
        folds = plan(model.network, always=always, advance=advance)
        agreement = model.agreement(folds, np.random.default_rng(seed))
    if agreement.deviation is None:
        if not unchecked:
            raise ActcliError(
                f"{agreement.unknown}, so that nothing is saved: --unchecked saves it all the same"
            )
    elif agreement.bound is not None and not agreement.deviation <= agreement.bound:
        raise ActcliError(
            f"the outputs of the folded model are off by {agreement.deviation:.3g}, more than "
            f"rounding explains ({agreement.bound:.3g}): nothing is saved"
        )
    try:
        model.write(path, folds, unchecked=unchecked)
    except OSError as error:
        raise ActcliError(f"cannot write {path}: {error.strerror or error}") from None
    runs = model.network.runs
    before = sum(layer.multiply_adds for run in runs for layer in run.layers)
    shrunk = sum(
        sum(layer.multiply_adds for layer in fold.layers)
        - sum(layer.multiply_adds for layer in fold.folded.layers)
        for fold in folds
    )
    return Saved(str(path), [fold.numbers for fold in folds], before, before - shrunk, agreement)
