"""Linear layers made of others: one after the other, and side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any, Self

import numpy as np

from actcli.networks.layers.base import Linear, Weights, through
from actcli.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Composed(Linear):
    """A linear layer made of others, its `members`."""

    members: tuple[Linear, ...]
    is_written_out = False

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """The shape of what comes in."""
        return self.members[0].shape

    @property
    def kept(self) -> tuple[Weights, ...]:
        return tuple(weights for member in self.members for weights in member.kept)

    @property
    def types(self) -> set[np.dtype[Any]]:
        own = {self.kind} if self.kind else set()
        return own.union(*(member.types for member in self.members))

    def on_last_axis(self) -> Self | None:
        rows = [member.on_last_axis() for member in self.members]
        return None if None in rows else replace(self, members=tuple(filter(None, rows)))

    def rounded(self, kind: np.dtype[Any]) -> Self:
        return replace(self, members=self._each(lambda member: member.rounded(kind)))

    def _each(self, change: Callable[[Linear], Linear]) -> tuple[Linear, ...]:
        return tuple(change(member) for member in self.members)


@dataclass(frozen=True, eq=False)
class Chain(Composed):
    """Layers one after the other, at least one."""

    name: str = "chain"

    @property
    def label(self) -> str:
        return self.name

    @property
    def mixes(self) -> bool:  # type: ignore[override]
        return any(member.mixes for member in self.members)

    @property
    def output_shape(self) -> tuple[int, ...]:
        return self.members[-1].output_shape

    @property
    def multiply_adds(self) -> int:
        return sum(member.multiply_adds for member in self.members)

    @property
    def arithmetic(self) -> int:
        return sum(member.arithmetic for member in self.members)

    @property
    def terms(self) -> int:
        return sum(member.terms for member in self.members)

    @property
    def largest(self) -> float:
        reach = [member.largest * max(member.terms, 1) for member in self.members]
        return float(np.prod(reach))

    @cached_property
    def constant(self) -> Array | None:
        """What is added, of a shape that broadcasts against a batch of outputs."""
        if all(member.constant is None for member in self.members):
            return None
        still: Array = through(self.members, np.zeros((1, *self.shape)))[0]
        return still

    def linear(self, x: Array) -> Array:
        return reduce(lambda h, member: member.linear(h), self.members, x)

    def transposed(self, y: Array) -> Array:
        return reduce(lambda h, member: member.transposed(h), reversed(self.members), y)

    def matrix(self) -> Array:
        first, *rest = self.members
        product = first.matrix()
        for member in rest:
            columns = product.T.reshape(-1, *member.shape)
            product = member.linear(columns).reshape(len(columns), member.size_out).T
        return product

    def magnitude(self) -> Chain:
        return replace(self, members=self._each(lambda member: member.magnitude()))


@dataclass(frozen=True, eq=False)
class Sum(Composed):
    """Layers that take the same value, at least two, and whose outputs are added or subtracted."""

    signs: tuple[int, ...]
    """1 or -1 for each."""
    name: str = "sum"
    kind: np.dtype[Any] | None = None

    @property
    def label(self) -> str:
        return self.name

    @property
    def output_shape(self) -> tuple[int, ...]:
        return self.members[0].output_shape

    @property
    def multiply_adds(self) -> int:
        adding = (len(self.members) - 1) * self.size_out
        return adding + sum(member.multiply_adds for member in self.members)

    @property
    def arithmetic(self) -> int:
        return 1 + sum(member.arithmetic for member in self.members)

    @property
    def terms(self) -> int:
        return len(self.members) + max(member.terms for member in self.members)

    @property
    def largest(self) -> float:
        return sum(member.largest for member in self.members)

    @cached_property
    def constant(self) -> Array | None:
        """What is added, of a shape that broadcasts against a batch of outputs."""
        constants = [member.constant for member in self.members]
        if all(constant is None for constant in constants):
            return None
        zero = np.zeros((1, *self.shape))
        still: Array = self._added(lambda member: member(zero))[0]
        return still

    def linear(self, x: Array) -> Array:
        return self._added(lambda member: member.linear(x))

    def transposed(self, y: Array) -> Array:
        return self._added(lambda member: member.transposed(y))

    def matrix(self) -> Array:
        return self._added(lambda member: member.matrix())

    def magnitude(self) -> Sum:
        members = self._each(lambda member: member.magnitude())
        return replace(self, members=members, signs=(1,) * len(members))

    def _added(self, make: Callable[[Linear], Array]) -> Array:
        """What is made of the members, one after the other, with their signs."""
        total: Array | None = None
        for member, sign in zip(self.members, self.signs, strict=True):
            if total is None:
                total = sign * make(member)  # a copy: it may be the member's own weights
            elif sign > 0:
                total += make(member)
            else:
                total -= make(member)
        assert total is not None
        return total


def in_a_row(layers: Sequence[Linear]) -> list[Linear]:
    """The layers with the members of chains in their place."""
    row: list[Linear] = []
    for layer in layers:
        row += in_a_row(layer.members) if isinstance(layer, Chain) else [layer]
    return row
