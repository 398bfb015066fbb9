"""Summaries of what goes into the activations of a model, over parts of the user's inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from numpy.typing import NDArray

from actcli.activations.base import Activation
from actcli.errors import ActcliError, UsageError
from actcli.networks.files.interface import check_there
from actcli.networks.files.onnx.model import load
from actcli.networks.inspection.feeds import Feed, wanted_inputs
from actcli.networks.inspection.graph.places import Place, Unseen
from actcli.networks.inspection.graph.sources import Source, Sources
from actcli.networks.inspection.graph.unfusing import unfused
from actcli.networks.inspection.running import Session, groups, is_float, shared, workers
from actcli.networks.inspection.summaries.mean_slope import Slopes, slopes
from actcli.networks.inspection.summaries.regimes import Regimes, regimes
from actcli.networks.inspection.summaries.summary import Summary
from actcli.networks.inspection.summaries.tally import Tally

if TYPE_CHECKING:
    from onnx import ModelProto


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
        self._path, self._lens = path, lens
        self._read(entered=True)
        self.wanted = wanted_inputs(self._model)

    def _read(self, *, entered: bool) -> None:
        path, lens = self._path, self._lens
        self._model = unfused(_inlined(load(path)))
        found = Sources(self._model, path.parent, str(path), entered=entered).found
        sources = [one for one in found if isinstance(one, Source)]
        self._sources = [one for one in sources if fnmatchcase(one.place.name, lens.only or "*")]
        if sources and not self._sources:
            names = ", ".join(dict.fromkeys(one.place.name for one in sources))
            raise UsageError(f"--only {lens.only}: no activation of {path} matches; it has {names}")
        self.unseen = [one for one in found if isinstance(one, Unseen)]
        self._known: dict[tuple[int, int], list[tuple[list[int], Session]]] = {}

    @property
    def places(self) -> list[Place]:
        """The activations that are looked at."""
        return [source.place for source in self._sources]

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
        sessions, size = self._prepared(feed, batch), feed.batch(batch)
        tallies = [Tally(*looked_through(place.activation, self._lens)) for place in self.places]
        for numbers, session in sessions:
            looked_at = [(self._sources[number], tallies[number]) for number in numbers]
            batches = feed.batches(size, start, stop)
            look = partial(_look, looked_at, advance)
            shared(batches, session.run, look, workers(feed.count, size))
        return [tally.summary() for tally in tallies]

    def prepare(self, feed: Feed, batch: int) -> None:
        """Load the model so that it puts out what is looked at, in batches of such inputs.

        Subgraphs are left alone where onnxruntime cannot put out what is in them.

        Raises:
            ActcliError: the model does not run on the inputs.
        """
        self._prepared(feed, batch)

    def _prepared(self, feed: Feed, batch: int) -> list[tuple[list[int], Session]]:
        batch = feed.batch(batch)
        key = batch, workers(feed.count, batch)
        if key not in self._known:
            try:
                self._known[key] = [*self._sessions(feed, *key)]
            except ActcliError:
                if not any(source.levels for source in self._sources):
                    raise
                self._read(entered=False)
                self._known[key] = [*self._sessions(feed, *key)]
        return self._known[key]

    def _sessions(
        self, feed: Feed, batch: int, together: int
    ) -> Iterator[tuple[list[int], Session]]:
        """Sessions for all sources of floats, as many together as memory allows.

        How much room a value takes shows on one input, or on a batch where the model needs that.
        """
        if not self._sources:
            return
        session = self._session(range(len(self._sources)), together)
        one = feed.batch(1)
        try:
            values = session.run(next(feed.batches(one)))
        except ActcliError:
            one = batch
            values = session.run(next(feed.batches(one)))
        sizes = {
            number: sum(-(-values[name].nbytes // one) for name in source.fetched)
            for number, source in enumerate(self._sources)
            if source.gates or is_float(values[source.value])
        }
        found = groups(sizes, batch)
        for numbers in found:
            yield numbers, session if len(found) == 1 else self._session(numbers, together)

    def _session(self, numbers: Iterable[int], together: int) -> Session:
        names = [name for number in numbers for name in self._sources[number].fetched]
        return Session(self._model, self._path.parent, names, together)


def _look(
    looked_at: Sequence[tuple[Source, Tally]],
    advance: Callable[[], None],
    values: dict[str, NDArray[Any]],
) -> None:
    """Count what goes into each activation among the values of a batch."""
    for gates in dict.fromkeys(source.gates for source, _ in looked_at if source.gates):
        values.update(gates.values(values))
    for source, tally in looked_at:
        tally.add(source.of(values))
    advance()


def _inlined(model: ModelProto) -> ModelProto:
    """The model with its own functions written out where they are called."""
    from onnx.inliner import inline_local_functions

    return inline_local_functions(model) if model.functions else model


def looked_through(activation: Activation, lens: Lens) -> tuple[Regimes, Slopes, int | None]:
    """What a tally of an activation needs."""
    found = regimes(activation, lens.eps)
    return found, slopes(found), lens.units


def watch(path: Path, lens: Lens) -> Watch:
    """The model of that file, read once in a process as long as the file stays the same.

    Raises:
        ActcliError: there is no such file.
    """
    check_there(path)
    stat = path.stat()
    return _watch(path, path.resolve(), stat.st_mtime_ns, stat.st_size, lens)


@lru_cache(maxsize=4)
def _watch(path: Path, place: Path, changed: int, size: int, lens: Lens) -> Watch:
    return Watch(path, lens)
