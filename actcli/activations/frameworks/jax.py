"""JAX, and Flax, which takes its activations from there."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

_JAX = {
    "identity": "identity",
    "relu": "relu",
    "relu6": "relu6",
    "leaky_relu": "leaky_relu(negative_slope)",
    "elu": "elu(alpha)",
    "selu": "selu",
    "celu": "celu(alpha)",
    "gelu_tanh": "gelu(approximate=True)",
    "gelu": "gelu(approximate=False)",
    "silu": "silu swish",
    "hardswish": "hard_silu hard_swish",
    "sigmoid": "sigmoid",
    "hardsigmoid": "hard_sigmoid",
    "logsigmoid": "log_sigmoid",
    "tanh": "tanh",
    "hardtanh": "hard_tanh",
    "softplus": "softplus",
    "softsign": "soft_sign",
}
"""What jax.nn and flax, which takes its activations from there, share."""

_JAX_VECTORS = {
    "softmax": "softmax",
    "log_softmax": "log_softmax",
    "logsumexp": "logsumexp",
    "standardize": "standardize",
    "one_hot": "one_hot",
    "glu": "glu",
}

_JAX_SLOPES = {
    "leaky_relu": {0.0: 1.0},
    "hardtanh": {-1.0: 1.0, 1.0: 1.0},
}

JAX = Framework(
    "JAX 0.10: jax.nn",
    _JAX
    | {
        "mish": "mish",
        "squareplus": "squareplus(b)",
        "sparse_plus": "sparse_plus",
        "sparse_sigmoid": "sparse_sigmoid",
        "log(-expm1(-x))": "log1mexp",
    },
    _JAX_VECTORS | {"logmeanexp": "logmeanexp", "attention": "dot_product_attention"},
    _JAX_SLOPES | {"sparse_sigmoid": {-1.0: 0.25, 1.0: 0.25}},
    function="jax.nn.{name}(x{comma}{arguments})",
)

FLAX = Framework(
    "Flax 0.12: flax.linen and flax.nnx",
    _JAX | {"prelu:weight=0.01": "PReLU(negative_slope_init=weight)"},
    _JAX_VECTORS | {"normalize": "normalize", "geglu": "GeGLU"},
    _JAX_SLOPES | {"prelu": {0.0: 1.0}},
    function="flax.nnx.{name}(x{comma}{arguments})",
    layer="flax.nnx.{name}({arguments})",
)
