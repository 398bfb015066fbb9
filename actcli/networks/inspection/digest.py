"""Activations with what was seen of them: what parts of the data give, merge and keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import NamedTuple

from actcli.errors import ActcliError
from actcli.networks.inspection.graph.places import Place, Unseen
from actcli.networks.inspection.results import Inspection, inspection
from actcli.networks.inspection.summaries.summary import Summary
from actcli.networks.inspection.watching import Lens

NEVER = "none of its values was seen on these inputs"


class Digest(NamedTuple):
    """What was seen of some activations through a lens, on some data."""

    lens: Lens
    places: Sequence[Place]
    summaries: Sequence[Summary]
    """One a place."""
    unseen: Sequence[Unseen] = ()

    def merged_with(self, other: Digest) -> Digest:
        """What was seen of the same activations on both data.

        Raises:
            ActcliError: they are not the same, or were not looked at in the same way.
        """
        self.check_alike(other)
        pairs = zip(self.summaries, other.summaries, strict=True)
        return self._replace(summaries=[one + two for one, two in pairs])

    def check_alike(self, other: Digest) -> None:
        """Refuse what is of other activations, or was looked at in another way.

        Raises:
            ActcliError: it is.
        """
        ours, theirs = ([place[:2] for place in side.places] for side in (self, other))
        if ours != theirs:
            odd = {*ours} ^ {*theirs}
            said = ", ".join(sorted(f"{activation} after {name}" for name, activation in odd)[:3])
            raise ActcliError(f"only one side has {said}: they are not of the same activations")
        if self.lens[:2] != other.lens[:2]:
            raise ActcliError("the sides were made with different --eps or --units")

    def results(self, reference: Digest | None = None) -> list[Inspection]:
        """What there is to say about each activation that was seen.

        Raises:
            ActcliError: the reference is of other activations.
        """
        if reference is not None:
            if len(self.places) == len(reference.places) == 1:  # dumps go by their files' names
                name = self.places[0].name
                reference = reference._replace(places=[reference.places[0]._replace(name=name)])
            self.check_alike(reference)
        others = [None] * len(self.places) if reference is None else reference.summaries
        return [
            inspection(place, summary, self.lens, other)
            for place, summary, other in zip(self.places, self.summaries, others, strict=True)
            if summary.count
        ]

    def not_seen(self) -> list[Unseen]:
        """What was not seen, and why."""
        pairs = zip(self.places, self.summaries, strict=True)
        return [*self.unseen, *(Unseen(p.name, NEVER) for p, summary in pairs if not summary.count)]


def merged(digests: Iterable[Digest]) -> Digest:
    """What was seen on all data together, of one digest at least."""
    return reduce(Digest.merged_with, digests)
