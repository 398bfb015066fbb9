"""What the frameworks mean by their names: one table each.

A row reads "this, here, is called so, there": `leaky_relu:negative_slope=0.2` is what keras calls
`leaky_relu`. Where a framework asks for a parameter and has no default (`torch.threshold`), ours
stands for it.

Sources: the frameworks themselves, at the versions in their titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from actcli.catalogue.registry import folded

Rows = Mapping[str, str]
"""What it is here -> the names for it there, with spaces between them."""


class Framework(NamedTuple):
    """The activations of a framework, by their names there."""

    title: str
    rows: Rows
    not_elementwise: Rows = {}
    """Names of what is no function of one number, by keys of `NOT_ELEMENTWISE`."""
    slopes: Mapping[str, Mapping[float, float]] = {}
    """Catalogue name -> x -> f'(x) there, where that differs from ours; for default parameters."""

    @property
    def names(self) -> dict[str, str]:
        """Every name there -> what it is here, as `names.find` reads it."""
        return _inverted(self.rows)

    def meanings(self, name: str) -> dict[str, str]:
        """The names there that match: the very name, or those that differ in case and separators.

        One of `NOT_ELEMENTWISE` is matched too, and means its key there.
        """
        known = self.names | _inverted(self.not_elementwise)
        if name in known:
            return {name: known[name]}
        return {there: here for there, here in known.items() if folded(there) == folded(name)}

    @property
    def listed(self) -> str:
        """The first few names there, for a message."""
        return f"{', '.join([*self.names][:6])}, ..."

    def suggestions(self, name: str) -> list[str]:
        """Names there that look like this one, best first."""
        from difflib import get_close_matches

        known = {folded(there): there for there in reversed(self.names)}
        return [known[key] for key in get_close_matches(folded(name), known, n=3)]


class Slope(NamedTuple):
    """A derivative at a kink."""

    x: float
    derivative: float


class Spelling(NamedTuple):
    """What a framework calls an activation, and what is different about it there."""

    framework: str
    names: tuple[str, ...]
    params: Mapping[str, float]
    """The defaults there that differ from ours."""
    slopes: tuple[Slope, ...]
    """f' there where it differs from ours, for the default parameters."""


def spellings(name: str) -> Iterator[Spelling]:
    """What the frameworks call the activation of that name in the catalogue."""
    for key, framework in FRAMEWORKS.items():
        for meaning, there in framework.rows.items():
            here, _, tail = meaning.partition(":")
            if here == name:
                pairs = (pair.split("=") for pair in tail.split(",") if pair)
                params = {parameter: float(number) for parameter, number in pairs}
                slopes = framework.slopes.get(name, {}).items()
                there_slopes = tuple(Slope(x, slope) for x, slope in slopes)
                yield Spelling(key, tuple(there.split()), params, there_slopes)


def why_not_elementwise(name: str) -> str | None:
    """What goes by this name, if it is known and no function of one number."""
    return next((why for key, why in NOT_ELEMENTWISE.items() if folded(key) == folded(name)), None)


def _inverted(rows: Rows) -> dict[str, str]:
    return {there: here for here, names in rows.items() for there in names.split()}


NOT_ELEMENTWISE = {
    "softmax": "it divides the exponentials of a whole vector by their sum",
    "log_softmax": "it is the logarithm of the softmax of a whole vector",
    "softmin": "it is the softmax of a whole vector with its sign changed",
    "gumbel_softmax": "it draws a random sample from the softmax of a whole vector",
    "sparsemax": "it projects a whole vector onto the probability simplex",
    "hardmax": "it marks the largest entry of a whole vector",
    "logsumexp": "it makes one number of a whole vector",
    "logmeanexp": "it makes one number of a whole vector",
    "standardize": "it shifts and scales a whole vector to mean 0 and variance 1",
    "normalize": "it shifts and scales a whole vector to mean 0 and variance 1",
    "one_hot": "it turns integers into unit vectors",
    "attention": "it mixes a whole sequence of vectors",
    "maxout": "it takes the largest of several linear functions",
    "crelu": "it returns relu(x) and relu(-x) side by side",
    "glu": "it multiplies one half of its inputs by the sigmoid of the other: see sigmoid",
    "bilinear_glu": "it multiplies one half of its inputs by the other",
    "reglu": "it multiplies one half of its inputs by the relu of the other: see relu",
    "geglu": "it multiplies one half of its inputs by the gelu of the other: see gelu",
    "swiglu": "it multiplies one half of its inputs by the silu of the other: see silu",
    "bias_gelu": "it adds a vector of biases before it applies gelu: see gelu",
    "clip": "its bounds come with the model: see hardtanh:min_val=LO,max_val=HI",
}
"""What goes by the name of an activation and is no function of one number."""

_JAX = {
    "identity": "identity",
    "relu": "relu",
    "relu6": "relu6",
    "leaky_relu": "leaky_relu",
    "elu": "elu",
    "selu": "selu",
    "celu": "celu",
    "gelu_tanh": "gelu",
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

FRAMEWORKS: Mapping[str, Framework] = {
    "torch": Framework(
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
    ),
    "jax": Framework(
        "JAX 0.10: jax.nn",
        _JAX
        | {
            "mish": "mish",
            "squareplus": "squareplus",
            "sparse_plus": "sparse_plus",
            "sparse_sigmoid": "sparse_sigmoid",
            "log(-expm1(-x))": "log1mexp",
        },
        _JAX_VECTORS | {"logmeanexp": "logmeanexp", "attention": "dot_product_attention"},
        _JAX_SLOPES | {"sparse_sigmoid": {-1.0: 0.25, 1.0: 0.25}},
    ),
    "flax": Framework(
        "Flax 0.12: flax.linen and flax.nnx",
        _JAX | {"prelu:weight=0.01": "PReLU"},
        _JAX_VECTORS | {"normalize": "normalize", "geglu": "GeGLU"},
        _JAX_SLOPES | {"prelu": {0.0: 1.0}},
    ),
    "keras": Framework(
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
    ),
    "tf": Framework(
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
    ),
    "onnx": Framework(
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
    ),
    "hf": Framework(
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
    ),
    "timm": Framework(
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
    ),
}
"""The frameworks, by the name that stands before the dot."""
