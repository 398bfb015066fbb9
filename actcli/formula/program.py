"""A formula as a straight-line program, and the one walk over it for every kind of number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

from actcli.activations.registry import Named

T = TypeVar("T")
"""What a program is walked over: numbers, their names, jets."""


class Step(NamedTuple):
    """One operation on the results of earlier steps.

    `operation` is `x`, `number`, `constant`, `parameter`, `activation`, or a key of
    `functions.PRIMITIVES`. The arguments of an `activation` are its x and then its parameters, by
    the names in `keys`.
    """

    operation: str
    arguments: tuple[int, ...] = ()
    number: float = 0.0
    name: str = ""
    activation: type[Named] | None = None
    keys: tuple[str, ...] = ()

    def renumbered(self, place: Mapping[int, int] | Sequence[int]) -> Step:
        """The same step where its arguments have moved."""
        return self._replace(arguments=tuple(place[i] for i in self.arguments))


class Algebra(Protocol[T]):
    """A kind of number that a program can be walked over."""

    def number(self, value: float) -> T:
        """The number that a literal stands for: exactly that double."""

    def constant(self, name: str) -> T:
        """`pi` or `e`."""

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One of `PRIMITIVES` applied to numbers and truth values, whose type is its own affair."""

    def activation(self, cls: type[Named], x: T, params: Mapping[str, T]) -> T:
        """A function of the catalogue; parameters not given have their defaults."""


class Program:
    """The steps of a formula, each common subexpression once; the last step is the result.

    Equal to another of the same steps.
    """

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Program) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash(self.steps)

    @cached_property
    def varying(self) -> tuple[bool, ...]:
        """For each step whether it depends on x."""
        varying: list[bool] = []
        for step in self.steps:
            varying.append(step.operation == "x" or any(varying[i] for i in step.arguments))
        return tuple(varying)

    @cached_property
    def _spent(self) -> tuple[tuple[int, ...], ...]:
        """For each step the earlier results that no later step needs."""
        last = {argument: n for n, step in enumerate(self.steps) for argument in step.arguments}
        spent: list[list[int]] = [[] for _ in self.steps]
        for argument, n in last.items():
            spent[n].append(argument)
        return tuple(map(tuple, spent))

    def walk(self, algebra: Algebra[T], x: T, params: Mapping[str, T] | None = None) -> T:
        """The formula's result at this x, by these parameters."""
        results: list[Any] = []
        for step, spent in zip(self.steps, self._spent, strict=True):
            results.append(_result(step, algebra, results, x, params))
            for i in spent:
                results[i] = None
        result: T = results[-1]
        return result


def pruned(steps: Sequence[Step], result: int) -> Program:
    """The steps that a result needs, in their order."""
    used = {result}
    for i in range(result, -1, -1):
        if i in used:
            used.update(steps[i].arguments)
    place = {old: new for new, old in enumerate(sorted(used))}
    return Program(tuple(steps[old].renumbered(place) for old in sorted(used)))


def _result(
    step: Step, algebra: Algebra[T], results: list[Any], x: T, params: Mapping[str, T] | None
) -> Any:
    if step.arguments and step.activation is None:
        return algebra.call(step.operation, [results[i] for i in step.arguments])
    match step.operation:
        case "x":
            return x
        case "parameter":
            assert params is not None
            return params[step.name]
        case _:
            return perform(step, algebra, [results[i] for i in step.arguments])


def perform(step: Step, algebra: Algebra[Any], arguments: Sequence[Any]) -> Any:
    """The result of a step that is neither x nor a parameter."""
    match step.operation:
        case "number":
            return algebra.number(step.number)
        case "constant":
            return algebra.constant(step.name)
        case "activation":
            assert step.activation is not None
            x, *values = arguments
            return algebra.activation(step.activation, x, dict(zip(step.keys, values, strict=True)))
        case operation:
            return algebra.call(operation, arguments)
