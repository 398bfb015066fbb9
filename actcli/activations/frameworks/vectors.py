"""What goes by the name of an activation and is no function of one number."""

from __future__ import annotations

from actcli.activations.registry import folded

NOT_ELEMENTWISE = {
    "softmax": "it divides the exponentials of a whole vector by their sum: see `actcli softmax`",
    "log_softmax": "it is the logarithm of the softmax of a whole vector: see `actcli softmax`",
    "softmin": "it is the softmax of a whole vector with its sign changed: see `actcli softmax`",
    "gumbel_softmax": "it draws a random sample from the softmax of a whole vector",
    "sparsemax": "it projects a whole vector onto the probability simplex: see `actcli softmax`",
    "entmax15": "it maps a whole vector into the probability simplex: see `actcli softmax`",
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
}


def why_not_elementwise(name: str) -> str | None:
    """Why what goes by this name is no function of one number, if it is known and none."""
    reasons = (why for key, why in NOT_ELEMENTWISE.items() if folded(key) == folded(name))
    reason = next(reasons, None)
    return reason and f"is not a function of one number: {reason}"
