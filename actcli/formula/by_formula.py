"""Functions of the catalogue by their formulas, for numbers that no kernel takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from actcli.activations.registry import Named
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
    return parse(cls().formula, [p.name for p in cls.parameters()])
