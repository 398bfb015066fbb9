"""`collapse`: fold the linear runs of a network, prove each fold, and show what breaks the rest."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.networks.budgets import (
    DECOMPOSED,
    DECOMPOSED_TOGETHER,
    MEASURED_AT_ONCE,
    WRITTEN_OUT,
    Purse,
    inputs_within,
    measured_inputs,
)
from actcli.networks.folding.fold import folded_work, groups_that_pay, kept_type, least_work
from actcli.networks.folding.forms import Folded
from actcli.networks.folding.linearity import affine_gap, refute
from actcli.networks.folding.parts import parts_of
from actcli.networks.folding.product import Advance, constant, idle
from actcli.networks.folding.proof.error_bound import UNIT, UNITS, error_bound, gamma
from actcli.networks.folding.proof.exact import exact_proof
from actcli.networks.folding.proof.number_range import fold_in_range
from actcli.networks.folding.results import AsConvolution, Collapse, LayerFacts, RunFacts
from actcli.networks.layers import Dense, Layer, Linear, Rearrange, Shape, through
from actcli.networks.layers.convolution import dense_as_convolution
from actcli.networks.network import Barrier, Network, Run, span
from actcli.numeric.arrays import Array

SHOWN = 4096
"""Entries of a matrix up to which an answer carries it."""

TRIED = 16
"""Random inputs of a comparison, at most."""


def collapse(
    network: Network, *, seed: int = 0, as_conv: bool = False, advance: Advance = idle
) -> Collapse:
    """Fold every run of the network and look at what stands between them."""
    rng = np.random.default_rng(seed)
    runs: list[RunFacts] = []
    barriers = list(network.barriers)
    purse = Purse(DECOMPOSED_TOGETHER)
    for run in network.runs:
        parts, refused = parts_of(run)
        barriers += refused
        for part in parts:
            folded, why = fold_in_range(part.layers, advance)
            if folded is not None:
                with np.errstate(over="ignore", invalid="ignore"):
                    facts = _run(part, folded, rng, purse, advance)
                if np.isfinite(facts.deviation):
                    runs.append(facts)
                    continue
                why = f"at random inputs they leave the numbers of {facts.precision}"
            name = f"layers {span(part.numbers)}"
            barriers.append(Barrier(name, why, part.numbers[0] - 1, part.numbers))
    breaks = network.is_path and any(not isinstance(layer, Linear) for layer in network.layers)
    return Collapse(
        source=network.source,
        layers=[_layer(number, layer) for number, layer in enumerate(network.layers, start=1)],
        runs=runs,
        barriers=barriers,
        refutation=refute(network.layers, rng) if breaks else None,
        affine_gap=affine_gap(network.layers, rng) if breaks else None,
        as_convolution=_as_convolutions(network, rng) if as_conv else (),
        saved=None,
        notes=network.notes,
    )


def _layer(number: int, layer: Layer) -> LayerFacts:
    weight, bias = layer.weight_and_bias
    return LayerFacts(
        number=number,
        name=layer.label,
        input_shape=layer.shape,
        output_shape=layer.output_shape,
        parameters=layer.parameters,
        multiply_adds=layer.multiply_adds,
        linear=isinstance(layer, Linear),
        weight=_shown(weight),
        bias=_shown(bias),
    )


def _shown(weights: NDArray[Any] | None) -> Array | None:
    if weights is None or weights.size > SHOWN:
        return None
    return np.ascontiguousarray(weights, np.float64)


def _run(
    run: Run, folded: Folded, rng: np.random.Generator, purse: Purse, advance: Advance
) -> RunFacts:
    layers = run.layers
    kind = kept_type(layers).name
    tried = measured_inputs(layers, TRIED)
    deviation = bound = 0.0
    if folded.is_fold:
        x = rng.standard_normal((tried, *layers[0].shape))
        if kind != "float64":
            x = x.astype(np.float32).astype(np.float64)
        for some in _together(layers, x):
            apart = _deviation(layers, folded.layers, some, kind)
            limit = error_bound(layers, folded.layers, some, UNITS[kind], advance).max()
            deviation, bound = (  # NaN stays NaN
                float(part) for part in np.maximum((deviation, bound), (apart, limit))
            )
    matrix = _matrix(layers, folded)
    bias = constant(layers)
    rank, condition = _singular(matrix, purse)
    groups = groups_that_pay(layers)
    return RunFacts(
        layers=run.numbers,
        input_shape=layers[0].shape,
        output_shape=layers[-1].output_shape,
        form=folded.form,
        matrix_shape=(layers[-1].size_out, layers[0].size_in),
        matrix=_shown(matrix),
        bias=_shown(None if bias is None else bias.reshape(-1)),
        kernel_shape=folded.kernel,
        parameters_before=sum(layer.parameters for layer in layers),
        parameters_after=sum(layer.parameters for layer in folded.layers),
        multiply_adds_before=sum(layer.multiply_adds for layer in layers),
        multiply_adds_after=sum(layer.multiply_adds for layer in folded.layers),
        order=folded.order,
        product=_by_number(folded, run),
        rank=rank,
        rank_at_most=min(layer.size_in for layer in (*layers, _end(layers[-1]))),
        condition=condition,
        precision=kind,
        inputs=tried,
        deviation=deviation,
        bound=bound,
        exact=exact_proof(layers, matrix, rng) if folded.is_fold else None,
        pays=folded_work(layers) < sum(layer.multiply_adds for layer in layers),
        best=[[run.numbers[place] for place in group] for group in groups],
        multiply_adds_best=sum(least_work(layers[group[0] : group[-1] + 1]) for group in groups),
    )


def _together(layers: Sequence[Linear], x: Array) -> Iterator[Array]:
    """The inputs in parts that do not fill the memory on their way through the layers."""
    longest = max(max(layer.size_in, layer.size_out) for layer in layers)
    height = inputs_within(MEASURED_AT_ONCE, longest, TRIED)
    for start in range(0, len(x), height):
        yield x[start : start + height]


def _by_number(folded: Folded, run: Run) -> str | None:
    """The product with the numbers that its factors have in the network; None where one has none.

    Such a one is a part of a layer, or two in one that only move numbers.
    """
    of = {id(layer): number for layer, number in zip(run.layers, run.numbers, strict=True)}
    numbers = [of.get(id(layer)) for layer in folded.factors]
    if None in numbers:
        return None
    return re.sub(r"\d+", lambda place: str(numbers[int(place[0]) - 1]), folded.product)


def _end(layer: Linear) -> Linear:
    return Rearrange(layer.output_shape, layer.output_shape)


def _deviation(layers: Sequence[Linear], folded: Sequence[Linear], x: Array, kind: str) -> float:
    """The largest difference between the two, run in float64 or in float32 like their weights."""
    x = x if kind == "float64" else x.astype(np.float32)
    return float(np.abs(through(layers, x) - through(folded, x)).max())


def _matrix(layers: Sequence[Linear], folded: Folded) -> Array | None:
    """The product as float64 has it; None where it would have to be written out and is too long."""
    is_there = folded.form == "matrix"
    if not is_there and layers[0].size_in * layers[-1].size_out > WRITTEN_OUT:
        return None
    return folded.matrix()


def _singular(matrix: Array | None, purse: Purse) -> tuple[int | None, float | None]:
    """Numeric rank and condition; None where the singular values would cost too much."""
    if matrix is None or not np.isfinite(matrix).all():
        return None, None
    work = matrix.size * min(matrix.shape)
    if work > DECOMPOSED or not purse.pays(work):
        return None, None
    values = np.linalg.svd(matrix, compute_uv=False)
    rank = int((values > max(matrix.shape) * 2 * UNIT * values[0]).sum())
    return rank, float(values[0] / values[-1]) if rank == len(values) else math.inf


def _as_convolutions(network: Network, rng: np.random.Generator) -> list[AsConvolution]:
    """Each dense layer as a convolution: of the image that was flattened before it, or 1x1."""
    found = []
    image: Shape | None = None
    for number, layer in enumerate(network.layers, start=1):
        if isinstance(layer, Rearrange) and layer.order is None:
            image = layer.shape if len(layer.shape) == 3 else image
            continue
        if isinstance(layer, Dense) and len(layer.shape) == 1:
            found.append(_as_convolution(number, layer, image or (layer.size_in, 1, 1), rng))
        image = None
    return found


def _as_convolution(
    number: int, layer: Dense, image: Shape, rng: np.random.Generator
) -> AsConvolution:
    same = dense_as_convolution(layer, image)
    x = rng.standard_normal((4, *image))
    flat = x.reshape(4, -1)
    images = same(x).reshape(4, -1)
    by_pixel = x.transpose(0, 2, 3, 1).reshape(4, -1)
    size = np.abs(flat) @ np.abs(layer.matrix()).T + (0 if layer.bias is None else abs(layer.bias))
    return AsConvolution(
        layer=number,
        dense_shape=(layer.size_out, layer.size_in),
        image_shape=image,
        kernel_shape=same.kernel.shape,
        weights=layer.weight.size,
        deviation=float(np.abs(layer(flat) - images).max()),
        bound=float(2 * gamma(layer.terms, UNIT) * size.max()),
        wrong_layout=None if image[1:] == (1, 1) else float(np.abs(layer(by_pixel) - images).max()),
    )
