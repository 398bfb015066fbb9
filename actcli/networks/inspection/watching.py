"""Summaries of what goes into the activations of a model, over parts of the user's inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from actcli.activations.base import Activation
from actcli.errors import ActcliError, UsageError, quoted
from actcli.networks.files.onnx.constants import Constants
from actcli.networks.files.onnx.model import load
from actcli.networks.files.onnx.place import known_values
from actcli.networks.inspection.cones import Cones
from actcli.networks.inspection.feeds import Feed, wanted_inputs
from actcli.networks.inspection.mean_slope import Slopes, slopes
from actcli.networks.inspection.places import Place, Unseen, places_of, why_unseen
from actcli.networks.inspection.regimes import Regimes, regimes
from actcli.networks.inspection.running import Session, groups, is_float
from actcli.networks.inspection.summary import Summary
from actcli.networks.inspection.tally import Tally


class Lens(NamedTuple):
    """How values are looked at."""

    eps: float = 1e-3
    """The threshold of saturation."""
    units: int | None = None
    """The axis of the units; None for the usual one."""
    only: str | None = None
    """A pattern that the names of the places match, as a shell's."""


class Watch:
    """A model and its activations."""

    def __init__(self, path: Path, lens: Lens) -> None:
        """Find the activations.

        Raises:
            ActcliError: the model cannot be loaded.
            UsageError: no activation has a name that matches.
        """
        self._folder, self._lens = path.parent, lens
        self._model = load(path)
        cones = Cones(self._model.graph, Constants(self._model, path.parent, str(path)))
        found = [*places_of(cones, known_values(self._model))]
        places = [one for one in found if isinstance(one, Place)]
        self.places = [one for one in places if fnmatchcase(one.name, lens.only or "*")]
        if places and not self.places:
            names = ", ".join(dict.fromkeys(one.name for one in places))
            raise UsageError(f"--only {lens.only}: no activation of {path} matches; it has {names}")
        self.unseen = [one for one in found if isinstance(one, Unseen)]
        for node in self._model.graph.node:
            if node.output and node.output[0] not in cones.terms and (why := why_unseen(node)):
                self.unseen.append(Unseen(node.name or node.output[0], why))
        self.wanted = wanted_inputs(self._model)
        self._known: dict[int, list[tuple[list[str], Session]]] = {}

    def summaries(
        self,
        feed: Feed,
        batch: int,
        start: int = 0,
        stop: int | None = None,
        advance: Callable[[], None] = lambda: None,
    ) -> list[Summary]:
        """What goes into each activation, on the inputs from `start` to `stop`.

        Raises:
            ActcliError: the model does not run on them.
        """
        tallies = [Tally(*looked_through(place.activation, self._lens)) for place in self.places]
        batch = feed.batch(batch)
        if batch not in self._known:
            self._known[batch] = [*self._sessions(feed, batch)]
        for names, session in self._known[batch]:
            for given in feed.batches(batch, start, stop):
                values = session.run(given)
                for place, tally in zip(self.places, tallies, strict=True):
                    if place.name in names:
                        tally.add(values[place.name])
                advance()
        return [tally.summary() for tally in tallies]

    def _sessions(self, feed: Feed, batch: int) -> Iterator[tuple[list[str], Session]]:
        """Sessions that put out all floats that are looked at, as many together as memory allows.

        How much room a value takes shows on one input, or on a batch where the model needs that.
        """
        names = [*dict.fromkeys(place.name for place in self.places)]
        session = Session(self._model, self._folder, names)
        one = feed.batch(1)
        try:
            values = session.run(next(feed.batches(one)))
        except ActcliError:
            one = batch
            values = session.run(next(feed.batches(one)))
        sizes = {name: -(-value.nbytes // one) for name, value in values.items() if is_float(value)}
        found = groups(sizes, batch)
        for group in found:
            yield group, session if len(found) == 1 else Session(self._model, self._folder, group)


def looked_through(activation: Activation, lens: Lens) -> tuple[Regimes, Slopes, int | None]:
    """What a tally of an activation needs."""
    found = regimes(activation, lens.eps)
    return found, slopes(found), lens.units


def watch(path: Path, lens: Lens) -> Watch:
    """The model of that file, read once in a process as long as the file stays the same.

    Raises:
        UsageError: there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {quoted(str(path), 100)}")
    stat = path.stat()
    return _watch(path, path.resolve(), stat.st_mtime_ns, stat.st_size, lens)


@lru_cache(maxsize=4)
def _watch(path: Path, place: Path, changed: int, size: int, lens: Lens) -> Watch:
    return Watch(path, lens)
