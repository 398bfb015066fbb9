"""Sampling more and more densely, until nothing further shows or there is no end of it."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.errors import CrowdedError
from actcli.numeric.floats import step
from actcli.numeric.sampling import denser, on_each, resolved


def peaks(x: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Where sin(phase) turns down."""
    heights = np.sin(phase)
    return x[1:-1][(heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])]


def test_samples_too_few_are_made_more() -> None:
    points = resolved(lambda x: peaks(x, x), np.linspace(0, 1000, 200))
    assert peaks(points, points).size == 159


def test_what_has_no_end_says_where() -> None:
    with pytest.raises(CrowdedError, match="turns too often from"):
        resolved(lambda x: peaks(x, 1 / x), np.geomspace(1e-300, 1, 4000))


def test_there_is_an_end_to_the_doubles() -> None:
    few = np.array([1.0, step(1.0), step(1.0, 2)])
    assert np.array_equal(denser(few), few)
    assert np.array_equal(resolved(lambda x: np.repeat(x, 10), few), few)


def test_a_function_is_asked_once() -> None:
    parts = [np.array([1.0, 2.0]), np.empty(0), np.array([3.0])]
    assert [part.tolist() for part in on_each(np.square, parts)] == [[1.0, 4.0], [], [9.0]]
    assert on_each(np.square, []) == []
