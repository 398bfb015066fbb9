"""How a folded chain of tensors is saved."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
import pytest
import safetensors.numpy

from actcli.errors import ActcliError
from actcli.find import find
from actcli.networks.files.hints import Hints
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.stack import stack
from tests.conftest import Run
from tests.networks.files.tensor_files import (
    KERAS,
    SUFFIXES,
    TORCH,
    load,
    rng,
    store,
    torch_forward,
    weights,
)
from tests.present import present


@SUFFIXES
def test_the_folded_file_has_the_last_layers_names(tmp_path: Path, suffix: str) -> None:
    source, target = store(tmp_path / f"m{suffix}", TORCH), tmp_path / f"folded{suffix}"
    saved = save(read(source), target)
    after = load(target)
    assert after.keys() == {"10.weight", "10.bias"}
    assert after["10.weight"].dtype == np.float32
    x = rng.standard_normal((6, 5))
    folded = x @ after["10.weight"].T.astype(float) + after["10.bias"]
    np.testing.assert_allclose(
        folded, torch_forward(x), rtol=0, atol=present(saved.agreement.bound)
    )
    if suffix == ".safetensors":
        with safetensors.safe_open(target, "numpy") as file:
            assert file.metadata() == {"format": "pt"}


def test_keras_keeps_its_layout_and_gets_a_bias(tmp_path: Path) -> None:
    save(read(store(tmp_path / "m.npz", KERAS)), tmp_path / "f.safetensors")
    after = load(tmp_path / "f.safetensors")
    assert {name: array.shape for name, array in after.items()} == {
        "dense_2/kernel": (5, 3),
        "dense_2/bias": (3,),
    }


def test_a_chain_becomes_onnx(tmp_path: Path) -> None:
    import onnxruntime

    target = tmp_path / "m.onnx"
    saved = save(read(store(tmp_path / "m.npz", TORCH), Hints(activation=find("relu"))), target)
    assert saved.folds == []
    session = onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
    x = rng.standard_normal((6, 5)).astype(np.float32)
    h = x
    for layer in (0, 2, 10):
        h = h @ TORCH[f"{layer}.weight"].T + TORCH[f"{layer}.bias"]
        h = np.maximum(h, 0) if layer != 10 else h
    np.testing.assert_allclose(session.run(None, {"input": x})[0], h, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("function", "operator"),
    [
        ("gelu", "Gelu"),
        ("gelu_tanh", "Gelu"),
        ("silu", "Sigmoid"),
        ("mish", "Mish"),
        ("elu:alpha=0.5", "Elu"),
        ("softplus", "Softplus"),
        ("leaky_relu", "LeakyRelu"),
        ("hardshrink", "Where"),
        ("tanh", "Tanh"),
        ("x*atan(x)", "Atan"),
    ],
)
def test_a_stack_with_any_function_is_written(
    run: Run, tmp_path: Path, function: str, operator: str
) -> None:
    """By its operator or its formula; in float32 where ONNX Runtime has no float64 of it."""
    target = tmp_path / "m.onnx"
    assert run("collapse", "4", function, "3", "--save", str(target)).exit_code == 0
    assert operator in [node.op_type for node in onnx.load(target).graph.node]
    session = onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
    kind = {"tensor(float)": np.float32, "tensor(double)": float}[session.get_inputs()[0].type]
    x = np.random.default_rng(4).standard_normal((9, 4)).astype(kind)
    (layer,) = stack(["4", "3"], find).layers
    expected = layer(find(function).value(x.astype(float)))
    close = 1e-12 if kind is float else 3e-6
    np.testing.assert_allclose(session.run(None, {"input": x})[0], expected, rtol=0, atol=close)


@pytest.mark.parametrize("kind", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
@SUFFIXES
def test_every_float_is_rounded_once(tmp_path: Path, suffix: str, kind: Any) -> None:
    first, second = weights(6, 4, kind=kind), weights(3, 6, kind=kind)
    source = store(tmp_path / f"m{suffix}", {"a.0.weight": first, "a.1.weight": second})
    save(read(source), tmp_path / f"f{suffix}")
    (after,) = load(tmp_path / f"f{suffix}").values()
    expected = (second.astype(float) @ first.astype(float)).astype(kind)
    np.testing.assert_array_equal(after.view(expected.dtype), expected)


def test_what_is_no_dense_layer_stays_and_parts_the_runs(tmp_path: Path) -> None:
    tensors = TORCH | {
        "1.running_mean": weights(12),
        "1.steps": np.array(5),
        "3.k": weights(2, 2, 2),
    }
    source = store(tmp_path / "m.npz", tensors)
    model = read(source)
    assert [run.numbers for run in model.network.runs] == [(1,), (3,), (5,)]
    assert [barrier.name for barrier in model.network.barriers] == [
        "1.running_mean, 1.steps",
        "3.k",
    ]
    save(model, tmp_path / "f.npz")
    after = load(tmp_path / "f.npz")
    assert after.keys() == tensors.keys()


def test_a_fold_too_large_for_its_type_is_not_saved(tmp_path: Path) -> None:
    large = np.full((4, 4), 3e4, np.float16)
    source = store(tmp_path / "m.npz", {"0.w": large, "1.w": large})
    with pytest.raises(ActcliError, match="too large for float16"):
        save(read(source, Hints("out-in")), tmp_path / "f.npz")
    assert not (tmp_path / "f.npz").exists()


@pytest.mark.parametrize(
    ("sizes", "kind", "why"),
    [
        ((1e300, 1e300), np.float64, "too large for float64"),
        ((1e30, 1e30), np.float32, "too large for float32"),
        ((5e-324, 1e-300, 1e300), np.float64, "too small for float64"),
        ((1e-30, 1e-30), np.float32, "too small for float32"),
    ],
)
def test_numbers_that_leave_their_type_are_not_folded(
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    sizes: tuple[float, ...],
    kind: type[np.floating[Any]],
    why: str,
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    tensors = {f"{n}.weight": np.full((n + 3, n + 2), size, kind) for n, size in enumerate(sizes)}
    source, target = store(tmp_path / "m.npz", tensors), tmp_path / "f.npz"
    told = run("collapse", str(source))
    assert told.exit_code == 0
    text = " ".join(told.stdout.split())
    assert f"1-{len(sizes)} {', '.join(tensors)} the" in text
    assert why in text
    refused = run("collapse", str(source), "--save", str(target), "--always")
    assert refused.exit_code == 1
    assert why in refused.stderr
    assert not target.exists()
    command = [sys.executable, "-m", "actcli", "collapse", str(source), "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert json.loads(done.stdout)["results"][0]["runs"] == [], "LAPACK writes past sys.stdout"


def test_layers_that_overflow_where_their_fold_does_not_are_not_folded(
    tmp_path: Path, run: Run
) -> None:
    """Infinity less infinity on the way: no difference to be measured."""
    signs = np.resize(np.array([1, -1, 2], np.float32), (4, 8))
    tensors = {"0.weight": np.full((8, 5), 3e38, np.float32), "1.weight": signs * np.float32(1e-30)}
    (answer,) = run("collapse", str(store(tmp_path / "m.npz", tensors)), "--json").results
    assert answer["runs"] == []
    assert "leave the numbers of float32" in answer["barriers"][0]["why"]


def test_a_model_can_take_the_place_of_its_own_file(tmp_path: Path) -> None:
    """The weights are mapped from the file that is replaced."""
    source = store(tmp_path / "m.npz", TORCH)
    save(read(source), source)
    assert load(source).keys() == {"10.weight", "10.bias"}
    assert [path.name for path in tmp_path.iterdir()] == ["m.npz"]


def test_a_failed_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = store(tmp_path / "m.npz", TORCH), tmp_path / "f.npz"
    target.write_bytes(b"before")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(ActcliError, match="No space left"):
        save(read(source), target)
    assert target.read_bytes() == b"before"
    assert {path.name for path in tmp_path.iterdir()} == {"m.npz", "f.npz"}
