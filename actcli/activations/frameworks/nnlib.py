"""NNlib, from which Flux and Lux take their activations."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

NNLIB = Framework(
    "NNlib 0.9 of Julia",
    {
        "relu": "relu",
        "relu6": "relu6",
        "leaky_relu": "leakyrelu(a=negative_slope)",
        "rrelu": "rrelu(l=lower,u=upper)",
        "thresholded_relu": "trelu(theta) thresholdrelu(theta)",
        "elu": "elu(alpha)",
        "selu": "selu",
        "celu": "celu(alpha)",
        "gelu": "gelu_erf",
        "gelu_tanh": "gelu gelu_tanh",
        "quick_gelu": "gelu_sigmoid",
        "silu": "swish",
        "mish": "mish",
        "hardswish": "hardswish",
        "lisht": "lisht",
        "sigmoid": "sigmoid sigmoid_fast",
        "hardsigmoid": "hardsigmoid",
        "logsigmoid": "logsigmoid",
        "tanh": "tanh tanh_fast",
        "hardtanh": "hardtanh",
        "softplus": "softplus",
        "softsign": "softsign",
        "log_cosh": "logcosh",
        "softshrink": "softshrink(lambda=lambd)",
        "tanhshrink": "tanhshrink",
    },
    {
        "softmax": "softmax",
        "log_softmax": "logsoftmax",
        "logsumexp": "logsumexp",
        "glu": "glu",
    },
    function="NNlib.{name}(x{comma}{arguments})",
    by_position=True,
)
