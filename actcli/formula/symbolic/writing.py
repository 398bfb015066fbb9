"""A formula as text of the formula language, which reads it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from actcli.formula.primitives import COMPARISONS
from actcli.formula.scan import MAX_LENGTH
from actcli.formula.symbolic.term import Term, powers

SUM, PRODUCT, POWER, ATOM = range(4)
"""How tightly a text holds together."""

Text = tuple[str, int]


def written(one: Term) -> str:
    """The formula as text.

    Raises:
        OverflowError: it is longer than a formula may be, or a number in it is too large.
    """
    return _Writer().text(one)[0]


class _Writer:
    def __init__(self) -> None:
        self._known: dict[Term, Text] = {}

    def text(self, one: Term) -> Text:
        """A term and how tightly its text holds together."""
        if one not in self._known:
            self._known[one] = self._text(one)
            if len(self._known[one][0]) > MAX_LENGTH:
                raise OverflowError
        return self._known[one]

    def at_least(self, level: int, one: Term) -> str:
        """A term, in brackets where it holds together less tightly than that."""
        text, own = self.text(one)
        return text if own >= level else f"({text})"

    def _text(self, one: Term) -> Text:
        match one.operation:
            case "x" | "true" | "false":
                return one.operation, ATOM
            case "rational":
                return self._product(one.parts[0], {})
            case "number":
                return _decimal(one.parts[0])
            case "constant" | "parameter":
                return one.parts[0], ATOM
            case "sum":
                return self._sum(one.parts)
            case "product":
                return self._product(*powers(one))
            case "**":
                base, exponent = (self.at_least(ATOM, part) for part in one.parts)
                return f"{base}**{exponent}", POWER
            case "%":
                u, w = (self.at_least(ATOM, part) for part in one.parts)
                return f"{u} % {w}", SUM  # -u % w would be (-u) % w
            case "and" | "or" | "not":
                return self._condition(one), SUM
            case operation if operation in COMPARISONS:
                u, w = (self.at_least(SUM, part) for part in one.parts)
                return f"{u} {operation} {w}", SUM
            case "activation":
                cls, keys, x, *params = one.parts
                given = [f"{k}={self.text(v)[0]}" for k, v in zip(keys, params, strict=True)]
                return f"{cls.name}({', '.join([self.text(x)[0], *given])})", ATOM
            case operation:
                return f"{operation}({', '.join(self.text(part)[0] for part in one.parts)})", ATOM

    def _condition(self, one: Term) -> str:
        if one.operation == "and":
            low, high = sorted(one.parts, key=lambda part: not part.operation.startswith(">"))
            is_band = low.operation in (">", ">=") and high.operation in ("<", "<=")
            if is_band and low.parts[0] == high.parts[0]:
                ends = low.parts[1], low.parts[0], high.parts[1]
                bottom, middle, top = (self.at_least(SUM, part) for part in ends)
                sign = low.operation.replace(">", "<")
                return f"{bottom} {sign} {middle} {high.operation} {top}"
        parts = [self.text(part)[0] for part in one.parts]
        if one.operation == "not":
            return f"not ({parts[0]})"
        return f" {one.operation} ".join(
            f"({text})" if part.operation in ("and", "or", "not") else text
            for part, text in zip(one.parts, parts, strict=True)
        )

    def _sum(self, parts: Sequence[tuple[Term, Fraction]]) -> Text:
        """The parts in their order, but for one that is added first."""
        first = next((pair for pair in parts if pair[1] > 0), parts[0])
        text = ""
        for one, c in (first, *(pair for pair in parts if pair is not first)):
            factors = powers(one)[1] if one.rational is None else {}
            word = _bracketed(self._product(abs(c), factors), PRODUCT)
            if text:
                text += f" - {word}" if c < 0 else f" + {word}"
            else:
                text = f"-{word}" if c < 0 else word
        return text, SUM

    def _product(self, coefficient: Fraction, factors: Mapping[Term, Fraction]) -> Text:
        if coefficient < 0:
            return f"-{_bracketed(self._product(-coefficient, factors), PRODUCT)}", SUM
        coefficient, factors = _literal_times(coefficient, factors)
        above, below = _ratio(coefficient, bool(factors))
        for one, exponent in sorted(factors.items(), key=_rank):
            (above if exponent > 0 else below).append(self._power(one, abs(exponent)))
        if not below and len(above) == 1:
            return above[0]
        numerator = "*".join(_bracketed(part, POWER) for part in above) or "1"
        if not below:
            return numerator, PRODUCT
        divisor = "*".join(_bracketed(part, POWER) for part in below)
        return f"{numerator}/({divisor})" if below[1:] else f"{numerator}/{divisor}", PRODUCT

    def _power(self, one: Term, exponent: Fraction) -> Text:
        if exponent == 1:
            return self.text(one)
        if exponent == Fraction(1, 2):
            return f"sqrt({self.text(one)[0]})", ATOM
        power = _bracketed(self._product(exponent, {}), ATOM)
        return f"{self.at_least(ATOM, one)}**{power}", POWER


def _bracketed(text: Text, level: int) -> str:
    return text[0] if text[1] >= level else f"({text[0]})"


def _literal_times(
    coefficient: Fraction, factors: Mapping[Term, Fraction]
) -> tuple[Fraction, Mapping[Term, Fraction]]:
    """A literal multiplied out, where that is exact in doubles: 2*0.8944 is 1.7888."""
    for one, exponent in factors.items():
        if one.operation == "number" and exponent == 1 and coefficient.numerator != 1:
            exact = coefficient.numerator * Fraction(one.parts[0])
            if Fraction(nearest := float(exact)) == exact:
                rest = {part: e for part, e in factors.items() if part is not one}
                number = Term("number", nearest)
                return Fraction(1, coefficient.denominator), {number: Fraction(1), **rest}
    return coefficient, factors


def _rank(power: tuple[Term, Fraction]) -> int:
    """Where a factor stands: numbers, x, everything else."""
    operations = {"number": 0, "constant": 1, "parameter": 1, "x": 2}
    return operations.get(power[0].operation, 3)


def _ratio(number: Fraction, has_factors: bool) -> tuple[list[Text], list[Text]]:
    """A positive number above and below a line."""
    if number == 1:
        return ([] if has_factors else [("1", ATOM)]), []
    is_decimal = Fraction(float(number)) == number
    if is_decimal and not (has_factors and number.numerator == 1):
        return [_decimal(float(number))], []
    above = [_integer(number.numerator)] if number.numerator != 1 else []
    return above, [_integer(number.denominator)] if number.denominator != 1 else []


def _integer(number: int) -> Text:
    """A whole number; of more digits than a double has, as a sum."""
    rest = number - int(float(number))
    text = _decimal(float(number))
    if not rest:
        return text
    return f"{text[0]} {'+' if rest > 0 else '-'} {_integer(abs(rest))[0]}", SUM


def _decimal(number: float) -> Text:
    """A positive double."""
    return (f"{number:.0f}" if number < 1e15 and number == int(number) else repr(number)), ATOM
