"""The probabilities of a vector in words and bars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.functions.output_layer.softmax import Softmax
    from actcli.results import Row

BAR = 20
"""Characters of the bar of probability 1."""


def sentences(answer: Softmax) -> Sequence[str]:
    """The likeliest class, the losses, and where the gradient dies."""
    return list(_sentences(answer))


def shown(answer: Softmax) -> Iterator[Row]:
    """One row a class with a bar for its probability; with a target, both losses' gradients."""
    for row in answer.rows():
        said = {key: row[key] for key in ("class", "logit", "probability", "log_probability")}
        length = math.ceil(BAR * row["probability"] - 0.5)
        if not answer.losses:
            yield said | {"bar": "#" * length}
            continue
        del said["log_probability"]
        gradients = {
            f"gradient_{loss.name}": row[f"{loss.name}_gradient"] for loss in answer.losses
        }
        yield said | gradients | {"bar": "#" * length}


def _sentences(answer: Softmax) -> Iterator[str]:
    classes = len(answer.logits)
    best = max(range(classes), key=answer.probabilities.__getitem__)
    heat = f" at temperature {answer.temperature:g}" if answer.temperature != 1 else ""
    yield (
        f"{answer.kind}{heat}: class {best} has probability {answer.probabilities[best]:.6g}; "
        f"the entropy is {answer.entropy:.4g} of at most {math.log(classes):.4g}."
    )
    if answer.losses:
        losses = " and ".join(
            f"{loss.name} is {'infinite' if loss.value is None else f'{loss.value:.6g}'}"
            for loss in answer.losses
        )
        yield f"For target {answer.target}, {losses}."
    yield _saturation(answer)


def _saturation(answer: Softmax) -> str:
    found, classes = answer.saturation, len(answer.logits)
    limit = f"below {found.eps:g}" if found.eps else "0"
    what = f"The Jacobian of {classes} class{'es' if classes > 1 else ''}"
    if found.gap is None:
        return f"{what} is at no gap between one logit and the others {limit} in every entry."
    if found.gap == 0:
        return f"{what} is {limit} in every entry at any gap between one logit and the others."
    side = "below" if answer.kind == "softmin" else "above"
    return (
        f"{what} is {limit} in every entry once one logit is {found.gap:.10g} {side} the others, "
        f"where its probability is {found.probability:.6g}."
    )
