"""The problems that are drawn: where the points of each class lie."""

from __future__ import annotations

import numpy as np
import pytest

from actcli.networks.training.data import DISC_RADIUS, XOR_MARGIN, generated


def test_the_disc_has_half_the_square() -> None:
    data = generated("circle")
    assert np.pi * DISC_RADIUS**2 == pytest.approx(2)
    assert np.array_equal((data.x**2).sum(axis=1) < DISC_RADIUS**2, data.labels == 1)


def test_xor_has_quadrants_with_empty_strips_between() -> None:
    data = generated("xor")
    assert np.abs(data.x).min() >= XOR_MARGIN
    assert np.array_equal(np.sign(data.x).prod(axis=1) < 0, data.labels == 1)


def test_moons_are_half_circles_of_one_radius() -> None:
    data = generated("moons")
    across, up = 1.5 * data.x[:, 0] + 0.5, 0.75 * data.x[:, 1] + 0.25
    inner = data.labels == 1
    from_centre = np.where(inner, np.hypot(across - 1, up - 0.5), np.hypot(across, up))
    assert from_centre == pytest.approx(np.ones(400))
    assert np.array_equal(up - np.where(inner, 0.5, 0) < 0, inner)


def test_spirals_turn_once_and_lie_half_a_turn_apart() -> None:
    data = generated("spiral")
    radius, angle = np.hypot(*data.x.T), np.arctan2(data.x[:, 1], data.x[:, 0])
    turns = angle / (2 * np.pi) - radius - data.labels / 2
    assert turns - np.round(turns) == pytest.approx(np.zeros(400), abs=1e-12)
    assert radius.min() >= 0.1
    assert radius.max() <= 1


def test_sine_is_one_wave() -> None:
    data = generated("sine")
    assert data.target == pytest.approx(np.sin(np.pi * data.x[:, 0]))
