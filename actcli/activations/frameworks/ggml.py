"""ggml, the tensor library of llama.cpp."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

GGML = Framework(
    "ggml 0.9: ggml.h, as ggml-cpu computes it in single precision",
    {
        "abs": "abs",
        "sign": "sgn",
        "step": "step",
        "-x": "neg",
        "x**2": "sqr",
        "sqrt(x)": "sqrt",
        "log(x)": "log",
        "floor(x)": "floor",
        "-floor(-x)": "ceil",
        "relu": "relu",
        "leaky_relu": "leaky_relu(negative_slope)",
        "elu": "elu",
        "hardtanh": "clamp(min=min_val,max=max_val)",
        "relu6": "clamp(min='0.0',max='6.0')",
        "gelu": "gelu_erf",
        "gelu_tanh": "gelu",
        "quick_gelu": "gelu_quick",
        "silu": "silu",
        "hardswish": "hardswish",
        "sigmoid": "sigmoid",
        "hardsigmoid": "hardsigmoid",
        "tanh": "tanh",
        "where(x > 20, x, softplus(x))": "softplus",
        "exponential": "exp",
        "expm1(x)": "expm1",
        "sin": "sin",
        "cos": "cos",
    },
    {"softmax": "soft_max", "reglu": "reglu", "geglu": "geglu", "swiglu": "swiglu"},
    function="ggml_{name}(ctx, x{comma}{arguments})",
    calls={
        "leaky_relu": "ggml_leaky_relu(ctx, x, {negative_slope}, false)",
        "clamp": "ggml_clamp(ctx, x, {min}, {max})",
    },
    near={"softplus": ("softplus", "x itself where x > 20")},
    by_position=True,
)
