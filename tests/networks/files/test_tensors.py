"""npz and safetensors: what is taken for a chain, how it is mapped, and how it is saved."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
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
from actcli.networks.files import names
from actcli.networks.files.hints import Hints
from actcli.networks.files.interface import check_finite
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.layers import Dense, through
from actcli.networks.stack import stack
from tests.conftest import Run
from tests.present import present

rng = np.random.default_rng(11)


def weights(*shape: int, kind: Any = np.float32) -> np.ndarray:
    return rng.standard_normal(shape).astype(kind)


Tensors = dict[str, Any]
"""Arrays by name."""

TORCH: Tensors = {
    "0.weight": weights(12, 5),
    "0.bias": weights(12),
    "2.weight": weights(7, 12),
    "2.bias": weights(7),
    "10.weight": weights(3, 7),
    "10.bias": weights(3),
}
"""Three Linear layers; as text, 10 comes before 2."""

KERAS: Tensors = {
    "dense/kernel": weights(5, 12),
    "dense/bias": weights(12),
    "dense_1/kernel": weights(12, 12),
    "dense_1/bias": weights(12),
    "dense_2/kernel": weights(12, 3),
}


def torch_forward(x: np.ndarray) -> np.ndarray:
    for layer in (0, 2, 10):
        x = x @ TORCH[f"{layer}.weight"].T.astype(float) + TORCH[f"{layer}.bias"]
    return x


def keras_forward(x: np.ndarray) -> np.ndarray:
    for layer in ("dense", "dense_1", "dense_2"):
        x = x @ KERAS[f"{layer}/kernel"].astype(float) + KERAS.get(f"{layer}/bias", 0)
    return x


def store(path: Path, tensors: Tensors) -> Path:
    if path.suffix == ".npz":
        np.savez(path, **tensors)
    else:
        safetensors.numpy.save_file(tensors, path, {"format": "pt"})
    return path


def load(path: Path) -> dict[str, np.ndarray]:
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    return safetensors.numpy.load_file(path)


SUFFIXES = pytest.mark.parametrize("suffix", [".npz", ".safetensors"])


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


def refusal(path: Path, hints: Hints | None = None) -> str:
    with pytest.raises(ActcliError) as refused:
        read(path, hints or Hints())
    assert refused.value.exit_code == 1
    assert "\n" not in str(refused.value)
    return str(refused.value)


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


@SUFFIXES
@pytest.mark.parametrize(("bad", "what"), [(np.nan, "NaN"), (-np.inf, "an infinity")])
def test_weights_that_are_no_numbers_are_named(
    tmp_path: Path, suffix: str, bad: float, what: str
) -> None:
    tensors = {name: array.copy() for name, array in TORCH.items()}
    tensors["2.weight"][4, 9] = bad
    message = refusal(store(tmp_path / f"m{suffix}", tensors))
    assert f"2.weight holds {what}, at (4, 9)" in message


def test_the_place_is_told_in_a_long_array_too() -> None:
    weights = np.zeros((3000, 2))
    weights[2500, 1] = np.inf
    with pytest.raises(ActcliError, match=r"w holds an infinity, at \(2500, 1\)"):
        check_finite("w", weights)


@SUFFIXES
def test_damage_is_one_line(tmp_path: Path, suffix: str) -> None:
    whole = store(tmp_path / f"m{suffix}", TORCH).read_bytes()
    cut = tmp_path / f"cut{suffix}"
    for size in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:size])
        refusal(cut)


def test_a_flipped_bit_is_seen(tmp_path: Path) -> None:
    raw = bytearray(store(tmp_path / "m.npz", TORCH).read_bytes())
    raw[200] ^= 1
    (tmp_path / "bad.npz").write_bytes(raw)
    refusal(tmp_path / "bad.npz")


def test_pickles_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", w=np.array([{}, print], object), allow_pickle=True)
    assert "pickled" in refusal(tmp_path / "m.npz")


@pytest.mark.parametrize("header", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x02\x00{\n"])
def test_a_member_that_is_no_array_is_refused(tmp_path: Path, header: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        archive.writestr("w.npy", header)
    refusal(tmp_path / "m.npz")


def test_a_member_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        member, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
    )
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        archive.writestr("w.npy", member.getvalue())
    refusal(tmp_path / "m.npz")


def test_nothing_to_fold_is_told(tmp_path: Path) -> None:
    assert "no 2-D tensor" in refusal(store(tmp_path / "m.npz", {"a": weights(3)}))
    assert "No such file" in refusal(tmp_path / "missing.npz")


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


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_bit_in_a_long_array_is_found(tmp_path: Path, place: float, packed: bool) -> None:
    path = tmp_path / "m.npz"
    arrays: Tensors = {
        f"W{n}": np.random.default_rng(n).standard_normal((200, 200)) for n in (1, 2)
    }
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    assert "no sound npz file" in refusal(path)


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
