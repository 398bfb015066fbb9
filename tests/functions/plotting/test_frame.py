"""How high a picture is: what of a steep derivative and of a pole is shown."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.functions.plotting.frame import MARGIN, HeightScale, frame
from actcli.numeric.arrays import Array

X = np.linspace(0.0, 1.0, 1001)


@pytest.mark.parametrize(
    ("peak", "top"),
    [(0.5, 1.0), (3.9, 3.9), (4.1, 2.0), (40.0, 2.0)],
)
def test_a_derivative_may_be_four_times_as_high_as_the_function(peak: float, top: float) -> None:
    """Beyond that it gets as much room again as the function has."""

    def rows(x: Array) -> Array:
        return np.stack([x, peak * np.sin(np.pi * x) ** 2])

    low, high = frame(rows, X, rows(X), HeightScale())
    assert (low, high) == pytest.approx((-MARGIN * top, top + MARGIN * top))


@pytest.mark.parametrize(("height", "top"), [(3.5, 3.5), (3.8, 0.96), (100.0, 0.96)])
def test_a_pole_is_what_stands_alone_above_four_times_the_rest(height: float, top: float) -> None:
    """The rest is all but a twenty-fifth at each end."""

    def rows(x: Array) -> Array:
        return np.where(x == 0.5, height, x)[np.newaxis]

    low, high = frame(rows, X, rows(X), HeightScale())
    assert (low, high) == pytest.approx((-MARGIN * top, top + MARGIN * top), abs=2e-3)
