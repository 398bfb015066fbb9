"""The exact proof of a fold: doubles are integers times powers of two; integers do not round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.networks.folding.association import cheapest_order, multiplied
from actcli.networks.folding.product import factors
from actcli.networks.layers import Linear
from actcli.numeric.arrays import Array

Integers = NDArray[Any]
"""Whole numbers: in float64 while every sum stays below 2**53, else Python's own."""

HELD = 2.0**53

MACHINE_WORK = 2_000_000_000
PYTHON_WORK = 1_500_000
"""Multiply-adds that a proof may cost: in float64, and in Python's integers."""

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
class _Step:
    """One layer as `(weight h + constant) * 2**exponent` for an h of integers."""

    weight: Integers
    constant: Integers
    exponent: int

    def __call__(self, h: Integers) -> Integers:
        whole: Integers = self.weight @ h + self.constant[:, None]
        return whole

    @property
    def longest_row(self) -> float:
        """The infinity norm of the weight."""
        return float(np.abs(self.weight).sum(axis=1).max())


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
    steps = _scaled(doubles, np.float64)
    if _reach(steps) >= HELD:
        if work > PYTHON_WORK:
            return None
        steps = _scaled(doubles, np.dtype(object))
    kind = steps[0].weight.dtype
    x = rng.integers(-LARGEST_INPUT, LARGEST_INPUT, (sizes[0], INPUTS), endpoint=True).astype(kind)
    outputs, still = _through(steps, x), _through(steps, 0 * x)
    product = multiplied(order, [step.weight for step in steps])
    residual = np.abs(outputs - (product @ x + still)).max()
    exponent = steps[-1].exponent
    return ExactProof(
        deviation=float(_over(residual, exponent)),
        inputs=INPUTS,
        bits=int(max(np.abs(outputs).max(), np.abs(product).max())).bit_length(),
        matrix_error=None if matrix is None else _distance(matrix, product, exponent),
    )


def _constant(layer: Linear) -> Array:
    if layer.constant is None:
        return np.zeros(layer.size_out)
    whole = np.broadcast_to(layer.constant, (1, *layer.output_shape))
    return whole.astype(np.float64).reshape(-1)


def _scaled(doubles: Sequence[tuple[Array, Array]], kind: Any) -> list[_Step]:
    """Each layer over the largest power of two that makes integers of it and of its constant."""
    steps: list[_Step] = []
    reached = 0
    for weight, constant in doubles:
        reached = min(reached + _exponent(weight), _exponent(constant, reached + 1024))
        before = steps[-1].exponent if steps else 0
        steps.append(
            _Step(
                _wholes(weight, reached - before, kind), _wholes(constant, reached, kind), reached
            )
        )
    return steps


def _exponent(numbers: Array, of_zero: int = 0) -> int:
    """The largest e for which all the numbers are integers times 2**e."""
    mantissa, exponent = np.frexp(numbers[numbers != 0])
    if not mantissa.size:
        return of_zero
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    _, trailing = np.frexp((whole & -whole).astype(np.float64))
    return int((exponent + trailing).min()) - 54


def _wholes(numbers: Array, exponent: int, kind: Any) -> Integers:
    """The numbers over 2**exponent, which are integers; infinite where float64 cannot hold one."""
    if kind == np.float64:
        with np.errstate(over="ignore"):
            return np.ldexp(numbers, -exponent)
    wholes = np.empty(numbers.size, object)
    for index, number in enumerate(numbers.reshape(-1).tolist()):
        wholes[index] = int(Fraction(number) / Fraction(2) ** exponent)
    return wholes.reshape(numbers.shape)


def _reach(steps: Sequence[_Step]) -> float:
    """What no partial sum of the proof exceeds, forward or in a product of the weights."""
    reach = float(LARGEST_INPUT)
    for step in steps:
        reach = max(step.longest_row, 1.0) * reach + float(np.abs(step.constant).max())
    return 2.0 * reach


def _through(steps: Sequence[_Step], h: Integers) -> Integers:
    for step in steps:
        h = step(h)
    return h


def _over(whole: Any, exponent: int) -> Fraction:
    return Fraction(int(whole)) * Fraction(2) ** exponent


def _distance(matrix: Array, product: Integers, exponent: int) -> float:
    """The largest difference between floats and integers over a power of two."""
    if product.dtype == np.float64:
        return float(np.abs(matrix - np.ldexp(product, exponent)).max())
    return max(
        float(abs(Fraction(number) - _over(whole, exponent)))
        for number, whole in zip(matrix.reshape(-1).tolist(), product.reshape(-1), strict=True)
    )
