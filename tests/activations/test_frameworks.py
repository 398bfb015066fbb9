"""What the frameworks' names mean: the tables themselves, and how a name is found in them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numpy.testing import assert_allclose

from actcli.activations.frameworks import FRAMEWORKS, spellings
from actcli.activations.frameworks.vectors import NOT_ELEMENTWISE
from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.find import completions, find
from tests.activations.test_accuracy import variants

NAMES = [(key, name) for key, framework in FRAMEWORKS.items() for name in framework.names]


@pytest.mark.parametrize("key", FRAMEWORKS)
def test_a_table_says_everything_once(key: str) -> None:
    framework = FRAMEWORKS[key]
    said = Counter((one.name, *one.takes, *one.options.items()) for one in framework.signatures)
    vectors = {name for row in framework.not_elementwise.values() for name in row.split()}
    assert max(said.values()) == 1
    assert not vectors & framework.names.keys()
    assert framework.not_elementwise.keys() <= NOT_ELEMENTWISE.keys()
    for one in framework.signatures:
        if one.is_formula:
            required = dict.fromkeys(one.takes.values(), "1")
            assert find(one.filled({**required, **one.defaults})).params == {}
        else:
            found = find(one.meaning)
            assert str(found) == one.meaning
            assert {*one.takes.values()} <= {*found.params}


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
    assert str(found) == f"{key}.{name}"


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
        ("pytorch.GELU", "gelu"),
        ("nn.LeakyReLU:negative_slope=1/5", "leaky_relu:negative_slope=0.2"),
        ("F.gelu", "gelu"),
        ("jax.nn.gelu", "gelu_tanh"),
        ("tensorflow.nn.gelu", "gelu"),
        ("tf.nn.swish:beta=2", "silu:beta=2"),
        ("torch.gelu:approximate=tanh", "gelu_tanh"),
        ("torch.GELU:approximate='tanh'", "gelu_tanh"),
        ("torch.gelu:approximate=none", "gelu"),
        ("jax.gelu:approximate=False", "gelu"),
        ("keras.gelu:approximate=true", "gelu_tanh"),
        ("onnx.Gelu:approximate=tanh", "gelu_tanh"),
        ("mlx.GELU:approx=fast", "quick_gelu"),
        ("onnx.LeakyRelu:alpha=0.2", "leaky_relu:negative_slope=0.2"),
        ("onnx.HardSigmoid:alpha=0.5,beta=0.25", "hardsigmoid:slope=0.5,offset=0.25"),
        ("onnx.Swish:alpha=2", "silu:beta=2"),
        ("keras.LeakyReLU:negative_slope=0.1", "leaky_relu:negative_slope=0.1"),
        ("keras.LeakyReLU:alpha=0.1", "leaky_relu:negative_slope=0.1"),
        ("keras.hard_shrink:threshold=2", "hardshrink:lambd=2"),
        ("tf.leaky_relu:alpha=0.1", "leaky_relu:negative_slope=0.1"),
        ("torch.PReLU:init=0.1", "prelu:weight=0.1"),
        ("torch.elu:alpha=2,inplace=True", "elu:alpha=2"),
        ("torch.softplus", "where(x > 20, x, softplus(x))"),
        ("torch.softplus:beta=2,threshold=10", "where(2*x > 10, x, softplus(x, beta=2))"),
        ("keras.ReLU:max_value=6", "min(max(x, 0), 6)"),
        (
            "keras.ReLU:max_value=6,negative_slope=0.1,threshold=1",
            "where(x > 1, min(max(x, 0), 6), 0.1*(x - 1))",
        ),
        ("torch.Hardtanh:min_val=-2,max_val=3", "hardtanh:min_val=-2,max_val=3"),
        ("torch.threshold:threshold=0.1,value=20", "threshold:threshold=0.1,value=20"),
        ("torch.nn.PReLU:num_parameters=1,init=0.3", "prelu:weight=0.3"),
        ("onnx.ThresholdedRelu:alpha=2", "thresholded_relu:theta=2"),
        ("jax.nn.celu:alpha=2", "celu:alpha=2"),
        ("onnx.Clip", "x"),
        ("onnx.Clip:min=0", "max(x, 0)"),
        ("onnx.Clip:max=6", "min(x, 6)"),
        ("onnx.Clip:min=0,max=6", "hardtanh:min_val=0,max_val=6"),
        ("onnx.Clip:max=6,min=0", "hardtanh:min_val=0,max_val=6"),
        ("np.tanh", "tanh"),
        ("numpy.exp", "exponential"),
        ("math.erf", "erf"),
        ("jnp.tanh", "tanh"),
        ("tf.math.sin", "sin"),
        ("scipy.special.expit", "sigmoid"),
        ("torch.special.expit", "sigmoid"),
        ("jax.scipy.special.erf", "erf"),
        ("np.cbrt", "np.cbrt(x)"),
        ("torch.clamp:min=0,max=6", "torch.clamp(x, min=0, max=6)"),
        ("np.pi", "np.pi"),
        ("tan", "tan(x)"),
        ("log10", "log10(x)"),
        ("clip:min=0,max=6", "clip(x, min=0, max=6)"),
        ("keras.relu:threshold=1", "where(x > 1, x, 0*(x - 1))"),
        ("onnx.Shrink:bias=0.5", "where(x > 0.5, x - 0.5, where(x < -0.5, x + 0.5, 0))"),
        ("paddle.nn.functional.hardtanh:min=-2,max=3", "hardtanh:min_val=-2,max_val=3"),
        ("mlx.nn.gelu_approx", "gelu_tanh"),
        ("ggml.gelu", "gelu_tanh"),
        ("NNlib.leakyrelu:a=0.3", "leaky_relu:negative_slope=0.3"),
        ("Flux.gelu", "gelu_tanh"),
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
        ("clip", "write clip(x, min, max) or clip(x, min) or clip(x, max)"),
        ("sinh:y=1", "sinh takes its arguments by position"),
        ("max", "max takes two arguments or more, not 1"),
        ("onnx.Clip:lo=0", "onnx.Clip has no parameter 'lo': its parameters are: min, max"),
        ("onnx.Clip:min=2,max=1", "min_val must be less than max_val, not 2 and 1"),
        ("np.gelu", "np.gelu is not known here; there is gelu(x)"),
        ("np.tanhh", "there is no function tanhh; did you mean tanh"),
        ("np.heaviside", "write heaviside(x, y)"),
        ("np.maximum:x2=0", "max takes its arguments by position"),
        ("torch.clamp", "write clip(x, min, max) or clip(x, min) or clip(x, max)"),
        ("torch.clamp:min=low", "low is not known"),
        ("softmax", "softmax is not a function of one number: it divides"),
        ("MaxOut", "MaxOut is not a function of one number: it takes the largest"),
        ("SwiGLU", "see silu"),
        ("jax.leaky_relu:alpha=1", "leaky_relu has no parameter 'alpha'"),
        ("jax.log1mexp:a=1", "jax.log1mexp has no parameter 'a': it has none"),
        ("torch.silu:beta=2", "torch.silu has no parameter 'beta': it has none"),
        ("torch.gelu:approximate=erf", "approximate must be none or tanh, not 'erf'"),
        ("torch.elu:alpha=1,alpha=2", "parameter alpha is given twice"),
        ("torch.elu:alpha=much", "torch.elu: alpha must be a number, not 'much'"),
        ("torch.softplus:beta=inf", "torch.softplus: inf is not a finite number"),
        ("torch.softplus:beta=0", "torch.softplus: softplus: beta must not be 0"),
        ("torch.gelu:approximate", "torch.gelu: write parameters as key=value"),
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
        for spelling in spellings(catalogue()[name]())
        for there in spelling.names
        if name not in FRAMEWORKS[spelling.framework].near
    }
    found = {
        (key, there) for key, there in NAMES if getattr(find(f"{key}.{there}"), "name", "") == name
    }
    assert found <= said.keys()
    for (key, there), spelling in said.items():
        own = {**find(name).params, **spelling.params}
        rows = [row for row in FRAMEWORKS[key].signatures if row.name == there]
        assert own in [find(row.meaning).params for row in rows if not row.is_formula]


READ_BACK = {"torch", "jax", "flax", "keras", "tf", "onnx", "paddle", "mlx", "nnlib"}
"""Frameworks whose code is in the formula language, but for tensors."""


@pytest.mark.parametrize("activation", [*variants()], ids=str)
def test_the_code_that_a_framework_is_said_to_call_is_that_function(activation: Named) -> None:
    x = np.linspace(-5, 5, 41)
    for spelling in spellings(activation):
        assert bool(spelling.calls) != bool(spelling.reason)
        for call in spelling.calls if spelling.framework in READ_BACK else ():
            if "ensor(" in call or "array(" in call or "initializers" in call:
                continue
            assert_allclose(find(call).value(x), activation.value(x), rtol=1e-14, err_msg=call)


@pytest.mark.parametrize(
    ("text", "framework", "calls"),
    [
        ("elu:alpha=0.5", "torch", ("functional.elu(x, alpha=0.5)", "torch.nn.ELU(alpha=0.5)")),
        ("silu:beta=2", "torch", ()),
        ("silu:beta=2", "onnx", ("onnx.Swish(alpha=2.0)",)),
        ("gelu", "jax", ("jax.nn.gelu(x, approximate=False)",)),
        ("gelu_tanh", "torch", ('approximate="tanh")', 'torch.nn.GELU(approximate="tanh")')),
        ("leaky_relu:negative_slope=0.2", "keras", ("keras.activations.leaky_relu(x)",)),
        ("leaky_relu:negative_slope=0.2", "nnlib", ("NNlib.leakyrelu(x, 0.2)",)),
        ("threshold:value=3", "torch", ("threshold(x, threshold=0.0, value=3.0)", "Threshold")),
        ("softplus", "torch", ()),
    ],
)
def test_the_code_is_exact_for_these_parameters(
    text: str, framework: str, calls: tuple[str, ...]
) -> None:
    activation = find(text)
    assert isinstance(activation, Named)
    one = next(one for one in spellings(activation) if one.framework == framework)
    assert len(one.calls) == len(calls)
    for said, wanted in zip(one.calls, calls, strict=True):
        assert wanted in said


def test_completions() -> None:
    assert ("keras.leaky_relu", "leaky_relu:negative_slope=0.2") in [*completions("keras.le")]
    assert ("torch.elu:alpha=", "alpha") in [*completions("torch.elu:a")]
    assert ("onnx.HardSigmoid:alpha=1,beta=", "offset") in [
        *completions("onnx.HardSigmoid:alpha=1,b")
    ]
    assert [*completions("keras.zzz")] == []


@pytest.mark.parametrize(
    ("text", "framework", "call"),
    [
        ("relu6", "onnx", "onnx.Clip(min=0, max=6)"),
        ("relu6", "ggml", "ggml_clamp(ctx, x, 0.0, 6.0)"),
        ("hardtanh:max_val=6", "onnx", "onnx.Clip(min=-1.0, max=6.0)"),
        ("prelu:weight=0.3", "onnx", "onnx.PRelu(slope=0.3)"),
    ],
)
def test_a_call_has_the_numbers_that_it_needs(text: str, framework: str, call: str) -> None:
    activation = find(text)
    assert isinstance(activation, Named)
    calls = [one.calls for one in spellings(activation) if one.framework == framework]
    assert calls == [(call,)]
