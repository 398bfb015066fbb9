"""The formula that is left of a program once its choices are made, as a tree of tuples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actcli.catalogue.registry import Named
from actcli.expression.jet_algebra import program_of

Tree = Any
"""A tuple of an operation and its arguments; a truth value that is decided is itself."""

_SIGNS: dict[str, tuple[int, ...]] = {
    "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "==": (0,), "!=": (1, -1),
}  # fmt: skip
"""The signs of the difference for which a comparison holds."""


class Arms:
    """The algebra of formulas whose choices are taken from a walk over jets."""

    def __init__(self, choices: Mapping[int, Any]) -> None:
        self._choices, self._calls = choices, 0

    def number(self, value: float) -> Tree:
        """The number that a literal stands for."""
        return ("number", value)

    def constant(self, name: str) -> Tree:
        """`pi` or `e`."""
        return ("constant", name)

    def activation(self, cls: type[Named], x: Tree, params: Mapping[str, Tree]) -> Tree:
        """A function of the catalogue, by its formula."""
        defaults = {p.name: self.number(p.default) for p in cls.parameters()}
        return program_of(cls).walk(self, x, defaults | dict(params))

    def call(self, operation: str, arguments: Sequence[Tree]) -> Tree:
        """One primitive: the argument that it chooses, else a tree."""
        self._calls += 1
        choice = self._choices.get(self._calls)
        if operation in _SIGNS and choice is not None:
            return choice in _SIGNS[operation]
        if operation in _TRUTHS and all(isinstance(a, bool) for a in arguments):
            return _TRUTHS[operation](*arguments)
        if operation == "where" and isinstance(arguments[0], bool):
            return arguments[1] if arguments[0] else arguments[2]
        if operation in _CHOOSING and choice is not None:
            return _CHOOSING[operation](choice, *arguments)
        return (operation, *arguments)


def _modulo(whole: Any, u: Tree, w: Tree) -> Tree:
    return ("-", u, ("*", w, ("number", float(whole))))


_TRUTHS: dict[str, Callable[..., bool]] = {
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": lambda a: not a,
}
_CHOOSING: dict[str, Callable[..., Tree]] = {
    "max": lambda sign, u, w: u if sign >= 0 else w,
    "min": lambda sign, u, w: u if sign <= 0 else w,
    "abs": lambda sign, u: u if sign >= 0 else ("negate", u),
    "sign": lambda sign, u: ("number", float(sign)),
    "floor": lambda whole, u: ("number", float(whole)),
    "%": _modulo,
}
