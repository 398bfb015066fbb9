"""The formulas that are left of a program once its choices are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actcli.formula.by_formula import ByFormula
from actcli.formula.jets.jet_signs import Choice
from actcli.formula.primitives import COMPARISONS

LEAVES = ("x", "number", "constant", "parameter", "truth")


_LARGE = 2**500


class Terms:
    """Formulas by number: each an operation and the numbers of its arguments, and no two alike."""

    def __init__(self) -> None:
        self.terms: list[tuple[Any, ...]] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def term(self, *term: Any) -> int:
        """The number of a term."""
        if term not in self._places:
            self._places[term] = len(self.terms)
            self.terms.append(term)
        return self._places[term]

    def replaced(self, term: int, old: int, new: int) -> int:
        """The formula with another in the place of one that is part of it."""
        if term == old:
            return new
        operation, *rest = self.terms[term]
        if operation in LEAVES:
            return term
        return self.term(operation, *(self.replaced(part, old, new) for part in rest))


class Arms(ByFormula):
    """The algebra of formulas whose choices are taken from a walk over jets."""

    def __init__(self, terms: Terms, choices: Mapping[int, Choice]) -> None:
        self._terms, self._choices, self._calls = terms, choices, 0
        self.compared: dict[int, tuple[int, int]] = {}
        """What each comparison is of, by its choice; of a floor, what it is of and itself."""

    def number(self, value: float) -> int:
        """The number that a literal stands for."""
        return self._terms.term("number", value)

    def constant(self, name: str) -> int:
        """`pi` or `e`."""
        return self._terms.term("constant", name)

    def call(self, operation: str, arguments: Sequence[int]) -> int:
        """One primitive: the argument that it chooses, else a term."""
        self._calls += 1
        choice = self._choices.get(self._calls)
        if operation in COMPARISONS and choice is not None:
            self.compared[self._calls] = arguments[0], arguments[1]
            return self._truth(choice in COMPARISONS[operation])
        if operation in _TRUTHS and None not in (truths := list(map(self._decided, arguments))):
            return self._truth(_TRUTHS[operation](*truths))
        if operation == "where" and (holds := self._decided(arguments[0])) is not None:
            return arguments[1] if holds else arguments[2]
        if choice is not None:
            if operation in ("floor", "%"):
                steps = arguments[0] if operation == "floor" else self._terms.term("/", *arguments)
                self.compared[self._calls] = steps, self._whole(integer(choice))
            return self._chosen(operation, choice, *arguments)
        return self._terms.term(operation, *arguments)

    def _whole(self, number: int) -> int:
        """A whole number; of more digits than a double has, as a sum, or by a power of 2."""
        if abs(number) >= _LARGE**2:
            high, number = divmod(number, _LARGE)
            multiple = self._terms.term("*", self._whole(high), self.number(float(_LARGE)))
            return self._terms.term("+", multiple, self._whole(number))
        rest = number - int(float(number))
        nearest = self.number(float(number))
        return nearest if not rest else self._terms.term("+", nearest, self._whole(rest))

    def _truth(self, value: bool) -> int:
        return self._terms.term("truth", value)

    def _decided(self, term: int) -> bool | None:
        operation, *rest = self._terms.terms[term]
        return rest[0] if operation == "truth" else None

    def _chosen(self, operation: str, choice: Any, u: int, w: int = 0) -> int:
        match operation:
            case "max":
                return u if choice >= 0 else w
            case "min":
                return u if choice <= 0 else w
            case "abs":
                return u if choice >= 0 else self._terms.term("negate", u)
            case "%":
                steps = self._terms.term("*", w, self._whole(integer(choice)))
                return self._terms.term("-", u, steps)
            case _:  # sign and floor
                return self._whole(integer(choice))


_TRUTHS: dict[str, Callable[..., bool]] = {
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": lambda a: not a,
}


def integer(choice: Any) -> int:
    """A choice: a sign, or the whole number of a floor."""
    return choice if isinstance(choice, int) else int(choice.fmpz())


def chosen(choice: Choice) -> int | None:
    """A choice as a number; None where it is not made."""
    return None if choice is None else integer(choice)
