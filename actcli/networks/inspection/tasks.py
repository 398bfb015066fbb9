"""Parts of the data as tasks, which this process or any executor carries out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from pathlib import Path
from typing import NamedTuple, Protocol

from actcli.find import find
from actcli.networks.inspection.arrays import arrays_of, pieces
from actcli.networks.inspection.feeds import Feed
from actcli.networks.inspection.graph.naming import Names, take_over
from actcli.networks.inspection.summaries.summary import Summary
from actcli.networks.inspection.summaries.tally import Tally
from actcli.networks.inspection.watching import Lens, looked_through, watch

Advance = Callable[[], None]


class Task(Protocol):
    """A part of the data, described so that another process can look at it."""

    def run(self, advance: Advance) -> Mapping[int, Summary]:
        """What is seen there, by the numbers of the places."""


class ModelTask(NamedTuple):
    """A model on some of the inputs in a file."""

    model: Path
    lens: Lens
    inputs: Path
    batch: int
    start: int
    stop: int
    names: Names
    """What the formulas in the model are called."""

    def run(self, advance: Advance) -> Mapping[int, Summary]:
        """What goes into each activation."""
        take_over(self.names)
        seen = watch(self.model, self.lens)
        feed = Feed(self.inputs, seen.wanted)
        return dict(enumerate(seen.summaries(feed, self.batch, self.start, self.stop, advance)))


class DumpTask(NamedTuple):
    """A part of a dumped array, along its first axis."""

    activation: str
    lens: Lens
    file: Path
    name: str
    place: int
    """The number of the place that it is of."""
    start: int
    stop: int

    def run(self, advance: Advance) -> Mapping[int, Summary]:
        """What is in it."""
        tally = Tally(*looked_through(find(self.activation), self.lens))
        for first, piece in pieces(arrays_of(self.file)[self.name], self.start, self.stop):
            tally.add(piece, first)
            advance()
        return {self.place: tally.summary()}


def carried_out(
    tasks: Sequence[Task], executor: Executor | None, advance: Advance
) -> Iterator[Mapping[int, Summary]]:
    """What the tasks see, in any order.

    Without an executor they are carried out here, and `advance` is called after every batch or
    piece; else after every task.
    """
    if executor is None:
        for task in tasks:
            yield task.run(advance)
        return
    for future in as_completed([executor.submit(_run, task) for task in tasks]):
        yield future.result()
        advance()


def _run(task: Task) -> Mapping[int, Summary]:
    return task.run(lambda: None)
