"""What is said where the time is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from actcli.formula.jets.jets import OutOfTimeError

P = ParamSpec("P")
R = TypeVar("R")


def otherwise(unknown: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """What is said where the time is over before an answer is found."""

    def decorate(find: Callable[P, R]) -> Callable[P, R]:
        @wraps(find)
        def found(*given: P.args, **named: P.kwargs) -> R:
            try:
                return find(*given, **named)
            except OutOfTimeError:
                return unknown  # type: ignore[no-any-return]

        return found

    return decorate
