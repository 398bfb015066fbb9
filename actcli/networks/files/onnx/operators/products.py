"""Operators that multiply by a matrix: MatMul, Gemm, Einsum."""

from __future__ import annotations

import math

import numpy as np

from actcli.networks.files.interface import Weights
from actcli.networks.files.onnx.place import Place
from actcli.networks.layers import Chain, Dense, Linear, Rearrange


def mat_mul(place: Place) -> Linear:
    """MatMul with its data on either side."""
    is_right = place.constants[place.node.input[0]] is not None
    weight = place.weights(0 if is_right else 1)
    while weight.ndim > 2 and len(weight) == 1 and weight.ndim <= (place.value.rank or 0):
        weight = weight[0]
    if is_right:
        return _from_the_left(place, weight)
    if weight.ndim == 1:
        dense = _dense(place, weight[None], None)
        return Chain((dense, Rearrange(dense.output_shape, _whole(place, dense.shape[:-1]))))
    if weight.ndim != 2:
        place.refuse(f"MatMul by a constant of {weight.ndim} axes")
    return _dense(place, weight.T, None)


def _whole(place: Place, shape: tuple[int, ...]) -> tuple[int, ...]:
    if not shape:
        place.refuse("MatMul that leaves no axis but the batch")
    return shape


def _from_the_left(place: Place, weight: Weights) -> Linear:
    """W x for every matrix x: the axis before the last one is multiplied."""
    shape = place.shape
    if weight.ndim != 2:
        place.refuse(f"MatMul by a constant of {weight.ndim} axes on its left")
    if len(shape) < 2 and place.value.lead:
        place.refuse("MatMul with its data on the other side, which mixes the batch")
    if len(shape) < 2:
        return _dense(place, weight, None)
    last = len(shape) - 1
    turn = Rearrange.permuted(shape, [*range(last - 1), last, last - 1])
    if turn.to[-1] != weight.shape[1]:
        place.refuse(f"MatMul of {turn.to[-1]} numbers by {weight.shape[1]}")
    dense = Dense(turn.to, weight)
    back = Rearrange.permuted(dense.output_shape, [*range(last - 1), last, last - 1])
    return Chain((turn, dense, back))


def gemm(place: Place) -> Linear:
    """Gemm with its data first."""
    alpha, beta = place.attribute("alpha", 1.0), place.attribute("beta", 1.0)
    if place.attribute("transA", 0):
        place.refuse("Gemm of a transposed input")
    weight = place.weights(1)
    bias = place.weights(2) if place.constant(2) is not None else None
    if weight.ndim != 2:
        place.refuse(f"Gemm by a constant of {weight.ndim} axes")
    weight = weight if place.attribute("transB", 0) else weight.T
    if bias is not None:
        bias = _row(place, bias, len(weight))
        bias = bias if beta == 1 else bias * bias.dtype.type(beta)
    if alpha != 1:
        weight = weight * weight.dtype.type(alpha)
    return _dense(place, weight, bias)


def _dense(place: Place, weight: Weights, bias: Weights | None) -> Dense:
    shape = place.shape
    if shape[-1] != weight.shape[1]:
        place.refuse(f"{place.node.op_type} of {shape[-1]} numbers by {weight.shape[1]}")
    return Dense(shape, weight, bias)


def _row(place: Place, value: Weights, size: int) -> Weights:
    """A constant as one number for each feature."""
    if (value.size != 1 and value.shape[-1:] != (value.size,)) or value.size not in (1, size):
        place.refuse(f"{place.node.op_type} of a constant of shape {value.shape}")
    return np.broadcast_to(value.reshape(-1), (size,))


def einsum(place: Place) -> Linear:
    """Einsum that contracts axes of its data with a constant."""
    terms, out = _equation(place)
    is_second = place.constants[place.node.input[0]] is not None
    data, other = terms[is_second], terms[not is_second]
    weight = place.weights(0 if is_second else 1)
    shape, lead = place.shape, place.value.lead
    if len(data) != lead + len(shape) or len(other) != weight.ndim:
        place.refuse(f"Einsum of {place.attribute('equation', '')} with other axes")
    summed = [label for label in data if label in other]
    new = [label for label in other if label not in data]
    kept = [label for label in data[lead:] if label not in other]
    sound = (
        summed
        and sorted(out) == sorted([*data[:lead], *kept, *new])
        and list(out[:lead]) == list(data[:lead])
        and not set(summed) & set(data[:lead])
    )
    if not sound:
        place.refuse(f"Einsum of the form {place.attribute('equation', '')} is not supported")
    size = dict(zip(data[lead:], shape, strict=True)) | dict(zip(other, weight.shape, strict=True))
    if any(size[label] != shape[data.index(label) - lead] for label in summed):
        place.refuse("Einsum of sizes that do not meet")
    matrix = weight.transpose([other.index(label) for label in [*new, *summed]])
    first = Rearrange.permuted(shape, [data.index(label) - lead for label in [*kept, *summed]])
    rows = tuple(size[label] for label in kept)
    count = math.prod(size[label] for label in summed)
    dense = Dense((*rows, count), matrix.reshape(-1, count))
    apart = (*rows, *(size[label] for label in new))
    made = [*kept, *new]
    if not made:
        place.refuse("Einsum that leaves no axis but the batch")
    last = Rearrange.permuted(apart, [made.index(label) for label in out[lead:]])
    return Chain(
        (first, Rearrange(first.to, dense.shape), dense, Rearrange(dense.output_shape, apart), last)
    )


def _equation(place: Place) -> tuple[list[str], str]:
    """The labels of the two inputs, and of the output."""
    equation = str(place.attribute("equation", "")).replace(" ", "")
    inputs, arrow, out = equation.partition("->")
    terms = inputs.split(",")
    labels = inputs.replace(",", "")
    if not arrow:
        out = "".join(sorted(label for label in set(labels) if labels.count(label) == 1))
    repeated = any(len(set(term)) < len(term) for term in [*terms, out])
    if len(terms) != 2 or not (labels + out).isalpha() or repeated:
        place.refuse(f"Einsum of the form {equation} is not supported")
    return terms, out
