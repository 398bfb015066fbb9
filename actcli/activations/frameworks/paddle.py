"""PaddlePaddle."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework
from actcli.activations.frameworks.pytorch import CUT_SOFTPLUS, SOFTPLUS
from actcli.bounds import Bounds

PADDLE = Framework(
    "PaddlePaddle 3.3: paddle.nn.functional and paddle.nn",
    {
        "identity": "Identity",
        "relu": "relu ReLU",
        "relu6": "relu6 ReLU6",
        "leaky_relu": "leaky_relu(negative_slope) LeakyReLU(negative_slope)",
        "prelu": "prelu(weight) PReLU(*,init=weight)",
        "rrelu": "rrelu(lower,upper) RReLU(lower,upper)",
        "threshold:threshold=1,value=0": (
            "thresholded_relu(threshold,value) ThresholdedReLU(threshold,value)"
        ),
        "elu": "elu(alpha) ELU(alpha)",
        "selu": "selu SELU",
        "scale*where(x > 0, x, alpha*expm1(x))": (
            "selu(scale=1.0507009873554805,alpha=1.6732632423543772) "
            "SELU(scale=1.0507009873554805,alpha=1.6732632423543772)"
        ),
        "celu": "celu(alpha) CELU(alpha)",
        "gelu": "gelu(approximate=False) GELU(approximate=False)",
        "gelu_tanh": "gelu(approximate=True) GELU(approximate=True)",
        "silu": "silu Silu swish Swish",
        "mish": "mish Mish",
        "hardswish": "hardswish Hardswish",
        "sigmoid": "sigmoid Sigmoid",
        "hardsigmoid:slope=0.1666667": "hardsigmoid(slope,offset) Hardsigmoid",
        "logsigmoid": "log_sigmoid LogSigmoid",
        "tanh": "tanh Tanh",
        "hardtanh": "hardtanh(min=min_val,max=max_val) Hardtanh(min=min_val,max=max_val)",
        "where(x > 20, x, softplus(x))": "softplus Softplus",
        SOFTPLUS: "softplus(beta=1,threshold=20) Softplus(beta=1,threshold=20)",
        "softsign": "softsign Softsign",
        "softshrink": "softshrink(threshold=lambd) Softshrink(threshold=lambd)",
        "where(abs(x) < threshold, 0, x)": "hardshrink(threshold=0.5) Hardshrink(threshold=0.5)",
        "tanhshrink": "tanhshrink Tanhshrink",
    },
    {
        "softmax": "softmax Softmax Softmax2D",
        "log_softmax": "log_softmax LogSoftmax",
        "gumbel_softmax": "gumbel_softmax",
        "maxout": "maxout Maxout",
        "glu": "glu GLU",
        "swiglu": "swiglu",
    },
    slopes={name: {0.0: 1.0} for name in ("leaky_relu", "rrelu")},
    function="paddle.nn.functional.{name}(x{comma}{arguments})",
    layer="paddle.nn.{name}({arguments})",
    calls={"prelu": 'paddle.nn.functional.prelu(x, paddle.to_tensor([{weight}], "float64"))'},
    bounds={
        name: {"lower": Bounds(least=0, most=1), "upper": Bounds(least=0, most=1)}
        for name in ("rrelu", "RReLU")
    },
    near={
        "softplus": ("softplus Softplus", CUT_SOFTPLUS),
        "hardshrink": ("hardshrink Hardshrink", "keeps x where |x| is its threshold"),
    },
)
