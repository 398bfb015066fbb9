"""The proof that a fold computes what its layers compute: a bound for all rounding.

Write h_k for what layer k puts out, P_k for the product of the layers after it, u for the unit
roundoff. A layer of n terms errs by at most gamma_n (|W_k| |h_k-1| + |b_k|), with gamma_n =
n u / (1 - n u), and the layers after it carry that to the output by |P_k|, with the products as
they are (Higham, Accuracy and Stability of Numerical Algorithms, ch. 3; the textbook's
|W_n| ... |W_1| says nothing about a deep stack). To first order in u, with an enlargement for the
rest, where u is small. In 16 bits n u is not: there h_k-1 is what the layers before have made of
it, rounding included, by |W_k-1| ... |W_1|, up to n u = 1, where there is no bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from actcli.networks.folding.fold import kept_type
from actcli.networks.folding.product import Advance, idle
from actcli.networks.layers import Linear, at_zero, through
from actcli.numeric.arrays import Array

UNIT = 2.0**-53
"""The unit roundoff of float64."""

UNITS = {"float64": UNIT, "float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8}
"""Unit roundoffs by type."""

COARSE = 2.0**-11
"""The unit roundoff from which on products of errors count."""

EVALUATED = 1 + 2.0**-10
"""What covers the rounding of the bound itself."""

EXPLICIT = 1 << 25
"""Entries of P_k up to which it is written out; beyond, |W_n| ... |W_k+1| serves."""


def gamma(terms: int, unit: float) -> float:
    """The relative error n u/(1 - n u) of n roundings; infinite where that is no bound."""
    spent = terms * unit
    return spent / (1 - spent) if spent < 1 else math.inf


def error_bound(
    layers: Sequence[Linear],
    folded: Sequence[Linear],
    x: Array,
    unit: float = UNIT,
    advance: Advance = idle,
) -> Array:
    """How far the layers and their fold can be apart at each input of a batch, output by output.

    Both are taken to run in the precision of `unit`; the folding itself was done in float64. The
    rounding of the folded weights counts.
    """
    zero = np.zeros((1, *layers[0].shape))
    still = at_zero(layers)
    inner = [x]
    for layer in layers[:-1]:
        inner.append(layer(inner[-1]))
    first = _size(layers[0], x)
    errors = [(gamma(layers[0].terms, unit) + gamma(layers[0].terms, UNIT)) * first]
    reached = errors[0]
    for layer, h, z in zip(layers[1:], inner[1:], still, strict=False):
        reached = layer.magnitude().linear(reached)
        errors.append(_error(layer, h, z, unit) + _again(layer, reached, unit))
        reached = reached + errors[-1]
    if _is_explicit(layers):
        total = _carried(
            layers,
            folded,
            x=x,
            errors=errors,
            most=_in_any_order(layers, folded, first),
            advance=advance,
        )
        apart = np.abs(through(folded, zero) - still[-1])
        total += np.minimum(apart, _in_any_order(layers, folded, _size(layers[0], zero)))
    else:
        total = _carried_by_size(layers, errors) + _in_any_order(layers, folded, first)
    return (2.0 if UNIT < unit < COARSE else EVALUATED) * (total + _rounding(folded, x, unit))


def _rounding(folded: Sequence[Linear], x: Array, unit: float) -> Array:
    """What rounding does to the fold as it runs."""
    total: Array | None = None
    for place, layer in enumerate(folded):
        if total is not None:
            total = layer.magnitude().linear(total)
        if layer.terms:
            own = gamma(layer.terms, unit) * _size(layer, x)
            total = own if total is None else total + own + _again(layer, total, unit)
        if place < len(folded) - 1:
            x = layer(x)
    return np.zeros((len(x), *folded[-1].output_shape)) if total is None else total


def _is_explicit(layers: Sequence[Linear]) -> bool:
    """Whether |P_k| is written out: where it is less than |W_n| ... |W_k+1|, and not too long.

    The two are one where a single layer mixes numbers: nothing cancels.
    """
    longest = max(layer.size_in for layer in layers)
    return sum(layer.mixes for layer in layers) > 1 and layers[-1].size_out * longest <= EXPLICIT


def _size(layer: Linear, x: Array) -> Array:
    """|W| |x| + |b|."""
    return layer.magnitude()(np.abs(x))


def _error(layer: Linear, h: Array, z: Array, unit: float) -> Array:
    """What rounding does to the layer at h in a precision, and to its part in the fold in float64.

    The fold was made of h - z and of z, which the layer is given where the network is at 0.
    """
    apart = layer.magnitude().linear(np.abs(h - z)) + _size(layer, z)
    return gamma(layer.terms, unit) * _size(layer, h) + gamma(layer.terms, UNIT) * apart


def _again(layer: Linear, error: Array, unit: float) -> Array:
    """What rounding does to the part of the layer's output that is an error; 0 where u is small."""
    return gamma(layer.terms, unit) * error if unit >= COARSE else np.zeros_like(error)


def _carried(
    layers: Sequence[Linear],
    folded: Sequence[Linear],
    x: Array,
    errors: Sequence[Array],
    most: Array,
    advance: Advance,
) -> Array:
    """The layers' errors at the output, by the products after them, and that of the folded W.

    `most` is what the last can be.
    """
    outputs, size = layers[-1].output_shape, layers[-1].size_out
    rows: Array | None = None
    total = np.zeros((len(x), size))
    for layer, error in zip(reversed(layers), reversed(errors), strict=True):
        flat = error.reshape(len(x), -1)
        total += flat if rows is None else flat @ np.abs(rows).reshape(size, -1).T
        rows = _before(layer, rows)
        advance()
    other: Array | None = None
    for layer in reversed(folded):
        other = _before(layer, other)
    assert rows is not None
    assert other is not None
    apart = np.abs(x).reshape(len(x), -1) @ np.abs(other - rows).reshape(size, -1).T
    total += np.minimum(apart, most.reshape(total.shape))
    return total.reshape(len(x), *outputs)


def _before(layer: Linear, rows: Array | None) -> Array:
    """The product of a matrix, or of 1, with the layer's."""
    if rows is None:
        return layer.matrix().reshape(-1, *layer.shape)
    return layer.transposed(rows)


def _carried_by_size(layers: Sequence[Linear], errors: Sequence[Array]) -> Array:
    """The layers' errors by |W_n| ... |W_k+1|, for products too large to write out."""
    total, *others = errors
    for layer, error in zip(layers[1:], others, strict=True):
        total = layer.magnitude().linear(total) + error
    return total


def _in_any_order(layers: Sequence[Linear], folded: Sequence[Linear], first: Array) -> Array:
    """What rounding can do to the folded W and b, in whichever order they were multiplied.

    `first` is |W_1| |x| + |b_1|. It does not look at what W and b are, so that a wrong fold does
    not excuse itself.
    """
    most = through([layer.magnitude() for layer in layers[1:]], first)
    terms = sum(layer.terms for layer in layers)
    stored = UNITS[kept_type(folded).name]
    return (gamma(terms, UNIT) + 2 * stored) * most
