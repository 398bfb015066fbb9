"""The activations of Keras and of TensorFlow against our tables."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from actcli.activations.frameworks import FRAMEWORKS
from actcli.activations.registry import Named
from actcli.errors import UsageError
from actcli.find import find
from tests.peers.agreement import GRID, Array, Peer, calls, check, check_call, imported, known

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


@pytest.mark.parametrize(("activation", "call"), [*calls("keras"), *calls("tf")])
def test_what_is_called_is_the_function(activation: Named, call: str) -> None:
    x = tf.constant(GRID)
    found = eval(call, {"keras": keras, "tf": tf, "x": x})
    values = found if "(x" in call else found(x[:, np.newaxis])[:, 0]
    check_call(activation, values.numpy(), SINGLE)


@pytest.mark.parametrize(
    "params",
    [
        {"max_value": 6.0},
        {"max_value": 2.0, "negative_slope": 0.1},
        {"threshold": 1.0},
        {"threshold": 1.5, "negative_slope": 0.25},
        {"threshold": -1.0, "negative_slope": 0.5, "max_value": 3.0},
        {"threshold": 2.0, "max_value": 3.0},
    ],
)
def test_the_relu_of_many_parameters(params: dict[str, float]) -> None:
    text = ",".join(f"{key}={value}" for key, value in params.items())
    ours = find(f"keras.relu:{text}").value(GRID)
    theirs = keras.activations.relu(tf.constant(GRID), **params)
    np.testing.assert_allclose(ours, theirs.numpy(), atol=SINGLE)
    if min(params.values()) < 0:
        with pytest.raises(UsageError, match=r"keras\.ReLU: threshold must be at least 0"):
            find(f"keras.ReLU:{text}")
    else:
        layer = keras.layers.ReLU(**params, dtype="float64")
        assert find(f"keras.ReLU:{text}") == find(f"keras.relu:{text}")
        np.testing.assert_allclose(ours, layer(GRID), atol=SINGLE)


def test_no_name_is_missing() -> None:
    others = {"get", "serialize", "deserialize"}
    assert {name for name in dir(keras.activations) if name[0] != "_"} - others <= known("keras")
    assert {name for name in dir(tf.nn) if name.endswith(("elu", "elu6"))} <= known("tf")
