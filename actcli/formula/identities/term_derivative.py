"""The derivative of a formula without choices, as another formula."""

from __future__ import annotations

from collections.abc import Callable

from actcli.formula.identities.arms import Terms
from actcli.formula.identities.normal_form import NoFormError


class Calculus:
    """Formulas built from formulas, by the rules of differentiation."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._known: dict[int, int] = {}
        self.zero, self.one, self.two = (terms.term("number", float(n)) for n in range(3))

    def call(self, operation: str, *arguments: int) -> int:
        """The formula of an operation."""
        return self._terms.term(operation, *arguments)

    def times(self, u: int, w: int) -> int:
        """The product, where 0 and 1 go."""
        if self.zero in (u, w):
            return self.zero
        return w if u == self.one else u if w == self.one else self.call("*", u, w)

    def over(self, u: int, w: int) -> int:
        """The quotient."""
        return self.zero if u == self.zero else self.call("/", u, w)

    def square(self, u: int) -> int:
        """The square."""
        return self.call("*", u, u)

    def gauss(self, u: int) -> int:
        """exp(-u**2)/sqrt(pi)."""
        bell = self.call("exp", self.call("negate", self.square(u)))
        return self.over(bell, self.call("sqrt", self._terms.term("constant", "pi")))

    def derivative(self, place: int) -> int:
        """The derivative of a formula.

        Raises:
            NoFormError: a choice is left in it.
        """
        if place not in self._known:
            self._known[place] = self._derivative(place)
        return self._known[place]

    def _derivative(self, place: int) -> int:
        operation, *arguments = self._terms.terms[place]
        if operation == "x":
            return self.one
        if operation in ("number", "constant", "parameter"):
            return self.zero
        rates = [self.derivative(argument) for argument in arguments]
        if operation in ("+", "-", "negate"):
            return self.call(operation, *rates)
        if len(arguments) == 2:
            return self._of_two(operation, place, *arguments, *rates)
        if operation not in _SLOPES:
            raise NoFormError
        if rates[0] == self.zero:
            return self.zero
        return self.times(_SLOPES[operation](self, arguments[0], place), rates[0])

    def _of_two(self, operation: str, y: int, u: int, w: int, du: int, dw: int) -> int:
        match operation:
            case "*":
                return self.call("+", self.times(du, w), self.times(u, dw))
            case "/":
                return self.over(self.call("-", du, self.times(y, dw)), w)
            case "**" if dw == self.zero:
                power = self.call("**", u, self.call("-", w, self.one))
                return self.times(self.times(w, power), du)
            case "**":
                by_exponent = self.times(dw, self.call("log", u))
                by_base = self.times(w, self.over(du, u))
                return self.times(y, self.call("+", by_exponent, by_base))
            case _:
                raise NoFormError


_SLOPES: dict[str, Callable[[Calculus, int, int], int]] = {
    "sqrt": lambda c, u, y: c.over(c.one, c.call("*", c.two, y)),
    "exp": lambda c, u, y: y,
    "expm1": lambda c, u, y: c.call("exp", u),
    "log": lambda c, u, y: c.over(c.one, u),
    "log1p": lambda c, u, y: c.over(c.one, c.call("+", c.one, u)),
    "sin": lambda c, u, y: c.call("cos", u),
    "cos": lambda c, u, y: c.call("negate", c.call("sin", u)),
    "tan": lambda c, u, y: c.call("+", c.one, c.square(y)),
    "sinh": lambda c, u, y: c.call("cosh", u),
    "cosh": lambda c, u, y: c.call("sinh", u),
    "tanh": lambda c, u, y: c.call("-", c.one, c.square(y)),
    "sigmoid": lambda c, u, y: c.call("*", y, c.call("-", c.one, y)),
    "softplus": lambda c, u, y: c.call("sigmoid", u),
    "atan": lambda c, u, y: c.over(c.one, c.call("+", c.one, c.square(u))),
    "asinh": lambda c, u, y: c.over(c.one, c.call("sqrt", c.call("+", c.one, c.square(u)))),
    "erf": lambda c, u, y: c.call("*", c.two, c.gauss(u)),
    "erfc": lambda c, u, y: c.call("negate", c.call("*", c.two, c.gauss(u))),
}
"""The slope of a function y of u."""
