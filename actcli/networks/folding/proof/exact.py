"""The exact proof of a fold: doubles are integers times powers of two; integers do not round."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

from actcli.networks.folding.association import cheapest_order, multiplied
from actcli.networks.folding.product import factors
from actcli.networks.layers import Linear
from actcli.numeric.arrays import Array

Integers = Any
"""A matrix of whole numbers: a float64 array while every sum stays below 2**53, else `fmpz_mat`."""

HELD = 52.999
"""The bits of an integer that float64 holds, less what a logarithm may round."""

MACHINE_WORK = 2_000_000_000
LONG_WORK = 60_000_000
"""Multiply-adds that a proof may cost: in float64, and of words of integers of any length."""

WORD = 64

ENTRIES = 1 << 21
"""Entries of all the matrices together that a proof may write out."""

LARGEST_INPUT = 9
INPUTS = 4


@dataclass(frozen=True)
class ExactProof:
    """Layer by layer against folded, both in integers, on random inputs of small integers."""

    deviation: float
    """The largest difference of the outputs; 0 says that the two are one."""
    inputs: int
    bits: int
    """The length of the longest integer among the outputs and in the product."""
    matrix_error: float | None
    """How far the matrix that was folded in floating point is from the exact product, at most."""


@dataclass(frozen=True)
class _Kind:
    """One of the two kinds of matrices of integers."""

    made: Callable[[Array, int], Integers]
    """The numbers over a power of two that makes integers of them."""
    times: Callable[[Integers, Integers], Integers]
    largest: Callable[[Integers], int]
    """The largest of the absolute values."""


@dataclass(frozen=True)
class _Step:
    """One layer as `weight h + constant` for an h of integers, over a power of two."""

    weight: Integers
    constant: Integers
    """The same in each column, one an input."""


def exact_proof(
    layers: Sequence[Linear], matrix: Array | None, rng: np.random.Generator
) -> ExactProof | None:
    """Prove that the layers are one affine map; None where the sizes do not allow it.

    `matrix` is their product as it was folded, if it is written out.
    """
    layers = factors(layers)
    if not all(layer.is_written_out for layer in layers):
        return None
    sizes = [layers[0].size_in, *(layer.size_out for layer in layers)]
    entries = [a * b for a, b in pairwise(sizes)]
    order = cheapest_order(sizes, entries)
    work = order.multiply_adds + INPUTS * sum(entries)
    if work > MACHINE_WORK or sum(entries) > ENTRIES:
        return None
    doubles = [(layer.matrix(), _constant(layer)) for layer in layers]
    exponents = _exponents(doubles)
    length = _length(doubles, exponents)
    if length > HELD and work * (1 + length / WORD) > LONG_WORK:
        return None
    kind = _MACHINE if length <= HELD else _LONG
    steps = [
        _Step(kind.made(weight, exponent - before), kind.made(constant, exponent))
        for (weight, constant), (before, exponent) in zip(doubles, pairwise(exponents), strict=True)
    ]
    inputs = rng.integers(-LARGEST_INPUT, LARGEST_INPUT, (sizes[0], INPUTS), endpoint=True)
    x = kind.made(inputs.astype(np.float64), 0)
    outputs, still = _through(steps, x, kind), _through(steps, 0 * x, kind)
    product = multiplied(order, [step.weight for step in steps], kind.times)
    residual = kind.largest(outputs - (kind.times(product, x) + still))
    exponent = exponents[-1]
    return ExactProof(
        deviation=float(_over(residual, exponent)),
        inputs=INPUTS,
        bits=max(kind.largest(outputs), kind.largest(product)).bit_length(),
        matrix_error=None if matrix is None else _distance(matrix, product, exponent, kind),
    )


def _constant(layer: Linear) -> Array:
    constant = 0.0 if layer.constant is None else layer.constant
    whole = np.broadcast_to(constant, (1, *layer.output_shape)).astype(np.float64)
    return whole.reshape(-1, 1).repeat(INPUTS, axis=1)


def _exponents(doubles: Sequence[tuple[Array, Array]]) -> list[int]:
    """For 0 and each layer, the largest power of two that makes integers of all that it gives."""
    reached = [0]
    for weight, constant in doubles:
        by_weight = reached[-1] + _exponent(weight)
        reached.append(min(by_weight, _exponent(constant, reached[-1] + 1024)))
    return reached


def _length(doubles: Sequence[tuple[Array, Array]], exponents: Sequence[int]) -> float:
    """The bits that no partial sum exceeds, forward or in a product of the weights."""
    bits = math.log2(LARGEST_INPUT)
    with np.errstate(divide="ignore"):
        for (weight, constant), (before, after) in zip(doubles, pairwise(exponents), strict=True):
            longest_row = np.log2(np.abs(weight).sum(axis=1).max()) - (after - before)
            added = np.log2(np.abs(constant).max()) - after
            bits = float(np.logaddexp2(max(longest_row, 0.0) + bits, added))
    return bits + 1


def _exponent(numbers: Array, of_zero: int = 0) -> int:
    """The largest e for which all the numbers are integers times 2**e."""
    whole, exponent = _mantissas(numbers[numbers != 0])
    if not whole.size:
        return of_zero
    _, trailing = np.frexp((whole & -whole).astype(np.float64))
    return int((exponent + trailing).min()) - 1


def _mantissas(numbers: Array) -> tuple[NDArray[np.int64], NDArray[np.intc]]:
    """Integers and exponents of two of which the numbers are the products."""
    mantissa, exponent = np.frexp(numbers)
    return np.ldexp(mantissa, 53).astype(np.int64), exponent - 53


def _machine(numbers: Array, exponent: int) -> Array:
    """In float64; infinite where that cannot hold one."""
    with np.errstate(over="ignore"):
        return np.ldexp(numbers, -exponent)


def _long(numbers: Array, exponent: int) -> fmpz_mat:
    whole, shift = _mantissas(numbers)
    pairs = zip(whole.reshape(-1).tolist(), (shift - exponent).reshape(-1).tolist(), strict=True)
    rows, columns = numbers.shape
    return fmpz_mat(rows, columns, [n << k if k >= 0 else n >> -k for n, k in pairs])


_MACHINE = _Kind(_machine, operator.matmul, lambda whole: int(np.abs(whole).max()))
_LONG = _Kind(_long, operator.mul, lambda whole: int(max(map(abs, whole.entries()))))


def _through(steps: Sequence[_Step], h: Integers, kind: _Kind) -> Integers:
    for step in steps:
        h = kind.times(step.weight, h) + step.constant
    return h


def _over(whole: int, exponent: int) -> Fraction:
    return whole * Fraction(2) ** exponent


def _distance(matrix: Array, product: Integers, exponent: int, kind: _Kind) -> float:
    """The largest difference between floats and integers over a power of two."""
    if kind is _MACHINE:
        return float(np.abs(matrix - np.ldexp(product, exponent)).max())
    finest = min(exponent, _exponent(matrix, exponent))
    gap = kind.made(matrix, finest) - product * (1 << exponent - finest)
    return float(_over(kind.largest(gap), finest))
