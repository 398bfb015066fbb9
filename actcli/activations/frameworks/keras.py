"""Keras and TensorFlow."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

KERAS = Framework(
    "Keras 3.15 on TensorFlow: keras.activations and keras.layers",
    {
        "identity": "linear",
        "relu": "relu ReLU",
        "relu6": "relu6",
        "leaky_relu:negative_slope=0.2": "leaky_relu",
        "leaky_relu:negative_slope=0.3": "LeakyReLU",
        "prelu:weight=0.0": "PReLU",
        "threshold": "threshold",
        "elu": "elu ELU",
        "selu": "selu",
        "celu": "celu",
        "gelu": "gelu",
        "silu": "silu swish",
        "mish": "mish",
        "hardswish": "hard_silu hard_swish",
        "sigmoid": "sigmoid",
        "hardsigmoid": "hard_sigmoid",
        "sparse_sigmoid": "sparse_sigmoid",
        "logsigmoid": "log_sigmoid",
        "tanh": "tanh",
        "hardtanh": "hard_tanh",
        "softplus": "softplus",
        "sparse_plus": "sparse_plus",
        "squareplus": "squareplus",
        "softsign": "softsign",
        "exponential": "exponential",
        "softshrink": "soft_shrink",
        "hardshrink": "hard_shrink",
        "tanhshrink": "tanh_shrink",
    },
    {
        "softmax": "softmax Softmax",
        "log_softmax": "log_softmax",
        "sparsemax": "sparsemax",
        "glu": "glu",
    },
    {
        "selu": {0.0: 1.0507009873554805},
        "celu": {0.0: 2.0},
        "hardtanh": {-1.0: 1.0, 1.0: 1.0},
    },
)

TF = Framework(
    "TensorFlow 2.21: tf.nn and tf.math",
    {
        "relu": "relu",
        "relu6": "relu6",
        "leaky_relu:negative_slope=0.2": "leaky_relu",
        "elu": "elu",
        "selu": "selu",
        "gelu": "gelu",
        "silu": "silu swish",
        "sigmoid": "sigmoid",
        "logsigmoid": "log_sigmoid",
        "tanh": "tanh",
        "softplus": "softplus",
        "softsign": "softsign",
    },
    {"softmax": "softmax", "log_softmax": "log_softmax", "crelu": "crelu"},
    {"selu": {0.0: 1.0507009873554805}},
)
