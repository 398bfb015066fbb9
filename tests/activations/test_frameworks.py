"""What the frameworks' names mean: the tables themselves, and how a name is found in them."""

from __future__ import annotations

from collections import Counter

import pytest

from actcli.activations.frameworks import FRAMEWORKS, NOT_ELEMENTWISE, spellings
from actcli.activations.registry import catalogue
from actcli.errors import UsageError
from actcli.find import completions, find

NAMES = [(key, name) for key, framework in FRAMEWORKS.items() for name in framework.names]


@pytest.mark.parametrize("key", FRAMEWORKS)
def test_a_table_says_everything_once(key: str) -> None:
    framework = FRAMEWORKS[key]
    rows = [*framework.rows.values(), *framework.not_elementwise.values()]
    names = Counter(name for row in rows for name in row.split())
    assert max(names.values()) == 1
    assert framework.not_elementwise.keys() <= NOT_ELEMENTWISE.keys()
    for meaning in framework.rows:
        assert str(find(meaning)) == meaning


@pytest.mark.parametrize("key", FRAMEWORKS)
def test_the_slopes_of_a_table_differ_from_ours(key: str) -> None:
    for name, slopes in FRAMEWORKS[key].slopes.items():
        assert any(meaning.partition(":")[0] == name for meaning in FRAMEWORKS[key].rows)
        for x, slope in slopes.items():
            assert find(name).derivative(x) != slope


@pytest.mark.parametrize(("key", "name"), NAMES)
def test_every_name_is_found_by_any_path(key: str, name: str) -> None:
    found = find(f"{key}.{name}")
    assert found == find(FRAMEWORKS[key].names[name])
    assert find(f"{key}.nn.functional.{name}") == found
    assert find(str(found)) == found


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("torch.gelu", "gelu"),
        ("torch.nn.functional.relu_", "relu"),
        ("jax.gelu", "gelu_tanh"),
        ("JAX.nn.GELU", "gelu_tanh"),
        ("keras.leaky_relu", "leaky_relu:negative_slope=0.2"),
        ("keras.layers.LeakyReLU", "leaky_relu:negative_slope=0.3"),
        ("tf.nn.leaky_relu", "leaky_relu:negative_slope=0.2"),
        ("tf.keras.layers.LeakyReLU", "leaky_relu:negative_slope=0.3"),
        ("onnx.HardSigmoid", "hardsigmoid:slope=0.2"),
        ("onnx.hard_sigmoid", "hardsigmoid:slope=0.2"),
        ("flax.linen.PReLU", "prelu:weight=0.01"),
        ("hf.gelu_new", "gelu_tanh"),
        ("timm.hard_swish", "hardswish"),
        ("jax.leaky_relu:negative_slope=0.1", "leaky_relu:negative_slope=0.1"),
        ("onnx.HardSigmoid:offset=0.25", "hardsigmoid:slope=0.2,offset=0.25"),
        ("torch.threshold:value=-1", "threshold:value=-1"),
    ],
)
def test_what_names_mean(text: str, meaning: str) -> None:
    assert find(text) == find(meaning)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mxnet.relu", "unknown framework 'mxnet': there are torch, jax, flax, keras, tf, onnx"),
        ("jax.rellu", "jax has no activation 'rellu': did you mean relu"),
        ("jax.nothing_like_it", "jax has no activation 'nothing_like_it': it has identity, relu,"),
        ("torch.", "torch has no activation ''"),
        ("keras.leakyrelu", "keras.leaky_relu (leaky_relu:negative_slope=0.2) or keras.LeakyReLU"),
        ("torch.Softmax", "torch.Softmax is not a function of one number: it divides"),
        ("torch.nn.GLU", "torch.GLU is not a function of one number"),
        ("onnx.clip", "hardtanh:min_val=LO,max_val=HI"),
        ("softmax", "softmax is not a function of one number: it divides"),
        ("MaxOut", "MaxOut is not a function of one number: it takes the largest"),
        ("SwiGLU", "see silu"),
        ("jax.leaky_relu:alpha=1", "leaky_relu has no parameter 'alpha'"),
        ("jax.log1mexp:a=1", "jax.log1mexp has no parameters"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", catalogue())
def test_spellings_are_the_tables_read_from_here(name: str) -> None:
    said = {
        (spelling.framework, there): spelling
        for spelling in spellings(name)
        for there in spelling.names
    }
    found = {
        (key, there) for key, there in NAMES if getattr(find(f"{key}.{there}"), "name", "") == name
    }
    assert said.keys() == found
    for (key, there), spelling in said.items():
        assert find(f"{key}.{there}").params == {**find(name).params, **spelling.params}


def test_completions() -> None:
    assert ("keras.leaky_relu", "leaky_relu:negative_slope=0.2") in [*completions("keras.le")]
    assert [*completions("keras.zzz")] == []
