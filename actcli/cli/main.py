"""The command line: the tool's table of contents. Each command is imported when it runs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from actcli.cli.commands import COMMANDS
from actcli.cli.standard_error import give_up_on, say
from actcli.errors import ActcliError, UsageError
from actcli.version import __version__


class TableOfContents(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"actcli.cli.commands.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names.

        Raises:
            UsageError: there is no such command; the message says what was meant.
        """
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from actcli.cli.advice import about_command

            raise UsageError(about_command(args))
        return super().resolve_command(ctx, args)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The commands with their summaries, or the group's own options."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            click.shell_completion.CompletionItem(name, help=summary)
            for name, (summary, _) in COMMANDS.items()
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of contents without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


WELCOME = """\
actcli: exact answers about activation functions. Try:

  actcli plot gelu                      what it looks like
  actcli info mish                      its range, extrema, kinks, asymptotes
  actcli saturation sigmoid --eps 1e-3  where its gradient dies, to the last bit
  actcli table 'x*tanh(x)' --json       numbers for other tools, of any formula
  actcli --help                         everything else"""


@click.group(
    cls=TableOfContents,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    help="When to colour: auto obeys NO_COLOR, FORCE_COLOR and the terminal.  [default: auto]",
)
@click.option("--version", "-V", is_flag=True, help="Show the version and exit.")
@click.option("--json", "as_json", is_flag=True, help="With --version: all versions, as JSON.")
@click.pass_context
def actcli(ctx: click.Context, color: str | None, version: bool, as_json: bool) -> None:
    """Exact answers about activation functions.

    FN is a name (gelu), a name with parameters (elu:alpha=0.5), or a formula in x ('x*tanh(x)').
    """
    ctx.obj = color
    if version:
        click.echo(_versions_as_json() if as_json else f"actcli {__version__}")
        ctx.exit()
    if as_json:
        raise click.NoSuchOption("--json", ctx=ctx)
    if ctx.invoked_subcommand is None:
        click.echo(WELCOME)


def _versions_as_json() -> str:
    import json
    import platform
    from importlib.metadata import version

    packages = ("click", "numpy", "orjson", "plotext", "python-flint", "rich")
    versions = {"actcli": __version__, "python": platform.python_version()}
    return json.dumps(versions | {package: version(package) for package in packages})


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code; errors become one line on stderr."""
    completing = os.environ.get("_ACTCLI_COMPLETE")
    try:
        if completing:
            import_module("actcli.cli.completion").check_surroundings(completing)
        return actcli.main(list(args), prog_name="actcli", standalone_mode=False) or 0
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.UsageError as error:
        from actcli.cli.advice import advised

        return _report(advised(error, args), error.exit_code)
    except click.ClickException as error:
        return _report(error.format_message(), error.exit_code)
    except ActcliError as error:
        return _report(str(error), error.exit_code)
    except OSError as error:
        give_up_on(sys.stdout)
        return _report(f"cannot write to standard output: {error.strerror or error}", 1)
    except SystemExit:
        if completing:
            raise
        return _report("what was loaded to answer, a plugin perhaps, ended the program", 1)
    except MemoryError:
        return _report("there is not enough memory for this: ask for less at once", 1)
    except Exception as error:
        if os.environ.get("ACTCLI_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _report(f"{what[:200]} (a fault of actcli; ACTCLI_DEBUG=1 shows where)", 1)


LONGEST = 1000
"""Characters of a message; of a longer one, about a long formula, the middle is left out."""


def _report(message: str, exit_code: int) -> int:
    line = " ".join(message.split())
    if len(line) > LONGEST:
        line = f"{line[: LONGEST // 2]} ... {line[-LONGEST // 2 :]}"
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    say(f"error: {shown}")
    return exit_code


def main() -> None:
    """The command line of this process, run to its exit code.

    At the exit nothing is collected, which would take an eighth of `actcli saturation sigmoid`.
    """
    exit_code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(exit_code)
