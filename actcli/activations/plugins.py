"""Activations of other packages, which they offer as modules by an entry point."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import cache, cached_property, wraps
from types import FunctionType
from typing import Any

from actcli.errors import ActcliError

GROUP = "actcli.activations"
"""The entry point group; loading a module enters its activations in the catalogue."""


@cache
def load() -> None:
    """Import what other packages offer; one that fails is named on stderr and breaks nothing."""
    if not are_offered():
        return
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP):
        try:
            with redirect_stdout(sys.stderr):  # standard output has the answer
                point.load()
        except (Exception, SystemExit) as error:
            from logging import getLogger

            getLogger("actcli").warning(
                "warning: the activations of %s cannot be loaded: %s: %s",
                point.value,
                type(error).__name__,
                "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(error)),
            )


def are_offered() -> bool:
    """Whether another package may offer activations."""
    return any(map(_may_offer, sys.path))


_KERNELS = ("f", "df", "fill")
"""The methods that are given arrays of x, and may change theirs."""

_LOOKUPS = ("__getattr__", "__getattribute__")
"""Methods whose failure is an answer."""


def contain(cls: type, name: str) -> None:
    """Let what another package wrote for a class do no harm: its own is told by its module.

    Raises:
        ActcliError: an instance with the default parameters cannot be made.
    """
    seen = set[str]()
    for home in cls.__mro__:
        is_foreign = home is not object and not f"{home.__module__}.".startswith("actcli.")
        for key, member in [*vars(home).items()] if is_foreign else ():
            if key not in seen and (harmless := _harmless(name, key, member)) is not None:
                setattr(cls, key, harmless)
            seen.add(key)
    if seen:
        cls()


def _harmless(owner: str, key: str, member: object) -> object:
    """A method or property that does no harm; None for what does nothing."""
    match member:
        case FunctionType() if key not in _LOOKUPS:
            return _contained(owner, member)
        case property(fget=getter) if getter is not None:
            return property(_contained(owner, getter))
        case cached_property(func=getter):
            cached = cached_property(_contained(owner, getter))
            cached.__set_name__(type, key)
            return cached
        case classmethod() | staticmethod():
            return type(member)(_contained(owner, member.__func__))
        case _:
            return None


def _contained(owner: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, what it prints on stderr; a kernel on a copy of x, which it may change."""

    @wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        if method.__name__ in _KERNELS:
            arguments = (arguments[0], arguments[1].copy(), *arguments[2:])
        try:
            with redirect_stdout(sys.stderr):
                return method(*arguments, **named)
        except (Exception, SystemExit) as error:
            if isinstance(error, ActcliError) or os.environ.get("ACTCLI_DEBUG"):
                raise
            raise ActcliError(
                f"{owner}, which {method.__module__} offers, failed in {method.__name__}: "
                f"{type(error).__name__}: {error} (ACTCLI_DEBUG=1 shows where)"
            ) from error

    return call


def _may_offer(folder: str) -> bool:
    """Whether a package installed in this place of the path may have such an entry point.

    A look into a few small files: for most people the answer is no, and importlib.metadata, with
    the mail parser that it reads metadata by, takes a fifth of the time of `actcli list`.
    """
    if os.path.isfile(folder):  # noqa: PTH113 (pathlib takes longer to import than this function)
        return True
    with suppress(OSError):
        for entry in os.scandir(folder or "."):
            if entry.name.endswith((".dist-info", ".egg-info")):
                with suppress(OSError), open(f"{entry.path}/entry_points.txt", "rb") as file:  # noqa: PTH123
                    if GROUP.encode() in file.read():
                        return True
    return False
