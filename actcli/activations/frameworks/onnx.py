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
        "leaky_relu": "LeakyRelu(alpha=negative_slope)",
        "prelu": "PRelu(slope=weight)",
        "thresholded_relu": "ThresholdedRelu(alpha=theta)",
        "elu": "Elu(alpha)",
        "selu": "Selu",
        "gamma*where(x > 0, x, alpha*expm1(x))": (
            "Selu(alpha=1.6732631921768188,gamma=1.0507010221481323)"
        ),
        "celu": "Celu(alpha)",
        "gelu": "Gelu(approximate='none')",
        "gelu_tanh": "Gelu(approximate='tanh') FastGelu",
        "quick_gelu": "QuickGelu(alpha)",
        "silu": "Swish(alpha=beta)",
        "mish": "Mish",
        "hardswish": "HardSwish",
        "sigmoid": "Sigmoid",
        "hardsigmoid:slope=0.2": "HardSigmoid(alpha=slope,beta=offset)",
        "tanh": "Tanh",
        "x": "Clip",
        "max(x, low)": "Clip(min=low)",
        "min(x, high)": "Clip(*,max=high)",
        "hardtanh": "Clip(min=min_val,max=max_val)",
        "relu6": "Clip(min='0',max='6')",
        "softplus": "Softplus",
        "softsign": "Softsign",
        "hardshrink": "Shrink(lambd)",
        "where(x > lambd, x - bias, where(x < -lambd, x + bias, 0))": "Shrink(lambd=0.5,bias=0)",
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
    },
    layer="onnx.{name}({arguments})",
    calls={"PRelu": "onnx.PRelu(slope={weight})", "Clip": "onnx.Clip(min={min}, max={max})"},
)
