"""Which bias is whose: by the width of a layer's output, then by names, then by order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actcli.errors import ActcliError
from actcli.networks.files import names

SHOWN = 4
"""Possibilities that an error shows."""

WAYS = 100
"""Ways to pair that are looked at."""


class AmbiguousError(ActcliError):
    """The tensors can be read in more than one way; the message names the option that decides."""


class MisfitError(Exception):
    """The tensors make no chain read in one way; `layer` is how far it went."""

    def __init__(self, layer: int, why: str) -> None:
        super().__init__(why)
        self.layer = layer


def paired(
    widths: Mapping[str, int],
    said: Mapping[str, str],
    sizes: Mapping[str, int],
    given: Mapping[str, str],
    *,
    ordered: bool,
) -> dict[str, str]:
    """Each layer's bias by the name of its weight, all biases used.

    `widths` are the outputs of the layers in their order, `said` what a message calls them, `sizes`
    the lengths of the biases in the order of the file, which `ordered` says to mean something, and
    `given` the pairs that the user has named.

    Raises:
        MisfitError: a bias fits nowhere.
        AmbiguousError: they fit in more than one way.
    """
    pairs = dict(given) | _of_one_name(widths, sizes, given)
    for number, (weight, width) in enumerate(widths.items()):
        if weight in pairs and sizes.get(pairs[weight]) != width:
            bias = pairs[weight]
            why = f"{said[weight]} gives {width} numbers, but {bias} has {sizes.get(bias, 'none')}"
            raise MisfitError(number, why)
    left = [bias for bias in sizes if bias not in pairs.values()]
    free = [weight for weight in widths if weight not in pairs]
    ways = list(_assigned(left, free, sizes, widths))
    if not ways:
        lengths = ", ".join(f"{bias} ({sizes[bias]})" for bias in left)
        raise MisfitError(len(widths), f"{lengths}: no layer gives as many numbers")
    return pairs | _decided(ways, left, free, ordered)


def _of_one_name(
    widths: Mapping[str, int], sizes: Mapping[str, int], given: Mapping[str, str]
) -> dict[str, str]:
    """Biases whose names are those of weights but for the role."""
    keys = [names.layer_of(weight) for weight in widths]
    pairs: dict[str, str] = {}
    for bias in (name for name in sizes if name not in given.values()):
        key = names.layer_of(bias)
        alike = [w for w in widths if names.layer_of(w) == key and w not in {*given, *pairs}]
        if alike and keys.count(key) == 1:
            pairs[alike[0]] = bias
    return pairs


def _decided(
    ways: Sequence[dict[str, str]], left: Sequence[str], free: Sequence[str], ordered: bool
) -> dict[str, str]:
    """The one way to pair: where more than one fits, by names, then by order.

    Raises:
        AmbiguousError: neither decides.
    """
    if len(ways) == 1:
        return ways[0]
    named = [way for way in ways if all(_belongs(bias, weight) for weight, bias in way.items())]
    if len(named) == 1:
        return named[0]
    row = names.in_order(left) or (list(left) if ordered else None)
    if row and len(left) == len(free) and not named:
        following = dict(zip(free, row, strict=True))
        if following in ways:
            return following
    shown = [
        " ".join(f"--pair {weight}={bias}" for weight, bias in way.items())
        for way in (named or ways)[:SHOWN]
    ]
    raise AmbiguousError(f"the biases fit in more than one way: say {' or '.join(shown)}")


def _belongs(bias: str, weight: str) -> bool:
    """Whether a bias is named after what its weight leads to: bias_hidden, weights_input_hidden."""
    key, end = names.layer_of(bias), names.layer_of(weight)
    pair = names.link(weight)
    return bool(key) and (end[-len(key) :] == key or (pair is not None and key == (pair[1],)))


def _assigned(
    biases: Sequence[str],
    weights: Sequence[str],
    sizes: Mapping[str, int],
    widths: Mapping[str, int],
) -> Iterator[dict[str, str]]:
    """Ways to give each bias a layer of its width."""
    count = 0
    stack: list[dict[str, str]] = [{}]
    while stack and count < WAYS:
        way = stack.pop()
        if len(way) == len(biases):
            count += 1
            yield {weight: way[weight] for weight in weights if weight in way}
            continue
        bias = biases[len(way)]
        stack += [
            way | {weight: bias}
            for weight in reversed(weights)
            if weight not in way and sizes[bias] == widths[weight]
        ]
