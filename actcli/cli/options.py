"""The arguments and options that commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from actcli.budgets import COLUMNS, LINES
from actcli.charts.screen import CHARSETS, screen, wants_color
from actcli.cli.destination import write
from actcli.cli.files import Source, Target, check_not_over, check_places
from actcli.cli.numbers import Digits, Integer, Real
from actcli.cli.standard_error import say
from actcli.formats.registry import FIGURES, TABULAR, Format, document, format_for
from actcli.numeric.display import digits as shown_by

if TYPE_CHECKING:
    from pathlib import Path

    from actcli.activations.base import Activation
    from actcli.charts.screen import ThemeName
    from actcli.functions.certificate import Provable
    from actcli.results import Reply

Command = TypeVar("Command", bound=Callable[..., Any])


def _ascending(
    ctx: click.Context, param: click.Parameter, value: tuple[float, float] | None
) -> tuple[float, float] | None:
    if value is not None and not value[0] < value[1]:
        raise click.BadParameter(f"LO must be less than HI, not {value[0]:g} and {value[1]:g}")
    return value


def interval(flag: str, name: str, help_: str) -> Callable[[Command], Command]:
    """An option that takes LO HI, two finite numbers with LO < HI."""
    return click.option(
        flag, name, nargs=2, type=Real(), metavar="LO HI", callback=_ascending, help=help_
    )


eps_option = click.option(
    "--eps",
    type=Real(least=0),
    default=1e-3,
    show_default=True,
    help="Saturated is where |f'| < EPS; for 0, where f is constant.",
)

INITS = ("he", "glorot", "lecun", "torch-linear", "critical")


SYNONYMS = {"kaiming": "he", "xavier": "glorot"}
"""What schemes are also called."""


class Scheme(click.Choice[str]):
    """The name of a scheme, or a synonym."""

    def __init__(self) -> None:
        super().__init__((*INITS, *SYNONYMS))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name."""
        name: str = super().convert(value, param, ctx)
        return SYNONYMS.get(name, name)


def init_option(more: str) -> Callable[[Command], Command]:
    """--init: the scheme by which weights are drawn; `more` is what its help says of them."""
    return click.option("--init", type=Scheme(), help=f"How weights are drawn{more}")


all_option = click.option(
    "--all", "every", is_flag=True, help="List all of what is long in a table."
)

range_option = interval("--range", "window", "Look at this range of x only.")


order_option = click.option(
    "--order",
    type=Integer(min=1, max=2),
    default=1,
    show_default=True,
    metavar="N",
    help="The highest derivative: 2 for f'' as well.",
)


def proofs(command: Command) -> Command:
    """--prove and --effort, as `prove` and `effort`: what is asked of a proof."""
    for option in (
        click.option(
            "--effort",
            type=Real(above=0, most=1e6),
            metavar="SECONDS",
            default=3.5,
            show_default=True,
            help="CPU time after which what is not decided stays open.",
        ),
        click.option("--prove", is_flag=True, help="Exit with 3 where not all of it is proved."),
    ):
        command = option(command)
    return command


data_option = click.option(
    "--data",
    type=Source(),
    metavar="FILE",
    help="Measured points: columns x, y and maybe dy of a csv, tsv, npy, npz or parquet file.",
)

certificate_option = click.option(
    "--certificate",
    type=Target(".json"),
    metavar="FILE",
    help="Write what proves the answer to FILE, as JSON that a program can check.",
)


def certified(
    answers: Sequence[Provable], functions: Sequence[Activation], file: Path | None
) -> Mapping[Path, Reply]:
    """The certificates of some answers about these functions, by the file that was asked for."""
    if file is None:
        return {}
    from actcli.functions.certificate import certificates
    from actcli.reports.certificate import CertificateReport
    from actcli.results import Reply

    found = map(CertificateReport, certificates(answers, functions))
    return {file: Reply([*found], schema="certificate/1")}


def renders(*own: Format) -> Callable[[Callable[..., Reply]], Callable[..., int]]:
    """Let a command return a `Reply`: this owns --format, --json, --output, --color, and writes it.

    `own` are the command's formats beside the tabular ones, the first of all the default. A command
    that draws charts also takes --charset, --width and --height.
    """
    formats = tuple(dict.fromkeys((*own, *TABULAR)))
    options = _output_options(formats)
    if "chart" in formats:
        options += [*_size_options(), *_look_options()]

    def decorate(command: Callable[..., Reply]) -> Callable[..., int]:
        @wraps(command)
        def rendered(
            *,
            format_: Format | None,
            as_json: bool,
            output: Path | None,
            color: str | None,
            charset: str = "auto",
            theme: ThemeName | None = None,
            digits: int | None,
            **arguments: Any,
        ) -> int:
            if as_json and format_ not in (None, "json"):
                raise click.UsageError(f"--json and --format {format_} ask for two formats")
            context = click.get_current_context()
            format_ = format_for(output, formats, "json" if as_json else format_)
            check_places(context)
            if theme and format_ not in FIGURES:
                raise click.UsageError("--theme is for a figure: -o FILE.svg, .png or .pdf")
            if digits and format_ not in ("table", "md", "html"):
                raise click.UsageError(f"--digits is for tables; {format_} has every digit")
            stream = None if output else sys.stdout
            if format_ == "parquet" and stream and stream.isatty():
                raise click.UsageError("parquet is not for a terminal: write it with -o FILE")
            choice = color or context.find_root().obj
            colored = format_ == "html" or wants_color(choice, stream)
            size = {side: arguments.pop(side, None) for side in ("width", "height")}
            target = screen(stream, color=colored, charset=charset, **size)
            target = target._replace(theme=theme or target.theme)
            context.with_resource(shown_by(digits))
            reply = command(**arguments)
            if output:
                check_not_over(output, reply.files, "--output")
            for file, beside in reply.beside.items():
                write(document("json", "json", beside, target), file)
            write(document(format_, formats[0], reply, target), output)
            return _aside(reply)

        for option in reversed(options):
            option(rendered)
        return rendered

    return decorate


def _output_options(formats: tuple[Format, ...]) -> list[Callable[[Any], Any]]:
    return [
        click.option(
            "--format", "-f", "format_", type=click.Choice(formats), help="The format to write."
        ),
        click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
        click.option(
            "--output",
            "-o",
            type=Target(standard=True),
            metavar="FILE",
            help="Write to FILE, whole or not at all; its suffix picks the format.",
        ),
        click.option(
            "--digits",
            type=Digits(),
            metavar="N|full",
            help="Significant digits of numbers that a person reads; full shows all there are.",
        ),
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), help="When to colour."
        ),
    ]


def _size_options() -> list[Callable[[Any], Any]]:
    return [
        click.option(
            "--width",
            type=Integer(min=1, max=COLUMNS),
            metavar="COLUMNS",
            help="The width of a chart.",
        ),
        click.option(
            "--height",
            type=Integer(min=1, max=LINES),
            metavar="LINES",
            help="The height of a chart.",
        ),
    ]


def _look_options() -> list[Callable[[Any], Any]]:
    return [
        click.option(
            "--charset",
            type=click.Choice(CHARSETS),
            default="auto",
            help="What a chart is drawn with; auto is braille where the output has it, else ascii.",
        ),
        click.option(
            "--theme", type=click.Choice(["light", "dark"]), help="The ground of a figure."
        ),
    ]


def _aside(reply: Reply) -> int:
    """Say on stderr what is not data, and return the exit code."""
    for note in reply.notes:
        say(f"note: {note}")
    if reply.failed:
        say(f"failed: {reply.failed}")
        return 3
    return 0
