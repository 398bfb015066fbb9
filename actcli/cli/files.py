"""Files on the command line: those that are read, and those that are written beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from actcli.atomic_file import is_same
from actcli.errors import ActcliError, UsageError, quoted

if TYPE_CHECKING:
    from pathlib import Path

MODELS = (".npz", ".safetensors", ".onnx")
"""How a network is written."""

STANDARD = "-"
"""Standard input, or standard output."""


class Source(click.Path):
    """A file that is read, or a word that may name one; as a path if `path` says so."""

    def __init__(self, *, path: bool = False) -> None:
        super().__init__(readable=False)
        if path:
            from pathlib import Path

            self.type = Path


class Target(click.Path):
    """A file that is written, as a path.

    `suffixes` are those that it may have; it may have none where `plain`. `standard` says that `-`
    is standard output, which is None then, and `unless` which flag allows to write over an input.
    """

    def __init__(
        self,
        *suffixes: str,
        plain: bool = True,
        standard: bool = False,
        unless: str = "",
    ) -> None:
        super().__init__()
        self.suffixes = suffixes
        self.plain = plain
        self.standard = standard
        self.unless = unless

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """The path; a name that could not mean what was meant is a usage error."""
        if str(value) == STANDARD:
            if self.standard:
                return None
            self.fail("standard output has the answer: name a file, or ./-", param, ctx)
        from pathlib import Path

        path = Path(value)
        suffix = path.suffix.lower()
        if self.suffixes and suffix not in self.suffixes and (suffix or not self.plain):
            known = ", ".join(self.suffixes)
            self.fail(f"{quoted(path.name)} has no suffix that is known here: {known}", param, ctx)
        return path


def check_places(context: click.Context) -> None:
    """Refuse, before any work, places where nothing can be written, or something is lost.

    Raises:
        UsageError: a file would be written over another, or over one that is read.
        ActcliError: there is no such folder, or a folder in the file's place.
    """
    targets = [*_paths(context, Target)]
    sources = [path for _, path in _paths(context, Source)]
    for place, (param, path) in enumerate(targets):
        said = quoted(str(path), 200)
        option = max(param.opts, key=len)
        unless, plain = getattr(param.type, "unless", ""), getattr(param.type, "plain", True)
        if not context.params.get(unless):
            check_not_over(path, sources, option, f": --{unless} allows it" if unless else "")
        check_not_over(path, [other for _, other in targets[:place]], option)
        if not path.parent.is_dir():
            folder = quoted(str(path.parent), 200)
            raise ActcliError(f"cannot write to {said}: there is no folder {folder}")
        if path.is_dir():
            raise ActcliError(f"cannot write to {said}: it is a folder")
        if not plain and path.exists() and not path.is_file():
            raise ActcliError(f"cannot write to {said}: it is no file")


def check_not_over(path: Path, others: Sequence[Path], option: str, advice: str = "") -> None:
    """Refuse a file that is one of the others, by whatever name or link.

    Raises:
        UsageError: it is; the message names the option that asked for it.
    """
    for other in others:
        if is_same(path, other):
            raise UsageError(f"{option} would write over {quoted(str(other), 200)}{advice}")


def _paths(
    context: click.Context, kind: type[click.Path]
) -> Iterator[tuple[click.Parameter, Path]]:
    """The parameters of a kind with the paths that they were given."""
    for param in context.command.params:
        if isinstance(param.type, kind):
            value = context.params.get(param.name or "")
            for path in value if isinstance(value, tuple) else (value,):
                if path not in (None, STANDARD):
                    from pathlib import Path

                    yield param, Path(path)
