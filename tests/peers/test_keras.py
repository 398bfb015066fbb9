"""The activations of Keras and of TensorFlow against our tables."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from tests.peers.agreement import Array, Peer, check, imported, known

tf = imported("tensorflow")
keras = imported("keras")

SINGLE = 3e-8
"""Slopes are kept in single precision, and so is a constant of gelu."""


@pytest.fixture(autouse=True)
def double_precision() -> None:
    keras.config.set_floatx("float64")


def peer(function: Any) -> Peer:
    def called(x: Array) -> tuple[Array, Array]:
        at = tf.constant(x[:, np.newaxis])
        with tf.GradientTape() as tape:
            tape.watch(at)
            values = function(at)
        return values.numpy()[:, 0], tape.gradient(values, at).numpy()[:, 0]

    return called


def named(name: str) -> Any:
    if name == "threshold":
        return partial(keras.activations.threshold, threshold=0.0, default_value=0.0)
    if name[0].isupper():
        return getattr(keras.layers, name)(dtype="float64")
    return keras.activations.get(name)


@pytest.mark.parametrize("name", FRAMEWORKS["keras"].names)
def test_a_name_means_what_the_table_says(name: str) -> None:
    check("keras", name, peer(named(name)), within=SINGLE)


@pytest.mark.parametrize("name", FRAMEWORKS["tf"].names)
def test_a_name_of_tensorflow(name: str) -> None:
    check("tf", name, peer(getattr(tf.nn, name, None) or getattr(tf.math, name)), within=SINGLE)


def test_no_name_is_missing() -> None:
    others = {"get", "serialize", "deserialize"}
    assert {name for name in dir(keras.activations) if name[0] != "_"} - others <= known("keras")
    assert {name for name in dir(tf.nn) if name.endswith(("elu", "elu6"))} <= known("tf")
