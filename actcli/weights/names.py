"""Which tensor is whose bias, and in which order layers come: read from their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WEIGHT = {"weight", "weights", "kernel", "w", "matrix"}
_BIAS = {"bias", "biases", "b"}
_OF_BIAS = {"weight": "bias", "weights": "biases", "kernel": "bias", "w": "b", "matrix": "bias"}

_PIECES = re.compile(r"[A-Za-z]+|\d+|[^A-Za-z\d]+")
_POSITIONAL = re.compile(r"arr_(\d+)")


def layer_of(name: str) -> tuple[str, ...]:
    """What is left of a tensor's name without its role: equal for a weight and its bias."""
    pieces = [piece.lower() for piece in _PIECES.findall(name) if piece[0].isalnum()]
    role = _role_place(pieces)
    return tuple(piece for place, piece in enumerate(pieces) if place != role)


def is_bias(name: str) -> bool:
    """Whether the name says bias."""
    pieces = [piece.lower() for piece in _PIECES.findall(name) if piece[0].isalnum()]
    place = _role_place(pieces)
    return place is not None and pieces[place] in _BIAS


def bias_beside(weight: str) -> str:
    """The name of the bias that belongs beside a weight."""
    pieces = _PIECES.findall(weight)
    place = _role_place([piece.lower() for piece in pieces])
    if place is None:
        return f"{weight}.bias"
    bias = _OF_BIAS[pieces[place].lower()]
    pieces[place] = bias.upper() if pieces[place].isupper() and len(bias) == 1 else bias
    return "".join(pieces)


def _role_place(pieces: Sequence[str]) -> int | None:
    """Where a name says weight or bias: the last place that does."""
    places = [place for place, piece in enumerate(pieces) if piece in _WEIGHT | _BIAS]
    return places[-1] if places else None


def position(name: str) -> int | None:
    """The number of an array that was saved without a name, `arr_0`."""
    match = _POSITIONAL.fullmatch(name)
    return int(match[1]) if match else None


def by_number(names: Iterable[str]) -> list[str]:
    """The names in alphabetical order, numbers in them by their value."""
    return sorted(
        names,
        key=lambda name: [
            (piece.isdigit(), int(piece) if piece.isdigit() else 0, piece)
            for piece in _PIECES.findall(name)
        ],
    )


def are_numbered(names: Sequence[str]) -> bool:
    """Whether the names differ in numbers alone, so that these give the order."""
    return len({re.sub(r"\d+", "#", name) for name in names}) == 1 and "#" in re.sub(
        r"\d+", "#", names[0]
    )
