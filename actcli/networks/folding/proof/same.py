"""Whether two networks compute the same, linear run by linear run."""

from __future__ import annotations

import numpy as np

from actcli.errors import ActcliError
from actcli.networks.folding.proof.deviation import network_type
from actcli.networks.folding.proof.error_bound import UNITS, error_bound
from actcli.networks.layers import through
from actcli.networks.network import Network

INPUTS = 8
"""Random inputs of the comparison."""


def check_same(one: Network, other: Network) -> None:
    """Run the two beside each other at standard normal inputs.

    Raises:
        ActcliError: they differ by more than rounding explains, or in shape.
    """
    if len(one.runs) != len(other.runs):
        raise ActcliError("what would be written has other layers than what was read: not saved")
    rng = np.random.default_rng(0)
    for first, second in zip(one.runs, other.runs, strict=True):
        before, after = first.layers, second.layers
        name = before[-1].label
        if (before[0].shape, before[-1].output_shape) != (after[0].shape, after[-1].output_shape):
            raise ActcliError(
                f"{name} would be written with other widths than were read: not saved"
            )
        x = rng.standard_normal((INPUTS, *before[0].shape))
        apart = np.abs(through(before, x) - through(after, x)).max()
        limit = error_bound(before, after, x, UNITS[network_type(one)]).max()
        if not apart <= limit:
            raise ActcliError(
                f"{name}, written and read again, is off by {apart:.3g}, more than rounding "
                f"explains ({limit:.3g}): not saved"
            )
