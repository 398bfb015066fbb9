"""Keras and TensorFlow."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework
from actcli.bounds import Bounds

LEAKY = "where(x > threshold, x, negative_slope*(x - threshold))"
CAPPED = "where(x > threshold, min(max(x, 0), max_value), negative_slope*(x - threshold))"

KERAS = Framework(
    "Keras 3.15 on TensorFlow: keras.activations and keras.layers",
    {
        "identity": "linear",
        "relu": "relu ReLU",
        "min(max(x, 0), max_value)": "relu(*,max_value) ReLU(max_value)",
        LEAKY: "relu(negative_slope=0,*,threshold=0) ReLU(*,negative_slope=0,threshold=0)",
        CAPPED: (
            "relu(negative_slope=0,max_value,threshold=0) "
            "ReLU(max_value,negative_slope=0,threshold=0)"
        ),
        "relu6": "relu6",
        "leaky_relu:negative_slope=0.2": "leaky_relu(negative_slope)",
        "leaky_relu:negative_slope=0.3": (
            "LeakyReLU(negative_slope) LeakyReLU(*,alpha=negative_slope)"
        ),
        "prelu:weight=0.0": "PReLU(*,alpha_initializer=weight)",
        "threshold": "threshold(threshold,default_value=value)",
        "elu": "elu(alpha) ELU(alpha)",
        "selu": "selu",
        "celu": "celu(alpha)",
        "gelu": "gelu(approximate=False)",
        "gelu_tanh": "gelu(approximate=True)",
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
        "squareplus": "squareplus(b)",
        "softsign": "softsign",
        "exponential": "exponential",
        "softshrink": "soft_shrink(threshold=lambd)",
        "hardshrink": "hard_shrink(threshold=lambd)",
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
    function="keras.activations.{name}(x{comma}{arguments})",
    layer="keras.layers.{name}({arguments})",
    bounds={
        "LeakyReLU": {"negative_slope": Bounds(least=0)},
        "ReLU": dict.fromkeys(("negative_slope", "max_value", "threshold"), Bounds(least=0)),
    },
    calls={
        "threshold": "keras.activations.threshold(x, threshold={threshold}, default_value={value})",
        "PReLU": "keras.layers.PReLU(keras.initializers.Constant({weight}))",
    },
)

TF = Framework(
    "TensorFlow 2.21: tf.nn and tf.math",
    {
        "relu": "relu",
        "relu6": "relu6",
        "leaky_relu:negative_slope=0.2": "leaky_relu(alpha=negative_slope)",
        "elu": "elu",
        "selu": "selu",
        "gelu": "gelu(approximate=False)",
        "gelu_tanh": "gelu(approximate=True)",
        "silu": "silu(beta) swish(beta)",
        "sigmoid": "sigmoid",
        "logsigmoid": "log_sigmoid",
        "tanh": "tanh",
        "softplus": "softplus",
        "softsign": "softsign",
    },
    {"softmax": "softmax", "log_softmax": "log_softmax", "crelu": "crelu"},
    {"selu": {0.0: 1.0507009873554805}},
    function="tf.nn.{name}(x{comma}{arguments})",
    calls={"log_sigmoid": "tf.math.log_sigmoid(x)"},
)
