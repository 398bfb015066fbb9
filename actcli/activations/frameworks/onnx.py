"""ONNX and ONNX Runtime."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework

ONNX = Framework(
    "ONNX, opset 28, and the com.microsoft operators of ONNX Runtime",
    {
        "identity": "Identity",
        "abs": "Abs",
        "sign": "Sign",
        "relu": "Relu",
        "leaky_relu": "LeakyRelu",
        "prelu": "PRelu",
        "thresholded_relu": "ThresholdedRelu",
        "elu": "Elu",
        "selu": "Selu",
        "celu": "Celu",
        "gelu": "Gelu",
        "gelu_tanh": "FastGelu",
        "quick_gelu": "QuickGelu",
        "silu": "Swish",
        "mish": "Mish",
        "hardswish": "HardSwish",
        "sigmoid": "Sigmoid",
        "hardsigmoid:slope=0.2": "HardSigmoid",
        "tanh": "Tanh",
        "softplus": "Softplus",
        "softsign": "Softsign",
        "hardshrink": "Shrink",
        "erf": "Erf",
        "exponential": "Exp",
        "atan": "Atan",
        "asinh": "Asinh",
        "sin": "Sin",
        "cos": "Cos",
    },
    {
        "softmax": "Softmax",
        "log_softmax": "LogSoftmax",
        "hardmax": "Hardmax",
        "swiglu": "SwiGLU",
        "bias_gelu": "BiasGelu",
        "clip": "Clip",
    },
)
