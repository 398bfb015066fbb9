"""What the activations of a model, or dumped values, do on data: the plan, and carrying it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from actcli.activations.base import Activation
from actcli.errors import UsageError
from actcli.networks.inspection.arrays import BUFFER, arrays_of, check_floats, rows_of
from actcli.networks.inspection.digest import Digest
from actcli.networks.inspection.feeds import Feed
from actcli.networks.inspection.graph.naming import known_names
from actcli.networks.inspection.graph.places import Place, Unseen
from actcli.networks.inspection.summaries.summary import Summary
from actcli.networks.inspection.summaries.tally import unit_axis
from actcli.networks.inspection.tasks import DumpTask, ModelTask, Task, carried_out
from actcli.networks.inspection.watching import Lens, watch

PARTS = 64
"""Tasks that the inputs in a file are divided into for an executor."""

DUMPED = 1 << 26
"""Bytes of a dump that are a task for an executor."""


class Plan(NamedTuple):
    """Activations and the tasks in which the data is looked at."""

    lens: Lens
    places: Sequence[Place]
    unseen: Sequence[Unseen]
    tasks: Sequence[Task]
    steps: int
    """How often carrying it out advances, in this process."""

    def carried_out(
        self, executor: Executor | None = None, advance: Callable[[], None] = lambda: None
    ) -> Digest:
        """What was seen; with an executor it advances after every task."""
        whole: dict[int, Summary] = {}
        for seen in carried_out(self.tasks, executor, advance):
            for number, summary in seen.items():
                whole[number] = whole[number] + summary if number in whole else summary
        return Digest(self.lens, self.places, [whole[n] for n in sorted(whole)], self.unseen)


def plan_for_model(
    model: Path, inputs: Sequence[Path], lens: Lens, batch: int = 32, *, divided: bool = False
) -> Plan:
    """A plan for an ONNX model on the inputs in some files.

    Args:
        model: the file.
        inputs: npy, npz or safetensors files.
        lens: how the values are looked at.
        batch: how many inputs go in at once, unless the model says so.
        divided: whether every file is cut into several tasks.

    Raises:
        ActcliError: the model or an input cannot be read, or do not go together.
    """
    model_place = _place(model, divided)
    seen = watch(model_place, lens)
    tasks, steps = [], 0
    for path in inputs:
        feed = Feed(path, seen.wanted)
        seen.prepare(feed, batch)
        size = feed.batch(batch)
        steps += -(-feed.count // size)
        length = size * -(-feed.count // (size * PARTS)) if divided else feed.count
        tasks += [
            ModelTask(
                model_place,
                lens,
                _place(path, divided),
                batch=batch,
                start=start,
                stop=stop,
                names=known_names(),
            )
            for start, stop in _parts(feed.count, length)
        ]
    return Plan(lens, seen.places, seen.unseen, tasks, steps)


def plan_for_dumps(
    files: Sequence[Path], activation: Activation, lens: Lens, *, divided: bool = False
) -> Plan:
    """A plan for the arrays in some files, taken for values that go into an activation.

    Arrays of one name in several files are parts of one place.

    Raises:
        ActcliError: a file is damaged, or an array holds no floats, or is empty.
        UsageError: no array has a name that matches, or one lacks the axis of the units.
    """
    numbers: dict[str, int] = {}
    tasks, steps, names = [], 0, []
    for path in files:
        for name, array in arrays_of(path).items():
            names.append(name)
            if not fnmatchcase(name, lens.only or "*"):
                continue
            check_floats(f"{path}: {name}", array)
            unit_axis(array.ndim, lens.units)
            rows = rows_of(array)
            row = max(1, array.nbytes // rows)
            steps += -(-rows // max(1, BUFFER // row))
            place = numbers.setdefault(name, len(numbers))
            tasks += [
                DumpTask(
                    str(activation),
                    lens,
                    _place(path, divided),
                    name=name,
                    place=place,
                    start=start,
                    stop=stop,
                )
                for start, stop in _parts(rows, max(1, DUMPED // row) if divided else rows)
            ]
    if not numbers:
        raise UsageError(f"--only {lens.only}: no array matches; there is {', '.join(names)}")
    return Plan(lens, [Place(name, activation) for name in numbers], [], tasks, steps)


def _place(path: Path, divided: bool) -> Path:
    """Where a task finds a file: another process may stand in another folder."""
    return path.resolve() if divided else path


def _parts(count: int, length: int) -> Iterator[tuple[int, int]]:
    """Where parts of a length begin and end."""
    return ((first, min(first + length, count)) for first in range(0, count, length))
