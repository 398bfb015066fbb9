"""The table of contents of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

CONTENTS: Mapping[str, str] = {
    "linear": "identity step sign abs square cube",
    "rectified.straight": "relu relu6 leaky_relu prelu rrelu threshold thresholded_relu",
    "rectified.squares": "relu_squared star_relu",
    "rectified.elu": "elu selu celu",
    "rectified.bent": "nlrelu isrlu",
    "rectified.rounded": "smelu sparse_plus squareplus softplus",
    "rectified.xielu": "xielu",
    "sigmoidal.logistic": "sigmoid hardsigmoid sparse_sigmoid bipolar_sigmoid",
    "sigmoidal.hyperbolic": "tanh hardtanh lecun_tanh",
    "sigmoidal.softsign": "softsign elliott",
    "sigmoidal.normal": "erf norm_cdf laplace",
    "sigmoidal.inverse": "atan asinh symlog",
    "sigmoidal.algebraic": "isru sqnl",
    "sigmoidal.gumbel": "cloglog gompertz",
    "sigmoidal.logsigmoid": "logsigmoid",
    "gated.silu": "silu dsilu",
    "gated.gelu": "quick_gelu gelu_tanh gelu clipped_gelu",
    "gated.hardswish": "hardswish",
    "gated.mish": "mish hard_mish",
    "gated.elish": "elish hard_elish",
    "gated.composed": "serf logish smish telu phish",
    "gated.colu": "colu",
    "gated.signed": "lisht gcu",
    "shrinkage": "hardshrink softshrink tanhshrink",
    "smooth.exponential": "exponential log_cosh",
    "smooth.bells": "gaussian ricker cauchy triangle",
    "smooth.ramps": "bent_identity sqrt_softplus",
    "smooth.waves": "sin cos sinc snake",
}
"""Module -> the names that it enters, both in the order in which `list` shows them.

So that a name is found by importing its module and no other.
"""
