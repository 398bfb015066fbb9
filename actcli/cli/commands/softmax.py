"""`actcli softmax`: the output layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actcli.cli.files import Source
from actcli.cli.numbers import Extended, Integer, Real
from actcli.cli.options import renders

if TYPE_CHECKING:
    from actcli.results import Reply

KINDS = ("softmax", "log_softmax", "softmin", "sparsemax", "entmax15")


@click.command(name="softmax")
@click.argument("logits", metavar="LOGIT...", nargs=-1, type=Extended())
@click.option(
    "--from",
    "source",
    type=Source(),
    metavar="FILE",
    help="Read vectors: a text file, one a line, the rows of a .npy file, or - for standard input.",
)
@click.option(
    "--kind", type=click.Choice(KINDS), default="softmax", show_default=True, help="Which map."
)
@click.option(
    "--temperature",
    type=Real(least=2.2250738585072014e-308),
    default=1.0,
    show_default=True,
    metavar="T",
    help="Divide the logits by T.",
)
@click.option("--target", type=Integer(min=0), metavar="K", help="The right class, from 0.")
@click.option(
    "--loss",
    type=click.Choice(["cross_entropy", "hinge"]),
    help="Which loss `loss` is in JSON.  [default: cross_entropy]",
)
@click.option(
    "--eps",
    type=Real(least=0),
    default=1e-3,
    show_default=True,
    help="Saturated is where every entry of the Jacobian is < EPS; for 0, where it is 0.",
)
@click.option("--jacobian", is_flag=True, help="Tabulate the Jacobian.")
@renders()
def command(
    logits: tuple[float, ...],
    source: str | None,
    kind: str,
    temperature: float,
    target: int | None,
    loss: str | None,
    eps: float,
    jacobian: bool,
) -> Reply:
    """Turn logits into probabilities, with gradient, loss and saturation.

    Negative logits go after --; -inf masks a class.

    \b
    Examples:
      actcli softmax 1 2 3
      actcli softmax --target 0 --temperature 2 -- -1 0 2.5
      actcli softmax 1 2 3 --kind sparsemax --jacobian
    """
    from actcli.functions.output_layer.softmax import MOST_CLASSES, softmax
    from actcli.reports.softmax import SoftmaxReport
    from actcli.results import Reply

    if bool(logits) == (source is not None):
        raise click.UsageError(
            "LOGIT... and --from both say which logits: give one of them"
            if logits
            else "give logits, or --from FILE"
        )
    if loss and target is None:
        raise click.UsageError("--loss belongs to --target")
    if source is None:
        vectors = [logits]
    else:
        from actcli.cli.points import read_vectors

        vectors = [tuple(vector.tolist()) for vector in read_vectors(source)]
    large = max(map(len, vectors)) > MOST_CLASSES
    if jacobian and (large or len({len(vector) for vector in vectors}) > 1):
        raise click.UsageError(
            f"--jacobian is for vectors of one length, of at most {MOST_CLASSES} classes"
        )
    reports = [
        SoftmaxReport(
            softmax(
                vector,
                kind,
                temperature=temperature,
                target=target,
                loss=loss or "cross_entropy",
                eps=eps,
            ),
            number,
            matrix=jacobian,
        )
        for number, vector in enumerate(vectors)
    ]
    notes = [f"no Jacobian is computed for more than {MOST_CLASSES} classes"] if large else []
    return Reply(reports, schema="softmax/1", notes=notes)
