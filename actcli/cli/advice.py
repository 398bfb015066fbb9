"""What a wrong command line was meant to be: one clause for each kind of mistake."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from importlib import import_module

import click

from actcli.cli.commands import COMMANDS
from actcli.errors import ActcliError

_SAME = {
    "--range": ("--xlim", "--xrange", "--x-range", "--domain", "--interval", "--window"),
    "--ylim": ("--yrange", "--y-range"),
    "--points": ("--n", "--num", "--samples", "--steps", "--count"),
    "--at": ("--x", "--point", "--xs"),
    "--eps": ("--epsilon", "--threshold", "--tolerance"),
    "--tol": ("--tolerance", "--atol"),
    "--sigma-w": ("--gain", "--sigma", "--std", "--weight-std"),
    "--output": ("--out", "--outfile", "--file", "--save"),
    "--digits": ("--precision", "--decimals", "--round"),
}
"""Our options, and what others call them."""

_LOOKS_NUMERIC = re.compile(r"-[0-9.]")

_BARE_NUMBERS = {
    "LOGIT...": "negative logits go after --: actcli softmax -- {}",
    "STACK...|FILE": "a width is a whole number above 0, not {}",
}
"""What to say of negative numbers in place of these arguments."""


def advised(error: click.UsageError, args: Sequence[str]) -> str:
    """The error's message, with the advice that fits it."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        return _about_option(error.option_name, error.ctx, args)
    message = error.format_message()
    if error.ctx is None:
        named = _named(args)
        return f"{message} (see {f'actcli {named}' if named else 'actcli'} --help)"
    extra = re.match(r"Got unexpected extra arguments? \((.+)\)$", message)
    if extra and _is_function(function := extra[1].split(" ")[0]):
        return f"{error.ctx.command.name} takes no function: try {_tries(function)}"
    return f"{message} (see {error.ctx.command_path} --help)"


def about_command(args: Sequence[str]) -> str:
    """What to say where the first word is no command."""
    from difflib import get_close_matches

    word, *rest = args
    if word == "help":
        named = rest[0] if rest and rest[0] in COMMANDS else "COMMAND"
        return f"help is an option: actcli --help, actcli {named} --help"
    if word == "version":
        return "version is an option: actcli --version"
    close = get_close_matches(word, COMMANDS, n=1)
    if not close and _is_function(word):
        return f"{word[:40]!a} is a function, not a command: try {_tries(word)}"
    advice = f"did you mean {close[0]}?" if close else f"there are {', '.join(COMMANDS)}"
    return f"no such command {word[:40]!a}: {advice}"


def _about_option(option: str, ctx: click.Context, args: Sequence[str]) -> str:
    command, see = ctx.command, f"(see {ctx.command_path} --help)"
    word = next((word for word in args if word.startswith(option)), option)
    if _LOOKS_NUMERIC.match(word):
        return f"{_about_numbers(command, args)} {see}"
    if not option.startswith("--") and _is_function(word):
        return f"what begins with a minus goes after --: {_line(_behind_dashes(word, args))}"
    if isinstance(command, click.Group):
        named = _named(args)
        if named and option in _options(named):
            place = args.index(named)
            stays, moves = _parted(args[:place], {*_flags(command)} - {option})
            return f"{option} goes after the command: {_line([*stays, *args[place:], *moves])}"
    own = {*_flags(command)}
    ours = next((flag for flag, same in _SAME.items() if option in same and flag in own), None)
    if ours:
        return f"there is no {option}: it is {ours} {see}"
    owners = [name for name in COMMANDS if option in _options(name)]
    if owners:
        return f"{command.name} has no {option}: {_listed(owners)} {see}"
    close = _close(option, own)
    return f"there is no {option}{f': did you mean {close}?' if close else ''} {see}"


def _parted(words: Sequence[str], own: set[str]) -> tuple[list[str], list[str]]:
    """The words before a command: the options that belong there with their values, and the rest."""
    stays: list[str] = []
    moves: list[str] = []
    side = moves
    for word in words:
        if word.startswith("-"):
            side = stays if word.partition("=")[0] in own else moves
        side.append(word)
    return stays, moves


def _about_numbers(command: click.Command, args: Sequence[str]) -> str:
    numbers = " ".join(word for word in args if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", word))
    own = {*_flags(command)}
    for flag in ("--at", "--range"):
        if flag in own:
            what = "points go" if flag == "--at" else "a range goes"
            return f"{what} with an option: {flag} {numbers}"
    for argument in command.params:
        if argument.metavar in _BARE_NUMBERS:
            negative = " ".join(word for word in numbers.split() if word.startswith("-"))
            shown = numbers if argument.metavar == "LOGIT..." else negative
            return _BARE_NUMBERS[argument.metavar].format(shown)
    return "a number goes with an option, a constant as a function after --"


def _behind_dashes(word: str, args: Sequence[str]) -> list[str]:
    return [*(one for one in args if one != word), "--", word]


def _listed(owners: Sequence[str]) -> str:
    if len(owners) == 1:
        return f"it belongs to {owners[0]}"
    if len(owners) == len(COMMANDS) - 1:
        return "it goes after a command, such as actcli table"
    return f"it belongs to {', '.join(owners[:-1])} and {owners[-1]}"


def _close(option: str, own: set[str]) -> str:
    from difflib import get_close_matches

    return " or ".join(get_close_matches(option, own, n=2, cutoff=0.7))


def _options(name: str) -> set[str]:
    return {*_flags(import_module(f"actcli.cli.commands.{name}").command)}


def _flags(command: click.Command) -> Iterator[str]:
    for one in command.params:
        if isinstance(one, click.Option):
            yield from (*one.opts, *one.secondary_opts)


def _named(args: Sequence[str]) -> str:
    return next((word for word in args if word in COMMANDS), "")


def _is_function(text: str) -> bool:
    from actcli.find import find

    try:
        find(text)
    except ActcliError:
        return False
    return True


def _tries(function: str) -> str:
    return f"{_line(['info', function])}, {_line(['plot', function])}"


def _line(words: Sequence[str]) -> str:
    return shlex.join(["actcli", *words])
