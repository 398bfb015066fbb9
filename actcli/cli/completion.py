"""Completion in bash, which parts what is typed at every colon and equals sign."""

from __future__ import annotations

import os

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

from actcli.errors import UsageError, quoted

BREAKS = (":", "=")
"""What bash makes words of their own, and completes behind."""


class Bash(BashComplete):
    """Puts `elu`, `:` and `al` together again, and gives back only what follows the last break."""

    before = ""
    """The part of the last word that bash leaves as it is."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The whole words before the last one, and the last one."""
        args, incomplete = super().get_completion_args()
        *words, last = _joined([*args, incomplete])
        self.before = last[: 1 + max(last.rfind(mark) for mark in BREAKS)]
        return words, last

    def format_completion(self, item: CompletionItem) -> str:
        """A line that click's script for bash reads: the kind of completion, and its text."""
        return f"{item.type},{item.value.removeprefix(self.before)}"


def check_surroundings(instruction: str) -> None:
    """Refuse to complete where no shell has said what.

    Raises:
        UsageError: it is for no shell that is known, or the variables that a shell sets are
            missing, or are no words and a number.
    """
    shell, _, action = instruction.partition("_")
    if get_completion_class(shell) is None or action not in ("source", "complete"):
        raise UsageError(
            f"_ACTCLI_COMPLETE is bash_source, zsh_source or fish_source, not {quoted(instruction)}"
        )
    number = os.environ.get("COMP_CWORD", "")
    is_asked = "COMP_WORDS" in os.environ and number.isascii() and number.isdigit()
    if instruction.endswith("_complete") and not is_asked:
        raise UsageError("_ACTCLI_COMPLETE is for shells, which set COMP_WORDS and COMP_CWORD too")


def _joined(words: list[str]) -> list[str]:
    """The words as they were typed."""
    whole: list[str] = []
    behind_break = False
    for word in words:
        if whole and (behind_break or word in BREAKS):
            whole[-1] += word
        else:
            whole.append(word)
        behind_break = word in BREAKS
    return whole


add_completion_class(Bash)
