"""Operators that scale and shift number by number: Add, Sub, Mul, Div, Neg, BatchNormalization."""

from __future__ import annotations

import numpy as np

from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.place import Place
from actcli.networks.layers import Linear, Scale, batch_norm


def add(place: Place) -> Linear:
    """The sum x + c, from either side."""
    value = _other(place)
    return Scale(place.shape, _ones(value), value, stored=(value,))


def subtract(place: Place) -> Linear:
    """The difference x - c, or c - x."""
    value = _other(place)
    if place.constants[place.node.input[0]] is not None:
        return Scale(place.shape, -_ones(value), value, stored=(value,))
    return Scale(place.shape, _ones(value), -value, stored=(value,))


def multiply(place: Place) -> Linear:
    """The product c x, from either side."""
    value = _other(place)
    return Scale(place.shape, value, stored=(value,))


def divide(place: Place) -> Linear:
    """The quotient x/c."""
    value = _other(place)
    if not value.all():
        place.refuse("Div by a constant that holds 0")
    return Scale(place.shape, 1 / value.astype(np.float64), stored=(value,))


def negate(place: Place) -> Linear:
    """-x."""
    minus = np.full((1,) * len(place.shape), -1.0)
    return Scale(place.shape, minus, kind=place.value.kind, roundings=0)


def _other(place: Place) -> Weights:
    is_first = place.constants[place.node.input[0]] is not None
    return _along(place, place.weights(0 if is_first else 1))


def _along(place: Place, value: Weights) -> Weights:
    """A constant with as many axes as the shape, which it neither enlarges nor tells its batch."""
    shape, rank = place.shape, place.value.rank or 0
    axes = (1,) * (rank - value.ndim) + value.shape
    lead, inner = axes[: rank - len(shape)], axes[rank - len(shape) :]
    fits = all(size in (1, wanted) for size, wanted in zip(inner, shape, strict=False))
    if value.ndim > rank or any(size != 1 for size in lead) or not fits:
        place.refuse(f"{place.node.op_type} of a constant of shape {value.shape}")
    return value.reshape(inner)


def _ones(like: Weights) -> Weights:
    return np.ones((1,) * like.ndim, like.dtype)


def batch_normalization(place: Place) -> Linear:
    """Batch normalisation in inference."""
    if place.attribute("training_mode", 0) or any(place.node.output[1:]):
        place.refuse("BatchNormalization in training is not linear: it divides by its batch")
    if not place.attribute("spatial", 1):
        place.refuse("BatchNormalization of each place on its own is not supported")
    parts = [place.weights(index) for index in range(1, 5)]
    shape = place.batched
    if any(part.shape != shape[:1] for part in parts):
        place.refuse("BatchNormalization of another number of channels")
    gamma, beta, mean, variance = parts
    epsilon = place.attribute("epsilon", 1e-5)
    if not (variance.astype(np.float64) + epsilon > 0).all():
        place.refuse("BatchNormalization with a variance that is not positive")
    return batch_norm(shape, gamma, beta=beta, mean=mean, variance=variance, epsilon=epsilon)
