"""Which folds are carried out: those that shrink the work, or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actcli.errors import ActcliError
from actcli.networks.folding.affordable import too_large, too_long
from actcli.networks.folding.fold import is_single
from actcli.networks.folding.forms import Folded
from actcli.networks.folding.parts import affordable_groups
from actcli.networks.folding.product import Advance, idle
from actcli.networks.folding.proof.number_range import fold_in_range
from actcli.networks.layers import Layer, Linear
from actcli.networks.network import Network, Run, span


@dataclass(frozen=True)
class Replacement:
    """Neighbours in a run of a network, and what they fold to."""

    run: Run
    group: range
    """Their places in the run."""
    folded: Folded

    @property
    def layers(self) -> Sequence[Linear]:
        """The layers that go."""
        return [self.run.layers[place] for place in self.group]

    @property
    def numbers(self) -> Sequence[int]:
        """Their numbers in the network."""
        return [self.run.numbers[place] for place in self.group]


def plan(network: Network, *, always: bool = False, advance: Advance = idle) -> list[Replacement]:
    """The folds that leave the network with the least work; `always`, every run in one.

    Raises:
        ActcliError: a fold leaves the numbers that its type can hold.
    """
    return list(_plan(network, always, advance))


def in_place(
    network: Network, replacements: Sequence[Replacement]
) -> Iterator[Layer | Replacement]:
    """The network from input to output: the folds, and the layers that stay."""
    starts = {replacement.numbers[0]: replacement for replacement in replacements}
    number = 1
    while number <= len(network.layers):
        if replacement := starts.get(number):
            yield replacement
            number += len(replacement.numbers)
        else:
            yield network.layers[number - 1]
            number += 1


def replaced(network: Network, replacements: Sequence[Replacement]) -> list[Layer]:
    """The layers of the network with the folds in their place."""
    layers: list[Layer] = []
    for part in in_place(network, replacements):
        layers += part.folded.layers if isinstance(part, Replacement) else [part]
    return layers


def _plan(network: Network, always: bool, advance: Advance) -> Iterator[Replacement]:
    for run in network.runs:
        for group in _groups(run, always):
            layers = [run.layers[place] for place in group]
            folded, why = fold_in_range(layers, advance, least=not always or is_single(layers))
            if folded is None:
                numbers = span([run.numbers[place] for place in group])
                raise ActcliError(f"layers {numbers} are not folded, nothing is saved: {why}")
            if folded.is_fold:
                kept = replace(folded, in_double=folded.core)  # the doubles have done their work
                yield Replacement(run, group, kept)


def _groups(run: Run, always: bool) -> list[range]:
    """The neighbours to fold; those that pay where all in one would be too large."""
    if too_long(run.layers):
        return []
    if always and not too_large(run.layers):
        return [range(len(run.layers))]
    return affordable_groups(run.layers)
