"""An answer: a result, plain data, with its report at hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar

from actcli.activations.base import Activation
from actcli.find import find
from actcli.results import Report, Row

Result = TypeVar("Result")
P = ParamSpec("P")

Function: TypeAlias = Activation | str
"""An activation, or a text that names one: `gelu`, `elu:alpha=0.5`, `x*tanh(x)`."""


class Answer(Generic[Result]):
    """What a question was answered: the attributes of the result, printed as the command prints it.

    `pandas.DataFrame(answer.rows())` is its table, `answer.to_dict()` its JSON as Python has it.
    """

    __slots__ = ("report", "result")

    def __init__(self, report: Report[Result]) -> None:
        self.report = report
        self.result = report.result
        """The plain data."""

    def __getattr__(self, name: str) -> Any:
        if name in self.__slots__:  # not there yet, while it is copied
            raise AttributeError(name)
        return getattr(self.result, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self.result)})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Answer) and self.result == other.result

    __hash__ = None  # type: ignore[assignment]

    def rows(self) -> list[Row]:
        """The flat rows that the command writes as CSV: the same keys in every row."""
        return [*self.report.rows()]

    def to_dict(self) -> dict[str, Any]:
        """The result as dicts and lists, by the keys of its JSON; infinities stay."""
        from actcli.formats.json import plain

        return dict(plain(self.result))

    def __str__(self) -> str:
        """What the command prints: the sentences, and below them the table."""
        from actcli.charts.screen import screen
        from actcli.formats.table import chunks
        from actcli.results import Reply

        target = screen(sys.stdout)._replace(encoding="utf-8")
        return b"".join(chunks(Reply([self.report], ""), target)).decode().rstrip("\n")

    def __repr__(self) -> str:
        return f"<{type(self.result).__name__} of {self.report.subject()}>"

    def _repr_html_(self) -> str:
        from actcli.formats.html import fragment

        return fragment(self.report)


def asked(
    question: Callable[Concatenate[Activation, P], Result],
    report: Callable[[Result], Report[Result]],
) -> Callable[Concatenate[Function, P], Answer[Result]]:
    """The question, asked of a text too, and answered by an `Answer`."""

    @wraps(question)
    def ask(function: Function, /, *args: P.args, **options: P.kwargs) -> Answer[Result]:
        return Answer(report(question(found(function), *args, **options)))

    return ask


def found(function: Function) -> Activation:
    """The activation itself, or what the text names."""
    return find(function) if isinstance(function, str) else function


def all_found(functions: Sequence[Function | Sequence[Function]]) -> list[Activation]:
    """The activations, given one by one or in lists."""
    lists = ([one] if isinstance(one, Activation | str) else one for one in functions)
    return [found(one) for some in lists for one in some]
