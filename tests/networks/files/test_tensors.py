"""npz and safetensors: what is taken for a chain, and how it is mapped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from actcli.errors import ActcliError
from actcli.find import find
from actcli.networks.files import names
from actcli.networks.files.hints import Hints
from actcli.networks.files.reading import read
from actcli.networks.layers import Dense, through
from tests.networks.files.tensor_files import (
    KERAS,
    SUFFIXES,
    TORCH,
    Tensors,
    keras_forward,
    refusal,
    rng,
    store,
    torch_forward,
    weights,
)


@SUFFIXES
@pytest.mark.parametrize(("tensors", "forward"), [(TORCH, torch_forward), (KERAS, keras_forward)])
def test_a_chain_is_read_in_order_and_layout(
    tmp_path: Path, suffix: str, tensors: Tensors, forward: Callable[[np.ndarray], np.ndarray]
) -> None:
    network = read(store(tmp_path / f"m{suffix}", tensors)).network
    x = rng.standard_normal((6, 5))
    np.testing.assert_allclose(through(network.layers, x), forward(x), rtol=1e-12)
    (run,) = network.runs
    assert len(run.layers) == 3
    assert "nothing stands between" in network.notes[0]


@SUFFIXES
def test_weights_are_mapped(tmp_path: Path, suffix: str) -> None:
    for layer in read(store(tmp_path / f"m{suffix}", TORCH)).network.layers:
        assert isinstance(layer, Dense)
        base = layer.weight
        while base.base is not None and not isinstance(base, np.memmap):
            base = base.base
        assert isinstance(base, np.memmap)
        assert not base.flags.writeable


def test_packed_and_fortran_arrays_are_read(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "packed.npz", **TORCH)
    turned: Tensors = {name: np.asfortranarray(array) for name, array in TORCH.items()}
    np.savez(tmp_path / "turned.npz", **turned)
    x = rng.standard_normal((2, 5))
    for name in ("packed", "turned"):
        layers = read(tmp_path / f"{name}.npz").network.layers
        np.testing.assert_allclose(through(layers, x), torch_forward(x), rtol=1e-12)


def test_arrays_without_names(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", *TORCH.values())
    x = rng.standard_normal((2, 5))
    layers = read(tmp_path / "m.npz").network.layers
    np.testing.assert_allclose(through(layers, x), torch_forward(x), rtol=1e-12)


def test_an_activation_parts_the_layers(tmp_path: Path) -> None:
    source = store(tmp_path / "m.npz", TORCH)
    assert len(read(source, Hints(activation=find("relu"))).network.runs) == 3
    (run,) = read(source, Hints(activation=find("2*x"))).network.runs
    assert len(run.layers) == 5


@SUFFIXES
def test_square_layers_need_a_layout(tmp_path: Path, suffix: str) -> None:
    tensors = {"0.weight": weights(4, 4), "0.bias": weights(4), "1.weight": weights(4, 4)}
    source = store(tmp_path / f"m{suffix}", tensors)
    with pytest.raises(ActcliError, match="--layout"):
        read(source)
    x = rng.standard_normal((3, 4))
    out_in, in_out = (
        through(read(source, Hints(way)).network.layers, x) for way in ("out-in", "in-out")
    )
    first, bias, second = (tensor.astype(float) for tensor in tensors.values())
    np.testing.assert_allclose(out_in, (x @ first.T + bias) @ second.T)
    np.testing.assert_allclose(in_out, (x @ first + bias) @ second)


def test_a_bias_tells_the_layout(tmp_path: Path) -> None:
    source = store(tmp_path / "m.npz", {"w1": weights(4, 7), "b1": weights(7)})
    assert read(source).network.layers[0].output_shape == (7,)


@SUFFIXES
def test_a_broken_chain_names_the_layer(tmp_path: Path, suffix: str) -> None:
    tensors = {"0.weight": weights(8, 4), "1.weight": weights(7, 3), "2.weight": weights(2, 7)}
    message = refusal(store(tmp_path / f"m{suffix}", tensors))
    assert "1.weight (7x3, out-in) takes 3 numbers, but 0.weight (8x4, out-in) gives 8" in message


def test_a_bias_that_does_not_fit_is_named(tmp_path: Path) -> None:
    tensors = {"0.weight": weights(8, 4), "0.bias": weights(4), "1.weight": weights(3, 8)}
    message = refusal(store(tmp_path / "m.npz", tensors), hints=Hints("out-in"))
    assert "0.weight (8x4, out-in) gives 8 numbers, but 0.bias has 4" in message


def test_a_bias_that_is_nobodys_refuses_the_file(tmp_path: Path) -> None:
    tensors = {"0.weight": weights(8, 4), "0.bias": weights(8), "1.weight": weights(3, 8)}
    message = refusal(store(tmp_path / "m.npz", tensors | {"hidden.bias": weights(6)}))
    assert "hidden.bias" in message


def test_nothing_to_fold_is_told(tmp_path: Path) -> None:
    assert "no 2-D tensor" in refusal(store(tmp_path / "m.npz", {"a": weights(3)}))
    assert "No such file" in refusal(tmp_path / "missing.npz")


@pytest.mark.parametrize(
    ("weight", "bias"),
    [
        ("fc1.weight", "fc1.bias"),
        ("W1", "B1"),
        ("w1", "b1"),
        ("dense/kernel", "dense/bias"),
        ("weights_0", "biases_0"),
        ("fc", "fc.bias"),
    ],
)
def test_a_bias_is_named_after_its_weight(weight: str, bias: str) -> None:
    assert names.bias_beside(weight) == bias
    assert names.layer_of(weight) == names.layer_of(bias)
    assert names.is_bias(bias)
    assert not names.is_bias(weight)
