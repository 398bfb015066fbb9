"""The probabilities of a vector in words and bars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

from actcli.functions.output_layer.softmax import LOSSES, Softmax
from actcli.numeric.display import short
from actcli.results import Report, Row

BAR, SHORT_BAR = 20, 12
"""Characters of the bar of probability 1; beside gradients there is less room."""


class SoftmaxReport(Report[Softmax]):
    """A row for each class, or the Jacobian, of one of several vectors."""

    said = ("vector",)

    def __init__(self, result: Softmax, vector: int = 0, *, matrix: bool = False) -> None:
        """Report the vector of that number; as its Jacobian, if `matrix` asks for it."""
        super().__init__(result)
        self.vector = vector
        self.matrix = matrix

    def subject(self) -> str:
        """The map, and of how many classes."""
        return f"{self.result.kind} of {len(self.result.logits)} classes"

    def rows(self) -> Iterator[Row]:
        """One row a class; or a row of the Jacobian, where that is to be seen."""
        found = self.result
        if self.matrix and found.jacobian is not None:
            for i, row in enumerate(found.jacobian):
                entries = {f"by_logit_{j}": entry for j, entry in enumerate(row)}
                yield {"vector": self.vector, "class": i} | entries
            return
        gradients = {loss.name: loss.gradient for loss in found.losses}
        for i, logit in enumerate(found.logits):
            yield {
                "vector": self.vector,
                "class": i,
                "logit": _infinite(logit),
                "probability": found.probabilities[i],
                "log_probability": _infinite(found.log_probabilities[i]),
                **{
                    f"{name}_gradient": known[i] if (known := gradients.get(name)) else None
                    for name in LOSSES
                },
            }

    def shown(self) -> Iterator[Row]:
        """A bar for each probability, with a target both losses' gradients; or the Jacobian."""
        return self._matrix() if self.matrix else self._bars()

    def _matrix(self) -> Iterator[Row]:
        """Each row is rounded to five digits of its diagonal and such that it sums to 0."""
        for i, entries in enumerate(self.result.jacobian or ()):
            quantum = Decimal(1).scaleb(Decimal(entries[i]).adjusted() - 4)
            row = [Decimal(entry).quantize(quantum) for entry in entries]
            row[i] -= sum(row)
            yield {"class": i} | {f"by_logit_{j}": float(x) + 0.0 for j, x in enumerate(row)}

    def _bars(self) -> Iterator[Row]:
        losses = self.result.losses
        for row in self.rows():
            said = {key: row[key] for key in ("class", "logit", "probability", "log_probability")}
            if not losses:
                yield said | {"bar": _bar(row["probability"], BAR)}
                continue
            del said["log_probability"]
            gradients = {f"gradient_{one.name}": row[f"{one.name}_gradient"] for one in losses}
            yield said | gradients | {"bar": _bar(row["probability"], SHORT_BAR)}

    def sentences(self) -> Sequence[str]:
        """The likeliest class, the losses, and where the gradient dies."""
        return list(_sentences(self.result))


def _bar(probability: float, longest: int) -> str:
    return "#" * math.ceil(longest * probability - 0.5)


def _infinite(number: float | None) -> float:
    return -math.inf if number is None else number


def _sentences(answer: Softmax) -> Iterator[str]:
    classes = len(answer.logits)
    best = max(range(classes), key=answer.probabilities.__getitem__)
    heat = f" at temperature {answer.temperature:g}" if answer.temperature != 1 else ""
    yield (
        f"{answer.kind}{heat}: class {best} has probability {short(answer.probabilities[best])}; "
        f"the entropy is {answer.entropy:.4g} of at most {math.log(classes):.4g}."
    )
    if answer.losses:
        losses = " and ".join(
            f"{loss.name} is {'infinite' if loss.value is None else short(loss.value)}"
            for loss in answer.losses
        )
        yield f"For target {answer.target}, {losses}."
    yield _saturation(answer)


def _saturation(answer: Softmax) -> str:
    found, classes = answer.saturation, len(answer.logits)
    limit = f"below {found.eps:g}" if found.eps else "0"
    what = f"of the Jacobian of {classes} class{'es' if classes > 1 else ''}"
    if found.gap is None or found.probability is None:
        return f"No gap between one logit and the others makes every entry {what} {limit}."
    if found.gap == 0:
        return f"Every entry {what} is {limit} at any gap between one logit and the others."
    side = "below" if answer.kind == "softmin" else "above"
    gap = short(found.gap, 10)
    return (
        f"Every entry {what} is {limit} once one logit is {gap} {side} the others, "
        f"where its probability is {short(found.probability)}."
    )
