"""The second look at a network before it is saved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actcli.errors import ActcliError
from actcli.find import find
from actcli.networks.folding.proof.same import check_same
from actcli.networks.layers import Dense
from actcli.networks.network import Network, path
from actcli.networks.stack import stack


def with_weights(network: Network, factor: float) -> Network:
    """The same network with one weight of its first layer multiplied."""
    first, *others = network.layers
    assert isinstance(first, Dense)
    weight = np.array(first.weight)
    weight[0, 0] *= factor
    return path(network.source, [replace(first, weight=weight), *others])


NETWORK = stack(["6", "5", "relu", "4", "3"], find)


def test_a_network_is_itself() -> None:
    check_same(NETWORK, with_weights(NETWORK, 1.0))


@pytest.mark.parametrize("factor", [1 + 1e-9, 1.01, -1.0, np.nan])
def test_one_weight_that_is_off_is_seen(factor: float) -> None:
    with pytest.raises(ActcliError, match=r"off by .*: not saved"):
        check_same(NETWORK, with_weights(NETWORK, factor))


@pytest.mark.parametrize(
    ("other", "said"), [("6 5 relu 4 2", "other widths"), ("6 5 4 3", "other layers")]
)
def test_another_shape_is_seen(other: str, said: str) -> None:
    with pytest.raises(ActcliError, match=said):
        check_same(NETWORK, stack(other.split(), find))
