"""The proof of an answer as data that another program can check: boxes, and what holds on each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actcli.activations.base import Activation
from actcli.activations.written import Formula, formula_of
from actcli.functions.compare import Comparison, Pair
from actcli.functions.facts import Facts
from actcli.functions.saturation import Saturation
from actcli.structure.boxes import EVERYWHERE
from actcli.structure.certificate import Cover, against_x, bounded, flatness, monotony
from actcli.structure.structure import Structure

Provable = Saturation | Facts | Comparison


@dataclass(frozen=True)
class Certificate:
    """An answer with the boxes that prove it."""

    question: str
    """`saturation`, `info` or `compare`: what the answer is of."""
    functions: Sequence[Formula]
    """f, and of a comparison g."""
    answer: Saturation | Facts | Pair
    """As the command writes it."""
    covers: Sequence[Cover]
    """What is proved, a cover for each quantity."""


def certificates(
    answers: Sequence[Provable], activations: Sequence[Activation]
) -> Iterator[Certificate]:
    """The proofs of some answers; that of a comparison is one for each function and each pair."""
    defined = {str(one): formula_of(one) for one in activations}
    for answer in answers:
        match answer:
            case Saturation():
                covers = [*_slopes(answer.structure), _flatness(answer)]
                yield Certificate("saturation", [defined[answer.activation]], answer, covers)
            case Facts():
                flat = answer.saturation
                covers = [*_slopes(flat.structure), _flatness(flat), against_x(flat.structure)]
                yield Certificate("info", [defined[answer.activation]], answer, covers)
            case Comparison():
                yield from certificates(answer.activations, activations)
                for pair in answer.pairs:
                    both = [defined[pair.a], defined[pair.b]]
                    yield Certificate("compare", both, pair, _apart(pair))


def _slopes(structure: Structure) -> list[Cover]:
    """Where f rises and falls, and how steep it is."""
    return [monotony(structure), bounded("f", 1, structure.window, structure.steepness)]


def _flatness(saturation: Saturation) -> Cover:
    return flatness(saturation.structure, saturation.eps)


def _apart(pair: Pair) -> list[Cover]:
    look = pair.look
    suprema = enumerate((look.largest, look.steepest))
    window = look.window or EVERYWHERE
    return [bounded("f - g", order, window, found) for order, found in suprema]
