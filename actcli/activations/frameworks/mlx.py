"""MLX."""

from __future__ import annotations

from actcli.activations.frameworks.framework import Framework
from actcli.bounds import Bounds

MLX = Framework(
    "MLX 0.32: mlx.nn",
    {
        "relu": "relu ReLU",
        "relu6": "relu6 ReLU6",
        "relu_squared": "relu2 ReLU2",
        "leaky_relu": "leaky_relu(negative_slope) LeakyReLU(negative_slope)",
        "prelu": "prelu(alpha=weight) PReLU(*,init=weight)",
        "elu": "elu(alpha) ELU(alpha)",
        "1.0507*where(x > 0, x, 1.67326*expm1(x))": "selu SELU",
        "celu": "celu(alpha) CELU(alpha)",
        "gelu": "gelu GELU(approx='none')",
        "gelu_tanh": "gelu_approx GELU(approx='tanh') GELU(approx='precise')",
        "quick_gelu": "gelu_fast_approx GELU(approx='fast')",
        "silu": "silu SiLU",
        "mish": "mish Mish",
        "hardswish": "hardswish Hardswish",
        "step:at_zero=1.0": "step Step",
        "where(x >= threshold, 1, 0)": "step(threshold=0) Step(threshold=0)",
        "sigmoid": "sigmoid Sigmoid",
        "logsigmoid": "log_sigmoid LogSigmoid",
        "tanh": "tanh Tanh",
        "hardtanh": "hard_tanh(min_val,max_val) HardTanh",
        "softplus": "softplus Softplus",
        "softsign": "softsign Softsign",
        "softshrink": "softshrink(lambd) Softshrink(lambd)",
        "hardshrink": "hard_shrink(lambd) HardShrink(lambd)",
    },
    {
        "softmax": "softmax Softmax",
        "softmin": "softmin Softmin",
        "log_softmax": "log_softmax LogSoftmax",
        "glu": "glu GLU",
    },
    function="mlx.nn.{name}(x{comma}{arguments})",
    layer="mlx.nn.{name}({arguments})",
    calls={"prelu": "mlx.nn.prelu(x, mlx.core.array({weight}))"},
    bounds={
        "leaky_relu": {"negative_slope": Bounds(most=1)},
        "LeakyReLU": {"negative_slope": Bounds(most=1)},
    },
    near={"selu": ("selu SELU", "its constants have six digits")},
)
