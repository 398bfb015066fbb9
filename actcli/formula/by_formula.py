"""Functions of the catalogue by their formulas, for numbers that no kernel takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from actcli.activations.registry import Named, Parameter
from actcli.formula.parse import parse
from actcli.formula.program import Algebra, Program, T


class ByFormula:
    """A part of an algebra: a function of the catalogue is what its formula says."""

    def activation(self: Algebra[T], cls: type[Named], x: T, params: Mapping[str, T]) -> T:
        """The formula's result at x; parameters not given have their defaults."""
        defaults = {
            p.name: self.number(p.default) for p in cls.parameters() if p.name not in params
        }
        return program_of(cls).walk(self, x, {**defaults, **params})


@cache
def program_of(cls: type[Named]) -> Program:
    """The program of the class's formula, its parameters left open."""
    program = parse(cls().formula, [p.name for p in cls.parameters()])
    for declared in cls.parameters():
        if declared.exact:
            program = _with_exact(program, declared)
    return program


def _with_exact(program: Program, declared: Parameter) -> Program:
    """The program in which the default of a parameter is the number that it stands for."""
    name = declared.name
    meant = parse(f"where({name} == {declared.default!r}, {declared.exact}, {name})", [name])
    steps, place = [*meant.steps], list[int]()
    for step in program.steps:
        if (step.operation, step.name) == ("parameter", name):
            place.append(len(meant.steps) - 1)
        else:
            steps.append(step.renumbered(place))
            place.append(len(steps) - 1)
    return Program(tuple(steps))
