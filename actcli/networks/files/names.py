"""Which tensor is whose bias, and in which order layers come: read from their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WEIGHT = {"weight", "weights", "kernel", "w", "matrix", "theta"}
_BIAS = {"bias", "biases", "b"}
_OF_BIAS = {"weight": "bias", "weights": "biases", "kernel": "bias", "w": "b", "matrix": "bias"}
_FIRST = {"in", "input", "inputs", "first", "x", "i"}
_LAST = {"out", "output", "outputs", "last", "final", "head", "logits", "y", "o"}
_LINK = re.compile(r"w?([ixhzyo])([ixhzyo])")
"""Two letters that say from what to what: xh, Why."""

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^A-Za-z\d]+")
_POSITIONAL = re.compile(r"arr_(\d+)")

Key = tuple[str, ...]


def layer_of(name: str) -> Key:
    """What is left of a tensor's name without its role: equal for a weight and its bias."""
    pieces = _words(name)
    role = _role_place(pieces)
    return tuple(piece for place, piece in enumerate(pieces) if place != role)


def is_bias(name: str) -> bool:
    """Whether the name says bias."""
    pieces = _words(name)
    place = _role_place(pieces)
    return place is not None and pieces[place] in _BIAS


def is_weight(name: str) -> bool:
    """Whether the name says weight."""
    pieces = _words(name)
    place = _role_place(pieces)
    return place is not None and pieces[place] in _WEIGHT


def bias_beside(weight: str) -> str:
    """The name of the bias that belongs beside a weight."""
    pieces = _PIECES.findall(weight)
    place = _role_place([piece.lower() for piece in pieces])
    if place is None or pieces[place].lower() not in _OF_BIAS:
        return f"{weight}.bias"
    bias = _OF_BIAS[pieces[place].lower()]
    pieces[place] = bias.upper() if pieces[place].isupper() and len(bias) == 1 else bias
    return "".join(pieces)


def _words(name: str) -> list[str]:
    return [piece.lower() for piece in _PIECES.findall(name) if piece[0].isalnum()]


def _role_place(pieces: Sequence[str]) -> int | None:
    """Where a name says weight or bias: the last place that does, a word before a letter."""
    places = [place for place, piece in enumerate(pieces) if piece in _WEIGHT | _BIAS]
    return max(places, key=lambda place: (len(pieces[place]) > 1, place), default=None)


def position(name: str) -> int | None:
    """The number of an array that was saved without a name, `arr_0`."""
    match = _POSITIONAL.fullmatch(name)
    return int(match[1]) if match else None


def link(name: str) -> tuple[str, str] | None:
    """From what to what a weight leads, as in `W_xh` or `weights_input_hidden`; None if unsaid."""
    key = layer_of(name)
    if len(key) == 1 and (letters := _LINK.fullmatch(key[0])):
        return letters[1], letters[2]
    if len(key) == 2 and not any(piece.isdigit() for piece in key):
        return key[0], key[1]
    return None


def recurrent(names: Iterable[str]) -> str | None:
    """The name of a weight that leads from a state to itself: `W_hh`, `weight_hh_l0`."""
    for name in names:
        pair = link(name)
        if (pair and pair[0] == pair[1]) or {"hh", "whh", "recurrent"} & set(_words(name)):
            return name
    return None


def in_order(names: Sequence[str]) -> list[str] | None:
    """The names as the layers follow one another; None where they do not say.

    They say it by links from one to the next, or by numbers that are all that tells them apart, but
    for a first and a last one that are called so.
    """
    return _by_links(names) or _by_numbers(names)


def _by_links(names: Sequence[str]) -> list[str] | None:
    links = {name: link(name) for name in names}
    after = {pair[0]: name for name, pair in links.items() if pair}
    ends = {pair[1] for pair in links.values() if pair}
    starts = [start for start in after if start not in ends]
    if len(starts) != 1 or len(after) != len(names) or len(names) < 2:
        return None
    order: list[str] = []
    here = starts[0]
    while here in after and len(order) < len(names):
        order.append(after[here])
        pair = links[after[here]]
        assert pair is not None
        here = pair[1]
    if len(order) < len(names):
        return None
    if here in _LAST or starts[0] in _FIRST:
        return order
    return order[::-1] if here in _FIRST or starts[0] in _LAST else None


def _by_numbers(names: Sequence[str]) -> list[str] | None:
    keys = {name: _place(name) for name in names}
    inner = {words for stage, words, _ in keys.values() if stage == 0}
    places = [(stage, number) for stage, _, number in keys.values()]
    if len(inner) > 1 or len(set(places)) < len(names):
        return None
    return sorted(names, key=lambda name: (keys[name][0], keys[name][2]))


def _place(name: str) -> tuple[int, Key, tuple[int, ...]]:
    """Whether a name is that of a first, an inner or a last layer, its words and its numbers."""
    key = layer_of(name)
    words = tuple(piece for piece in key if not piece.isdigit())
    stage = (-1 if set(words) & _FIRST else 0) + (1 if set(words) & _LAST else 0)
    return stage, words, tuple(int(piece) for piece in key if piece.isdigit())


def number(name: str, among: Sequence[str]) -> tuple[int, ...] | None:
    """The number of a tensor in the counting of the weights; None where it is no part of it."""
    counted = {_counted(weight)[0] for weight in among}
    words, numbers = _counted(name)
    return numbers if numbers and counted == {words} else None


def _counted(name: str) -> tuple[Key, tuple[int, ...]]:
    """The words before the first number of a name, and its numbers."""
    key = layer_of(name)
    first = next((place for place, piece in enumerate(key) if piece.isdigit()), len(key))
    return key[:first], tuple(int(piece) for piece in key if piece.isdigit())


def by_number(names: Iterable[str]) -> list[str]:
    """The names in alphabetical order, numbers in them by their value."""
    return sorted(
        names,
        key=lambda name: [
            (piece.isdigit(), int(piece) if piece.isdigit() else 0, piece)
            for piece in _PIECES.findall(name)
        ],
    )
