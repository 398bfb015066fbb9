"""A formula as a straight-line program, and the one walk over it for every kind of number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from actcli.catalogue.registry import Named
from actcli.expression.functions import PIECEWISE_LINEAR


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on the results of earlier steps.

    `operation` is `x`, `number`, `constant`, `parameter`, `activation`, or a key of
    `functions.PRIMITIVES`. The arguments of an `activation` are its x and then its parameters, whose
    names are `keys`.
    """

    operation: str
    arguments: tuple[int, ...] = ()
    number: float = 0.0
    name: str = ""
    activation: type[Named] | None = None
    keys: tuple[str, ...] = ()

    def renumbered(self, place: Mapping[int, int]) -> Step:
        """The same step where its arguments have moved."""
        return replace(self, arguments=tuple(place[i] for i in self.arguments))


class Algebra(Protocol):
    """A kind of number that a program can be walked over."""

    def number(self, value: float) -> Any:
        """The number that a literal stands for: exactly that double."""

    def constant(self, name: str) -> Any:
        """`pi` or `e`."""

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One of `functions.PRIMITIVES` applied to numbers (and truth values)."""

    def activation(self, cls: type[Named], x: Any, params: Mapping[str, Any]) -> Any:
        """A function of the catalogue; parameters not given have their defaults."""


@dataclass(frozen=True)
class Program:
    """The steps of a formula, each common subexpression once; the last step is the result."""

    steps: tuple[Step, ...]

    @cached_property
    def varying(self) -> tuple[bool, ...]:
        """For each step whether it depends on x."""
        varying: list[bool] = []
        for step in self.steps:
            varying.append(step.operation == "x" or any(varying[i] for i in step.arguments))
        return tuple(varying)

    @cached_property
    def is_piecewise_linear(self) -> bool:
        """Whether nothing in it can overflow or underflow on the way to an ordinary result."""
        return all(self._is_piecewise_linear(step) for step in self.steps)

    def _is_piecewise_linear(self, step: Step) -> bool:
        if step.operation == "*":
            return sum(self.varying[i] for i in step.arguments) < 2
        if step.operation == "/":
            return not self.varying[step.arguments[1]]
        return step.operation in PIECEWISE_LINEAR or not any(self.varying[i] for i in step.arguments)

    def walk(self, algebra: Algebra, x: Any, params: Mapping[str, Any] | None = None) -> list[Any]:
        """The result of every step at this x, by these parameters."""
        results: list[Any] = []
        for step in self.steps:
            match step.operation:
                case "x":
                    results.append(x)
                case "parameter":
                    results.append((params or {})[step.name])
                case _:
                    results.append(perform(step, algebra, [results[i] for i in step.arguments]))
        return results


def perform(step: Step, algebra: Algebra, arguments: Sequence[Any]) -> Any:
    """The result of a step that is neither x nor a parameter."""
    match step.operation:
        case "number":
            return algebra.number(step.number)
        case "constant":
            return algebra.constant(step.name)
        case "activation":
            assert step.activation is not None
            x, *values = arguments
            return algebra.activation(
                step.activation, x, dict(zip(step.keys, values, strict=True))
            )
        case operation:
            return algebra.call(operation, arguments)
