"""What the activations of a model, or dumped values, do on data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from actcli.networks.inspection.feeds import Feed
from actcli.networks.inspection.places import Unseen
from actcli.networks.inspection.results import Inspection, inspection
from actcli.networks.inspection.summary import Summary, merged
from actcli.networks.inspection.watching import Lens, Watch, watch


class Inspected(NamedTuple):
    """The activations that were seen, and what was not."""

    results: Sequence[Inspection]
    unseen: Sequence[Unseen]


NEVER = "none of its values was seen on these inputs"


def inspect_model(
    model: Path,
    inputs: Sequence[Path],
    lens: Lens,
    *,
    batch: int = 32,
    against: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Inspected:
    """What the activations of an ONNX model do on inputs.

    Args:
        model: the file.
        inputs: npy, npz or safetensors files.
        lens: how the values are looked at.
        batch: how many inputs go in at once, unless the model says so.
        against: other inputs, whose values are the reference of the drift.
        advance: called after every batch.

    Raises:
        ActcliError: the model or an input cannot be read, or do not go together.
    """
    seen = watch(model, lens)
    feeds = [Feed(path, seen.wanted) for path in inputs]
    parts = [seen.summaries(feed, batch, advance=advance) for feed in feeds]
    whole = [merged(of_place) for of_place in zip(*parts, strict=True)]
    reference: Sequence[Summary | None] = [None] * len(whole)
    if against is not None:
        reference = seen.summaries(Feed(against, seen.wanted), batch, advance=advance)
    return _inspected(seen, whole, reference, lens)


def _inspected(
    seen: Watch, whole: Sequence[Summary], reference: Sequence[Summary | None], lens: Lens
) -> Inspected:
    triples = list(zip(seen.places, whole, reference, strict=True))
    return Inspected(
        [
            inspection(place.name, place.activation, summary, lens, summary.rank, other)
            for place, summary, other in triples
            if summary.count
        ],
        [*seen.unseen, *(Unseen(p.name, NEVER) for p, summary, _ in triples if not summary.count)],
    )
