"""Activations of other packages, which they offer as modules by an entry point."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from actcli.errors import ActcliError

if TYPE_CHECKING:
    from actcli.numeric.arrays import Array

GROUP = "actcli.activations"
"""The entry point group; loading a module enters its activations in the catalogue."""


@cache
def load() -> None:
    """Import what other packages offer; one that fails is named on stderr and breaks nothing."""
    if not any(map(_may_offer, sys.path)):
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


def contain(cls: type) -> None:
    """Let the kernels that another package wrote do no harm: its own are told by their module."""
    for name in ("f", "df", "fill"):
        kernel = getattr(cls, name)
        if not kernel.__module__.startswith("actcli."):
            setattr(cls, name, _contained(kernel))


def _contained(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel on a copy of x, which it may change, and what it prints on stderr."""

    @wraps(kernel)
    def call(self: Any, x: Array, *results: Array) -> Any:
        try:
            with redirect_stdout(sys.stderr):
                return kernel(self, x.copy(), *results)
        except (Exception, SystemExit) as error:
            if isinstance(error, ActcliError) or os.environ.get("ACTCLI_DEBUG"):
                raise
            raise ActcliError(
                f"{self}, which {kernel.__module__} offers, failed in {kernel.__name__}: "
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
