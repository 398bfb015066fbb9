"""Numbers on the command line: one reader for every option, `1/3` and `-pi` included."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import click

from actcli.bounds import Bounds
from actcli.errors import quoted
from actcli.numeral import numeral
from actcli.numeric.display import FULL


class Real(click.ParamType[float]):
    """A finite number within bounds, given as for `Bounds`."""

    name = "number"

    def __init__(self, **bounds: Any) -> None:
        self.bounds = Bounds(**bounds)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number; text, NaN, infinities and what lies out of bounds are usage errors."""
        number = _number(value)
        if not self.bounds.admit(number):
            self.fail(f"must be {self.bounds}, not {quoted(str(value))}", param, ctx)
        return number


class RealOr(Real):
    """A number within bounds, or one that is meant where none follows the flag."""

    def __init__(self, meant: float, **bounds: float) -> None:
        super().__init__(**bounds)
        self.meant = meant


class Extended(click.ParamType[float]):
    """A number or an infinity."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number; text and NaN are usage errors."""
        number = _number(value)
        if math.isnan(number):
            self.fail(f"must be a number, inf or -inf, not {quoted(str(value))}", param, ctx)
        return number


class Integer(click.IntRange):
    """A whole number within bounds, named as a user would name it: 1e6 is one."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        if isinstance(value, str) and not (value.isascii() and value.strip("+-").isdigit()):
            number = _number(value)
            if not number.is_integer():
                self.fail(f"must be a whole number, not {quoted(value)}", param, ctx)
            value = int(number)
        return super().convert(value, param, ctx)


class Digits(click.ParamType[int]):
    """A count of significant digits, or `full`."""

    name = "digits"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The count."""
        if value == "full":
            return FULL
        if not (str(value).isascii() and str(value).isdigit() and 1 <= int(value) <= FULL):
            self.fail(f"must be 1 to {FULL}, or full, not {quoted(str(value))}", param, ctx)
        return int(value)


def _number(value: Any) -> float:
    try:
        return numeral(value) if isinstance(value, str) else float(value)
    except ValueError:
        return math.nan


class Several(click.ParamType[tuple[float, ...]]):
    """One number, or some with commas between them, each of one type."""

    def __init__(self, each: click.ParamType[float]) -> None:
        self.each, self.name = each, each.name

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """The numbers; what one of them may not be is a usage error."""
        parts = value.strip(", ").split(",") if isinstance(value, str) else value
        return tuple(self.each.convert(part, param, ctx) for part in parts)


def flat(
    ctx: click.Context, param: click.Parameter, values: Sequence[tuple[float, ...]]
) -> tuple[float, ...]:
    """The callback of an option of `Several` numbers that is repeatable: all that were given."""
    return tuple(number for some in values for number in some)


class TakesSeveral(click.Command):
    """A command in which an option of `Several` numbers takes all that follow: `--at -1 0 1`.

    And one of a `RealOr` may take none.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the former before each further number; give the latter its number."""
        flags = {flag for one in self.params if isinstance(one.type, Several) for flag in one.opts}
        meant = {
            flag: one.type.meant
            for one in self.params
            if isinstance(one.type, RealOr)
            for flag in one.opts
        }
        return super().parse_args(ctx, [*_completed([*_repeated(args, flags)], meant)])


def _completed(args: Sequence[str], meant: Mapping[str, float]) -> Iterator[str]:
    """The words, with the number that is meant behind each flag that no number follows."""
    for word, following in pairwise([*args, ""]):
        if word == "--":
            meant = {}
        needs = word in meant and not are_numbers(following)
        yield f"{word}={meant[word]!r}" if needs else word


def _repeated(args: Sequence[str], flags: set[str]) -> Iterator[str]:
    """The words, with the flag before each number that follows its first value."""
    flag, is_value = "", False
    for place, word in enumerate(args):
        if word == "--":
            yield from args[place:]
            return
        if is_value:
            is_value = False
        elif word in flags:
            flag, is_value = word, True
        elif word.partition("=")[0] in flags:
            flag = word.partition("=")[0]
        elif flag and are_numbers(word):
            yield flag
        else:
            flag = ""
        yield word


def are_numbers(word: str) -> bool:
    """Whether a text is one number, or some with commas between them."""
    return all(map(is_number, word.strip(", ").split(",")))


def is_number(text: str) -> bool:
    """Whether a text is read as a number, or an infinity."""
    return not math.isnan(_number(text))
