"""PyTorch, and the libraries built on it that name activations of their own."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

TORCH = Framework(
    "PyTorch 2.13: torch.nn.functional and torch.nn",
    {
        "identity": "Identity",
        "relu": "relu ReLU",
        "relu6": "relu6 ReLU6",
        "leaky_relu": "leaky_relu LeakyReLU",
        "prelu": "prelu PReLU",
        "rrelu": "rrelu RReLU",
        "threshold": "threshold Threshold",
        "elu": "elu ELU",
        "selu": "selu SELU",
        "celu": "celu CELU",
        "gelu": "gelu GELU",
        "silu": "silu SiLU",
        "mish": "mish Mish",
        "hardswish": "hardswish Hardswish",
        "sigmoid": "sigmoid Sigmoid",
        "hardsigmoid": "hardsigmoid Hardsigmoid",
        "logsigmoid": "logsigmoid LogSigmoid",
        "tanh": "tanh Tanh",
        "hardtanh": "hardtanh Hardtanh",
        "softplus": "softplus Softplus",
        "softsign": "softsign Softsign",
        "softshrink": "softshrink Softshrink",
        "hardshrink": "hardshrink Hardshrink",
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
    slopes={"clipped_gelu": {10.0: 1.0}, "xielu": {-1e-6: 0.09999960000019997}},
)

TIMM = Framework(
    "timm 1.0: the keys of create_act_layer and get_act_fn",
    {
        "identity": "identity",
        "relu": "relu",
        "relu6": "relu6",
        "leaky_relu": "leaky_relu",
        "prelu": "prelu",
        "elu": "elu",
        "selu": "selu",
        "celu": "celu",
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
)
