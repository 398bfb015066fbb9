"""Weight files as people name them: every array is used, or left alone by name, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from actcli.errors import ActcliError
from actcli.networks.files.hints import Hints
from actcli.networks.files.reading import read
from actcli.networks.files.saving import save
from actcli.networks.files.tensors import Chain
from actcli.networks.layers import through

rng = np.random.default_rng(23)


Forward = Callable[[np.ndarray], np.ndarray]


def numbers(*shape: int) -> np.ndarray:
    return rng.standard_normal(shape)


def stored(path: Path, tensors: dict[str, Any]) -> Path:
    if path.suffix == ".npz":
        np.savez(path, **tensors)
    else:
        whole = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
        safetensors.numpy.save_file(whole, path)
    return path


def by_row(tensors: dict[str, np.ndarray], *layers: str) -> Forward:
    """What `x W + b` makes of x, layer by layer: names of weights and biases by turns."""

    def forward(x: np.ndarray) -> np.ndarray:
        for weight, bias in zip(layers[::2], layers[1::2], strict=True):
            x = x @ tensors[weight] + tensors[bias].reshape(-1)
        return x

    return forward


HIDDEN = {
    "weights_input_hidden": numbers(5, 4),
    "weights_hidden_output": numbers(4, 3),
    "bias_hidden": numbers(1, 4),
    "bias_output": numbers(1, 3),
}
HIDDEN_FORWARD = by_row(
    HIDDEN, "weights_input_hidden", "bias_hidden", "weights_hidden_output", "bias_output"
)
MIXED = {"W1": numbers(3, 2), "b1": numbers(3), "WOut": numbers(3, 1), "bOut": numbers(1)}
THETA = {"Theta1": numbers(4, 6), "Theta2": numbers(3, 5)}


def theta_forward(x: np.ndarray) -> np.ndarray:
    for name in ("Theta1", "Theta2"):
        x = np.column_stack([np.ones(len(x)), x]) @ THETA[name].T
    return x


def mixed_forward(x: np.ndarray) -> np.ndarray:
    h: np.ndarray = x @ MIXED["W1"].T + MIXED["b1"]
    return np.asarray(h @ MIXED["WOut"] + MIXED["bOut"])


def row_last(x: np.ndarray) -> np.ndarray:
    for name in ("w0", "w1"):
        x = np.column_stack([x, np.ones(len(x))]) @ ROWS[name]
    return x


ROWS = {"w0": numbers(8, 10), "w1": numbers(11, 3)}


def reordered(tensors: dict[str, np.ndarray], *order: int) -> dict[str, np.ndarray]:
    names = list(tensors)
    return {names[place]: tensors[names[place]] for place in order}


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize(
    ("tensors", "forward", "width", "hints"),
    [
        (HIDDEN, HIDDEN_FORWARD, 5, Hints()),
        (reordered(HIDDEN, 0, 2, 1, 3), HIDDEN_FORWARD, 5, Hints()),
        (reordered(HIDDEN, 3, 1, 2, 0), HIDDEN_FORWARD, 5, Hints()),
        (MIXED, mixed_forward, 2, Hints()),
        (THETA, theta_forward, 5, Hints(bias_in="first")),
        (ROWS, row_last, 7, Hints(bias_in="last")),
    ],
    ids=["W W b b", "W b W b", "b W b W", "two layouts", "a column", "a row"],
)
def test_it_is_read_and_folded(
    tmp_path: Path, suffix: str, tensors: dict[str, Any], forward: Forward, width: int, hints: Hints
) -> None:
    source, target = stored(tmp_path / f"m{suffix}", tensors), tmp_path / f"f{suffix}"
    x = numbers(7, width)
    model = read(source, hints)
    np.testing.assert_allclose(through(model.network.layers, x), forward(x), atol=1e-12)
    save(model, target, always=True)
    assert isinstance(model, Chain)
    (weight, *rest) = model.entries.values()
    last = rest[-1]
    kept = Hints(bias_in=hints.bias_in, layouts={last.weight: last.layout})
    again = read(target, kept).network
    assert len(again.layers) == 1
    np.testing.assert_allclose(through(again.layers, x), forward(x), atol=1e-12)
    said = again.notes[0].replace(str(target), "")
    assert weight.weight not in (np.load(target) if suffix == ".npz" else said)


def refusal(path: Path, hints: Hints | None = None) -> str:
    with pytest.raises(ActcliError) as refused:
        read(path, hints or Hints())
    assert refused.value.exit_code == 1
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    "names", [("W_xh", "W_hh", "W_hy"), ("weight_ih_l0", "weight_hh_l0"), ("Wxh", "Whh", "Why")]
)
def test_a_recurrent_file_is_no_stack(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = stored(tmp_path / "m.npz", {name: numbers(4, 4) for name in names})
    assert "recurrent" in refusal(path, Hints("out-in"))


def test_biases_that_fit_in_two_ways_are_shown_with_the_option(tmp_path: Path) -> None:
    tensors = {"first": numbers(6, 4), "b_p": numbers(4), "second": numbers(4, 4)}
    tensors |= {"last": numbers(4, 2)}
    path = stored(tmp_path / "m.npz", tensors)
    message = refusal(path)
    assert "--pair first=b_p or --pair second=b_p" in message
    x = numbers(3, 6)
    for weight in ("first", "second"):
        h = x
        for name in ("first", "second", "last"):
            h = h @ tensors[name] + (tensors["b_p"] if name == weight else 0)
        layers = read(path, Hints(pairs={weight: "b_p"})).network.layers
        np.testing.assert_allclose(through(layers, x), h)


@pytest.mark.parametrize("name", ["b_hidden", "hidden.bias"])
def test_a_bias_that_fits_no_layer_refuses_the_file(tmp_path: Path, name: str) -> None:
    tensors = {"0.weight": numbers(8, 4), "1.weight": numbers(3, 8), name: numbers(5)}
    assert name in refusal(stored(tmp_path / "m.npz", tensors))


def test_a_bias_inside_the_matrix_needs_its_place(tmp_path: Path) -> None:
    assert "--bias-in first or --bias-in last" in refusal(stored(tmp_path / "m.npz", THETA))


def test_matrices_in_two_layouts_may_hold_their_biases_too(tmp_path: Path) -> None:
    """4 -> 6 -> 5 by x W1 and x W2^T; or 5 -> 4 -> 6, a column of W1 and a row of W2 biases."""
    tensors = {"weights_input_red": numbers(4, 6), "weights_red_output": numbers(5, 6)}
    path = stored(tmp_path / "m.npz", tensors)
    assert "or --bias-in none" in refusal(path)
    x = numbers(3, 5)
    first, second = tensors.values()
    inside = read(path, Hints(bias_in="last")).network.layers
    h = x @ first[:, :-1].T + first[:, -1]
    np.testing.assert_allclose(through(inside, x), h @ second[:-1] + second[-1])
    plain = read(path, Hints(bias_in="none")).network.layers
    np.testing.assert_allclose(through(plain, x[:, :4]), x[:, :4] @ first @ second.T)


def test_a_matrix_that_fits_both_ways_is_named(tmp_path: Path) -> None:
    tensors = {"W1": numbers(4, 4), "W2": numbers(4, 3), "b2": numbers(3), "W3": numbers(5, 3)}
    path = stored(tmp_path / "m.npz", tensors)
    assert "--layout W1=out-in or W1=in-out" in refusal(path)
    layers = read(path, Hints(layouts={"W1": "out-in"})).network.layers
    x = numbers(2, 4)
    expected = (x @ tensors["W1"].T @ tensors["W2"] + tensors["b2"]) @ tensors["W3"].T
    np.testing.assert_allclose(through(layers, x), expected)


def test_layers_in_an_order_that_nothing_says(tmp_path: Path) -> None:
    tensors = {"decode": numbers(5, 4), "encode": numbers(4, 3)}
    path = stored(tmp_path / "m.safetensors", tensors)
    assert "--order decode,encode" in refusal(path)
    layers = read(path, Hints("in-out", order=("decode", "encode"))).network.layers
    x = numbers(2, 5)
    np.testing.assert_allclose(through(layers, x), x @ tensors["decode"] @ tensors["encode"])


def test_an_array_that_may_stand_anywhere_parts_all_layers(tmp_path: Path) -> None:
    tensors = {"W1": numbers(6, 4), "W2": numbers(2, 6), "slopes": numbers(6)}
    model = read(stored(tmp_path / "m.npz", tensors))
    assert [run.numbers for run in model.network.runs] == [(1,), (2,)]
    assert [barrier.name for barrier in model.network.barriers] == ["slopes"]


def generated(seed: int) -> tuple[dict[str, np.ndarray], Callable[[np.ndarray], np.ndarray], int]:
    """A file of 2 to 5 layers, and what they compute."""
    draw = np.random.default_rng(seed)
    count = int(draw.integers(2, 6))
    mixed = draw.integers(4) == 0
    pool = draw.permutation(np.arange(1, 12)) if mixed else draw.integers(1, 7, 12)
    widths = [int(width) for width in pool[: count + 1]]
    inside = draw.integers(6) == 0
    scheme = SCHEMES[draw.integers(len(SCHEMES))]
    same = "in-out" if draw.integers(2) else "out-in"
    weights, biases, steps = {}, {}, []
    for place in range(count):
        matrix, bias = draw.standard_normal((widths[place], widths[place + 1])), None
        layout = ("in-out", "out-in")[draw.integers(2)] if mixed else same
        if inside or draw.integers(5):
            bias = draw.standard_normal(widths[place + 1])
        steps.append((matrix, bias))
        names = scheme(place, count)
        kept = matrix if bias is None or not inside else np.vstack([matrix, bias])
        weights[names[0]] = kept if layout == "in-out" else kept.T
        if bias is not None and not inside:
            shape = [(-1,), (1, -1), (-1, 1)][draw.integers(3)]
            biases[names[1]] = bias.reshape(shape)
    tensors = weights | biases
    if draw.integers(2):  # each bias behind its weight
        beside = {scheme(place, count)[0]: scheme(place, count)[1] for place in range(count)}
        pairs = ((name, beside[name]) for name in weights)
        tensors = {name: tensors[name] for pair in pairs for name in pair if name in tensors}
    if scheme not in (by_letter, of_strangers) and draw.integers(2):
        tensors = {name: tensors[name] for name in draw.permutation(list(tensors))}

    def forward(x: np.ndarray) -> np.ndarray:
        for matrix, bias in steps:
            x = x @ matrix + (0 if bias is None else bias)
        return x

    return tensors, forward, widths[0]


def by_number(place: int, count: int) -> tuple[str, str]:
    return f"W{place + 1}", f"b{place + 1}"


def torch_like(place: int, count: int) -> tuple[str, str]:
    return f"net.{2 * place}.weight", f"net.{2 * place}.bias"


def linked(place: int, count: int) -> tuple[str, str]:
    stations = ["input", *(f"{word}" for word in ("red", "green", "blue", "grey")[: count - 1])]
    stations.append("output")
    here, there = stations[place : place + 2]
    return f"weights_{here}_{there}", f"bias_{there}"


def with_a_last(place: int, count: int) -> tuple[str, str]:
    return (f"W{place + 1}", f"b{place + 1}") if place < count - 1 else ("WOut", "bOut")


def by_letter(place: int, count: int) -> tuple[str, str]:
    """Names that say nothing: only the order of the file does."""
    return "pqrst"[place], f"bias_{'pqrst'[place]}"


def of_strangers(place: int, count: int) -> tuple[str, str]:
    return f"W{place + 1}", f"bias_{'vwxyz'[place]}"


SCHEMES = (by_number, torch_like, linked, with_a_last, by_letter, of_strangers)


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_generated_files_are_read_right_or_not_at_all(tmp_path: Path, start: int) -> None:
    right = 0
    for seed in range(start, start + 50):
        tensors, forward, width = generated(seed)
        source, target = stored(tmp_path / "m.npz", tensors), tmp_path / "f.npz"
        try:
            model = read(source)
            save(model, target, always=True)
        except ActcliError:
            continue
        x = np.random.default_rng(seed).standard_normal((5, width))
        assert model.network.layers[0].shape == (width,), seed
        apart = np.abs(through(model.network.layers, x) - forward(x)).max()
        assert apart < 1e-9 * max(1, np.abs(forward(x)).max()), seed
        right += 1
    assert right >= 15
