"""Beside a kink that is no double the derivative is that of the side on which the double lies."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.structure.structure import Structure
from tests.activations.known import kinks
from tests.oracle import exact, ulps

_ODD = (0.3, 1.7, 0.1, -0.3, 1 / 3, 2.1, 7.7)


def variants() -> Iterator[Named]:
    """What has kinks, with odd values of each parameter."""
    for cls in catalogue().values():
        if not kinks(cls()):
            continue
        for declared in cls.parameters():
            for value in (declared.default, *declared.examples, *_ODD):
                try:
                    yield cls(**{declared.name: value})
                except UsageError:
                    continue
    yield from (cls(0.7, 0.3) for name, cls in catalogue().items() if name == "hardsigmoid")


def test_derivatives_at_the_doubles_beside_a_kink() -> None:
    tried = set()
    for activation in {str(each): each for each in variants()}.values():
        for point in Structure(activation).branches.points:
            if point.is_exact:
                continue
            tried.add(activation.name)
            for end in (-math.inf, point.x, math.inf):
                x = math.nextafter(point.x, end)
                value, slope = exact(activation, x)
                assert ulps(float(activation.value(np.array([x]))[0]), value) <= 4
                assert ulps(float(activation.derivative(np.array([x]))[0]), slope) <= 8, (
                    f"{activation}'({x!r}), beside its kink"
                )
    assert tried >= {"hardsigmoid", "clipped_gelu"}


@pytest.mark.parametrize("level", [1.5, 10.0, 39.0, 41.0, 1e10])
def test_where_gelu_comes_to_a_level_it_is_not_yet_clipped(level: float) -> None:
    """It is a little below x there: the kink is just above it."""
    clipped = catalogue()["clipped_gelu"](max_val=level)
    expected = 1.0 if level >= 10 else float(exact(catalogue()["gelu"](), level)[1])
    assert clipped.derivative(np.array([level]))[0] == pytest.approx(expected, rel=1e-15)
    assert clipped.derivative(np.array([level + 0.2 + math.ulp(level)]))[0] == 0
