"""How networks begin: the size of each layer's weights by its scheme."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from actcli.find import find
from actcli.networks.training.initial import initial

SIZES = (200, 300, 400, 100)


@pytest.mark.parametrize("init", ["he", "glorot", "torch-linear"])
def test_weights_and_biases_have_the_deviation_of_the_scheme(init: str) -> None:
    """The last layer has sigma_w 1; the sampling error of 20,000 squares is under 5 % here."""
    network = initial(find("relu"), SIZES, init, np.sqrt(2), seed=0)
    sigmas = np.sqrt(2), np.sqrt(2), 1.0
    for (fan_in, fan_out), sigma, weight, bias in zip(
        pairwise(SIZES), sigmas, network.weights, network.biases, strict=True
    ):
        variance = {
            "he": sigma**2 / fan_in,
            "glorot": 2 / (fan_in + fan_out),
            "torch-linear": 1 / (3 * fan_in),
        }[init]
        assert weight.var() == pytest.approx(variance, rel=0.05)
        if init == "torch-linear":
            assert np.abs(np.append(weight, bias)).max() <= fan_in**-0.5
            assert bias.any()
        else:
            assert not bias.any()
