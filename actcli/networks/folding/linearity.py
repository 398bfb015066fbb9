"""Whether something is affine: the line an activation is, or the witness that a network is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activations.base import Activation, Line
from actcli.errors import ActcliError
from actcli.functions.marks import landmarks
from actcli.networks.budgets import COMPARED, inputs_within
from actcli.networks.layers import Layer, through
from actcli.numeric.arrays import Array
from actcli.numeric.floats import binade_grid

ROUNDING = 2.0**-50
"""Four units in the last place: how far from a line the values of a line may lie."""

BEYOND_ROUNDING = 1e-9
"""The share of the outputs that a defect must reach to be no matter of rounding."""

LARGEST_FIT = 4096
"""Inputs of a network up to which the best affine map is fitted."""

FITTED_OUTPUTS = 256

WITNESSES = 48
"""Pairs of inputs that are tried as witnesses, at most."""

BATCH = 256
"""Inputs that go through a network together, at most."""

DRAWN = 1 << 22
"""Numbers of all inputs of the witnesses, for either input of a pair."""

AT_ONCE = 1 << 24
"""Numbers of the longest value of a network for all inputs that go through together, 128 MB."""

DEFECTS = 3
"""Additivity, homogeneity, evenness."""

_POINTS = ("f(0)", "f(u)", "f(v)", "f(u+v)", "f(2v)", "f(-v)")
"""Where f is asked, for a pair u and v."""

_Pair = tuple[NDArray[np.int64], NDArray[np.int64]]

SHOWN = 64
"""Numbers of a vector that a witness shows."""


def line_of(activation: Activation) -> Line | None:
    """The line that the activation is, everywhere; None where it bends or jumps.

    Raises:
        ActcliError: it has no value at inputs as layers give them.
    """
    usual = np.linspace(-4, 4, 65)
    missing = usual[~np.isfinite(activation.sampled.value(usual))]
    if missing.size:
        raise ActcliError(
            f"{activation} is not a finite number at x = {missing[0]:g}: "
            "it cannot stand between layers"
        )
    x = np.setdiff1d(binade_grid(4), np.array(landmarks(activation)))
    value, slope = activation.sampled.value_and_derivative(x)
    line = Line(float(activation.sampled.derivative(1.0)), float(activation.sampled.value(0.0)))
    with np.errstate(all="ignore"):
        straight, size = line.slope * x + line.intercept, np.abs(line.slope * x)
        near = np.abs(value - straight) <= ROUNDING * (size + abs(line.intercept))
        level = np.abs(slope - line.slope) <= ROUNDING * abs(line.slope)
    return line if level.all() and near[np.isfinite(straight)].all() else None


@dataclass(frozen=True)
class Refutation:
    """Two inputs at which a network f fails what every affine map does.

    For an affine f all three defects are 0 at every u and v; each is the largest over the outputs.
    """

    by: Sequence[str]
    """The layers that are not linear."""
    why: Sequence[str]
    """One of them each, refuted by hand."""
    u: NDArray[np.int64]
    """An input, flat."""
    v: NDArray[np.int64]
    """Another one."""
    additivity: float
    """f(u + v) - f(u) - f(v) + f(0)."""
    homogeneity: float
    """f(2v) - 2 f(v) + f(0)."""
    evenness: float
    """f(v) + f(-v) - 2 f(0)."""
    outputs: dict[str, Array] | None
    """f at 0, u, v, u + v, 2v and -v, where short enough to show."""


@dataclass(frozen=True)
class AffineGap:
    """How far the best single affine map stays from the network, over standard normal inputs."""

    unexplained: float
    """The share of the outputs' variance that it leaves."""
    largest: float
    """Its largest error at an output."""
    inputs: int


def refute(layers: Sequence[Layer], rng: np.random.Generator) -> Refutation | None:
    """The plainest witness that the layers are no affine map; None where none was found.

    Of the witnesses tried the first with the most defects that rounding cannot explain.
    """
    size = layers[0].size_in
    pairs = list(islice(_small_vectors(size, rng), inputs_within(DRAWN, size, WITNESSES)))
    work = len(_POINTS) * sum(layer.multiply_adds for layer in layers)
    pairs = pairs[: inputs_within(COMPARED, work, WITNESSES)]
    at_once = _at_once(layers, len(_POINTS), WITNESSES)
    best: _Witness | None = None
    for start in range(0, len(pairs), at_once):
        found = _most_defects(layers, pairs[start : start + at_once])
        if best is None or found.shown > best.shown:
            best = found
        if best.shown == DEFECTS:
            break
    if best is None or not best.shown:
        return None
    guilty = {layer.label: layer.refutation for layer in layers if layer.refutation is not None}
    additivity, homogeneity, evenness = best.defects
    short = best.values.shape[1] <= SHOWN
    return Refutation(
        by=list(guilty),
        why=[text for text in guilty.values() if text],
        u=best.u,
        v=best.v,
        additivity=additivity,
        homogeneity=homogeneity,
        evenness=evenness,
        outputs=dict(zip(_POINTS, best.values, strict=True)) if short else None,
    )


class _Witness(NamedTuple):
    """Two inputs, how many of the defects rounding cannot explain, and the values of f."""

    shown: int
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    defects: tuple[float, float, float]
    values: Array


def _most_defects(layers: Sequence[Layer], pairs: Sequence[_Pair]) -> _Witness:
    """The first of the pairs with the most defects."""
    us, vs = (np.array(tried) for tried in zip(*pairs, strict=True))
    points = np.stack([0 * us, us, vs, us + vs, 2 * vs, -vs])
    with np.errstate(all="ignore"):
        images = through(layers, points.reshape(-1, *layers[0].shape).astype(np.float64))
    values = images.reshape(len(points), len(us), -1)
    zero, at_u, at_v, at_sum, at_twice, at_minus = values
    with np.errstate(all="ignore"):
        defects = np.stack(
            [
                np.abs(at_sum - at_u - at_v + zero).max(axis=1),
                np.abs(at_twice - 2 * at_v + zero).max(axis=1),
                np.abs(at_minus + at_v - 2 * zero).max(axis=1),
            ]
        )
        largest = np.abs(values).max(axis=(0, 2))
    seen = (defects > BEYOND_ROUNDING * largest) & np.isfinite(defects)
    count = np.where(np.isfinite(largest), seen.sum(axis=0), 0)
    best = int(count.argmax())
    additivity, homogeneity, evenness = defects[:, best].tolist()
    sizes = additivity, homogeneity, evenness
    return _Witness(int(count[best]), us[best], vs[best], sizes, values[:, best])


def _at_once(layers: Sequence[Layer], points: int, most: int) -> int:
    """How many sets of so many inputs go through the layers together."""
    longest = max(max(layer.size_in, layer.size_out) for layer in layers)
    return inputs_within(AT_ONCE, points * longest, most)


def _small_vectors(size: int, rng: np.random.Generator) -> Iterator[_Pair]:
    """Pairs of small integer vectors, the plainest first."""
    for axis in range(min(size, 8)):
        unit = np.zeros(size, np.int64)
        unit[axis] = 1
        yield -2 * unit, unit
        yield 2 * unit, -unit
    for largest in (1, 2, 3, 9):
        for _ in range(8):
            u, v = rng.integers(-largest, largest, (2, size), endpoint=True)
            yield u, v


def refuted_by_hand(activation: Activation) -> str:
    """Two whole numbers at which h is not additive, as in `relu(1) + relu(-1) = 1, not 0`."""
    numbers = [(1, -1), (1, 1), (2, -1), (2, 2), (-1, -1), (3, -1), (-2, -2), (4, 4), (-9, 1)]
    h = {n: float(activation.sampled.value(float(n))) for n in range(-10, 11)}
    for p, q in numbers:
        left, right = h[p] + h[q], h[p + q] + h[0]
        if np.isfinite(left + right) and abs(left - right) > BEYOND_ROUNDING * abs(left):
            return f"h({p}) + h({q}) = {left:.6g}, but h({p + q}) + h(0) = {right:.6g}"
    return ""


def affine_gap(layers: Sequence[Layer], rng: np.random.Generator) -> AffineGap | None:
    """Fit the best affine map to the layers by least squares; None where there are too many inputs.

    The fit has four inputs to a coefficient; the variance left is corrected for the coefficients.
    """
    size = layers[0].size_in
    if size > LARGEST_FIT:
        return None
    count = 4 * (size + 1) + 64
    x = rng.standard_normal((count, size))
    with np.errstate(all="ignore"):
        batches = _batches(x.reshape(count, *layers[0].shape), _at_once(layers, 1, BATCH))
        parts = [through(layers, part) for part in batches]
        y = np.concatenate([_some(part.reshape(len(part), -1)) for part in parts])
        spread = float(((y - y.mean(axis=0)) ** 2).sum()) / (count - 1)
    if not np.isfinite(spread):
        return None
    with_one = np.column_stack([x, np.ones(count)])
    fitted = with_one @ np.linalg.solve(with_one.T @ with_one, with_one.T @ y)
    left = float(((y - fitted) ** 2).sum()) / (count - size - 1)
    unexplained = min(left / spread, 1.0) if spread else 0.0
    return AffineGap(unexplained, float(np.abs(y - fitted).max()), count)


def _batches(x: Array, size: int) -> Iterator[Array]:
    for start in range(0, len(x), size):
        yield x[start : start + size]


def _some(outputs: Array) -> Array:
    """Outputs evenly spaced, where there are many."""
    return outputs[:, :: -(-outputs.shape[1] // FITTED_OUTPUTS)]
