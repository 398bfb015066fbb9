"""The argument that is common to most commands: the functions that they are asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from actcli.cli.numbers import are_numbers, is_number

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from actcli.activations.base import Activation

Command = TypeVar("Command", bound=Callable[..., Any])


class Function(click.ParamType[Any]):
    """A text that names an activation."""

    name = "function"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The activation; an unknown one is a usage error."""
        from actcli.find import find

        numbers = value.strip(", ").split(",") if "," in value and are_numbers(value) else ()
        meant = _meant(ctx, numbers) if ctx else ""
        if meant:
            raise click.UsageError(meant)
        return find(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names with their summaries; after a colon, the parameters with theirs."""
        from click.shell_completion import CompletionItem

        from actcli.find import completions

        return [CompletionItem(text, help=said) for text, said in completions(incomplete)]


def functions(command: Command) -> Command:
    """FN...: one or more activations, as `functions`."""
    return click.argument(
        "functions",
        metavar="FN...",
        nargs=-1,
        required=True,
        type=Function(),
        callback=_without_numbers,
    )(command)


def _without_numbers(
    ctx: click.Context, param: click.Parameter, value: tuple[Activation, ...]
) -> tuple[Activation, ...]:
    """Refuse numbers beside functions where points, or a range, were meant."""
    from actcli.activations.registry import Named

    constants = [str(one) for one in value if not isinstance(one, Named) and is_number(str(one))]
    meant = _meant(ctx, constants) if len(constants) < len(value) else ""
    if meant:
        first = constants[0]
        raise click.UsageError(f"{meant}; as a function {first} is written {first} + 0*x")
    return value


def _meant(ctx: click.Context, numbers: Sequence[str]) -> str:
    """The option that numbers among the functions were meant for, if there is one."""
    flags = {flag for one in ctx.command.params for flag in one.opts}
    if "--at" in flags and numbers:
        return f"points go with an option: --at {' '.join(numbers)}"
    if "--range" in flags and len(numbers) == 2:
        return f"a range goes with an option: --range {' '.join(numbers)}"
    return ""
