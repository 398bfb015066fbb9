"""What is a line, and the witness against what is none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from actcli.activations.base import Line
from actcli.find import find
from actcli.networks.folding.linearity import affine_gap, line_of, refute
from actcli.networks.layers import Dense, Layer
from actcli.networks.stack import stack
from tests.present import present


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("identity", Line(1)),
        ("3*x", Line(3)),
        ("x/3", Line(1 / 3)),
        ("2*x - 5", Line(2, -5)),
        ("0*x + 4", Line(0, 4)),
        ("leaky_relu:negative_slope=1", Line(1)),
        ("where(x > 1, 2*x, x + x)", Line(2)),
        ("-x", Line(-1)),
    ],
)
def test_a_line_is_seen(text: str, line: Line) -> None:
    assert line_of(find(text)) == line


@pytest.mark.parametrize(
    "text",
    [
        "relu",
        "abs(x)",
        "x + 1e-9*sin(x)",
        "tanh",
        "step",
        "x + 1e-300*x*x",
        "where(x > 1, x, x + 1)",
    ],
)
def test_what_bends_or_jumps_is_no_line(text: str) -> None:
    assert line_of(find(text)) is None


def layers(*words: str, bias: bool = True) -> tuple[Layer, ...]:
    return stack(words, find, bias=bias).layers


NONLINEAR = ["relu", "tanh", "sigmoid", "abs(x)", "x*x", "sin", "softmax", "layernorm", "exp(x)"]


@pytest.mark.parametrize("word", NONLINEAR)
@pytest.mark.parametrize("bias", [True, False])
def test_every_break_has_a_witness(word: str, bias: bool) -> None:
    net = layers("4", "8", word, "3", bias=bias)
    found = refute(net, np.random.default_rng(0))
    assert found is not None
    assert found.by == [net[1].label]
    assert len(found.why) == 1
    assert max(found.additivity, found.homogeneity, found.evenness) > 1e-6
    assert found.u.dtype.kind == found.v.dtype.kind == "i"


def by_hand(net: tuple[Layer, ...], x: np.ndarray) -> list[Fraction]:
    """A dense, relu, dense network in rational numbers."""
    h = [Fraction(int(n)) for n in x]
    for layer in net:
        if layer.label == "relu":
            h = [max(n, Fraction(0)) for n in h]
        else:
            assert isinstance(layer, Dense)
            h = [
                sum((Fraction(w) * n for w, n in zip(row, h, strict=True)), Fraction(b))
                for row, b in zip(layer.weight.tolist(), present(layer.bias).tolist(), strict=True)
            ]
    return h


def test_the_witness_can_be_checked_by_hand() -> None:
    net = layers("4", "8", "relu", "8", "3")
    found = present(refute(net, np.random.default_rng(0)))
    points = {
        "f(0)": 0 * found.u,
        "f(u)": found.u,
        "f(v)": found.v,
        "f(u+v)": found.u + found.v,
        "f(2v)": 2 * found.v,
        "f(-v)": -found.v,
    }
    f = {name: by_hand(net, x) for name, x in points.items()}
    outputs = present(found.outputs)
    assert outputs.keys() == f.keys()
    for name, exact in f.items():
        assert outputs[name].tolist() == exact, "small weights compute exactly"
    zero, at_u, at_v, at_sum, at_twice, at_minus = (np.array(f[name], object) for name in points)
    assert found.additivity == max(abs(at_sum - at_u - at_v + zero))
    assert found.homogeneity == max(abs(at_twice - 2 * at_v + zero))
    assert found.evenness == max(abs(at_v + at_minus - 2 * zero))
    assert max(abs(found.u).max(), abs(found.v).max()) <= 9


def test_neither_homogeneity_nor_evenness_alone_is_enough() -> None:
    rng = np.random.default_rng(0)
    relu = present(refute(layers("4", "8", "relu", "3", bias=False), rng))
    assert relu.homogeneity < 1e-12 < relu.evenness
    odd = present(refute(layers("4", "8", "tanh", "3", bias=False), rng))
    assert odd.evenness < 1e-12 < odd.homogeneity


@pytest.mark.parametrize("words", [("4", "8", "3"), ("5", "7", "3*x", "2"), ("4", "8", "x/3", "8")])
def test_a_linear_network_has_no_witness(words: tuple[str, ...]) -> None:
    net = layers(*words)
    assert refute(net, np.random.default_rng(0)) is None
    assert present(affine_gap(net, np.random.default_rng(0))).unexplained < 1e-25


def test_the_gap_of_one_relu_is_known() -> None:
    """Of relu(z), z normal: variance (1 - 1/pi)/2, of which a line explains 1/4."""
    net = layers("1", "relu")
    gaps = [
        present(affine_gap(net, np.random.default_rng(seed))).unexplained for seed in range(300)
    ]
    variance = (1 - 1 / np.pi) / 2
    assert np.mean(gaps) == pytest.approx((variance - 1 / 4) / variance, abs=0.01)


def test_wide_networks_are_not_fitted() -> None:
    assert affine_gap(layers("5000", "relu"), np.random.default_rng(0)) is None
