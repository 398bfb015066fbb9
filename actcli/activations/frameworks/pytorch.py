"""PyTorch, and the libraries built on it that name activations of their own."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

SOFTPLUS = "where(beta*x > threshold, x, softplus(x, beta=beta))"
"""What torch computes, and paddle after it: it jumps where it goes over to x."""

CUT_SOFTPLUS = "x itself where beta*x > 20"

TORCH = Framework(
    "PyTorch 2.13: torch.nn.functional and torch.nn",
    {
        "identity": "Identity",
        "relu": "relu ReLU",
        "relu6": "relu6 ReLU6",
        "leaky_relu": "leaky_relu(negative_slope) LeakyReLU(negative_slope)",
        "prelu": "prelu(weight) PReLU(init=weight)",
        "rrelu": "rrelu(lower,upper) RReLU(lower,upper)",
        "threshold": "threshold(threshold,value) Threshold(threshold,value)",
        "elu": "elu(alpha) ELU(alpha)",
        "selu": "selu SELU",
        "celu": "celu(alpha) CELU(alpha)",
        "gelu": "gelu(approximate='none') GELU(approximate='none')",
        "gelu_tanh": "gelu(approximate='tanh') GELU(approximate='tanh')",
        "silu": "silu SiLU",
        "mish": "mish Mish",
        "hardswish": "hardswish Hardswish",
        "sigmoid": "sigmoid Sigmoid",
        "hardsigmoid": "hardsigmoid Hardsigmoid",
        "logsigmoid": "logsigmoid LogSigmoid",
        "tanh": "tanh Tanh",
        "hardtanh": "hardtanh(min_val,max_val) Hardtanh(min_val,max_val)",
        "where(x > 20, x, softplus(x))": "softplus Softplus",
        SOFTPLUS: "softplus(beta=1,threshold=20) Softplus(beta=1,threshold=20)",
        "softsign": "softsign Softsign",
        "softshrink": "softshrink(lambd) Softshrink(lambd)",
        "hardshrink": "hardshrink(lambd) Hardshrink(lambd)",
        "tanhshrink": "tanhshrink Tanhshrink",
    },
    {
        "softmax": "softmax Softmax Softmax2d",
        "log_softmax": "log_softmax LogSoftmax",
        "softmin": "softmin Softmin",
        "gumbel_softmax": "gumbel_softmax",
        "glu": "glu GLU",
        "attention": "MultiheadAttention",
    },
    function="torch.nn.functional.{name}(x{comma}{arguments})",
    layer="torch.nn.{name}({arguments})",
    calls={
        "prelu": "torch.nn.functional.prelu(x, torch.tensor([{weight}], dtype=x.dtype))",
        "threshold": "torch.nn.functional.threshold(x, threshold={threshold}, value={value})",
        "Threshold": "torch.nn.Threshold(threshold={threshold}, value={value})",
    },
    near={"softplus": ("softplus Softplus", CUT_SOFTPLUS)},
)

HF = Framework(
    "Hugging Face transformers 5.23: the keys of ACT2FN",
    {
        "identity": "linear",
        "relu": "relu",
        "relu6": "relu6",
        "relu_squared": "relu2",
        "leaky_relu": "leaky_relu",
        "prelu": "prelu",
        "xielu": "xielu",
        "gelu": "gelu gelu_python",
        "gelu_tanh": "gelu_new gelu_fast gelu_accurate gelu_pytorch_tanh gelu_python_tanh",
        "quick_gelu": "quick_gelu",
        "clipped_gelu": "gelu_10",
        "silu": "silu swish",
        "mish": "mish",
        "hardswish": "hardswish",
        "sigmoid": "sigmoid",
        "tanh": "tanh",
        "laplace": "laplace",
        "sqrt_softplus": "sqrtsoftplus",
    },
    slopes={"xielu": {-1e-6: 0.09999960000019997}},
    function='transformers.activations.ACT2FN["{name}"](x)',
)

TIMM = Framework(
    "timm 1.0: the keys of create_act_layer and get_act_fn",
    {
        "identity": "identity",
        "relu": "relu",
        "relu6": "relu6",
        "leaky_relu": "leaky_relu(negative_slope)",
        "prelu": "prelu(init=weight)",
        "elu": "elu(alpha)",
        "selu": "selu",
        "celu": "celu(alpha)",
        "gelu": "gelu",
        "gelu_tanh": "gelu_tanh",
        "quick_gelu": "quick_gelu",
        "silu": "silu swish",
        "mish": "mish",
        "hardswish": "hard_swish hardswish",
        "hard_mish": "hard_mish",
        "sigmoid": "sigmoid",
        "hardsigmoid": "hard_sigmoid hardsigmoid",
        "tanh": "tanh",
    },
    slopes={"hard_mish": {-2.0: -1.0}},
    function='timm.layers.create_act_layer("{name}"{comma}{arguments})',
)
