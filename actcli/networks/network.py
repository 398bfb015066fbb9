"""A network as collapse sees it: layers one after the other, and the linear runs among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from actcli.networks.layers import Layer, Linear, Shape
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Opaque(Layer):
    """What stands between layers and is not understood: nothing is folded across it."""

    shape: Shape
    name: str

    @property
    def label(self) -> str:
        return self.name

    def __call__(self, x: Array) -> Array:
        raise NotImplementedError(self.name)


@dataclass(frozen=True)
class Run:
    """Linear layers with nothing between them that is not linear."""

    layers: tuple[Linear, ...]
    numbers: tuple[int, ...]
    """Which layers of the network they are, counted from 1."""


@dataclass(frozen=True)
class Barrier:
    """What ends a run or cannot be folded, and why."""

    name: str
    """What it is."""
    why: str
    """Why it cannot be folded."""
    after: int | None = None
    """The layer after which it stands, 0 before all; None where its place is not known."""
    layers: Sequence[int] = ()
    """The layers that it is about, where they are linear themselves."""
    activation: str | None = None
    """The catalogue's name of what it computes."""


@dataclass(frozen=True)
class Network:
    """The layers of a stack or a file.

    `is_path` says that each layer takes what the one before it gives, and nothing else happens:
    only then can the network be run here.
    """

    source: str
    layers: tuple[Layer, ...]
    runs: tuple[Run, ...]
    is_path: bool = True
    barriers: tuple[Barrier, ...] = ()
    notes: tuple[str, ...] = ()


def path(
    source: str,
    layers: Sequence[Layer],
    barriers: tuple[Barrier, ...] = (),
    notes: tuple[str, ...] = (),
) -> Network:
    """The network of layers one after the other."""
    runs = []
    for linear, group in groupby(enumerate(layers, start=1), lambda n: isinstance(n[1], Linear)):
        if linear:
            numbers, members = zip(*group, strict=True)
            runs.append(Run(members, numbers))
    known = not any(isinstance(layer, Opaque) for layer in layers)
    return Network(
        source=source,
        layers=tuple(layers),
        runs=tuple(runs),
        is_path=known,
        barriers=barriers,
        notes=notes,
    )


def span(numbers: Sequence[int]) -> str:
    """Numbers in a row as 1-3, others one by one."""
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}-{numbers[-1]}"
    return ", ".join(map(str, numbers))
