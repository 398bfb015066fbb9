"""How much of the gradient of a recurrent cell's memory survives, back through time.

Weights are N(0, sigma_w^2/width), drawn once and the same in every step; the input of each step is
fresh noise N(0, sigma_b^2) on every pre-activation, so that one unit's gates have the variance
s^2 = sigma_w^2 E h^2 + sigma_b^2. The gradient of the memory (h; of an LSTM, c) is followed from
the last step back.

Chen, Pennington & Schoenholz 2018, arXiv:1806.05394; Gilboa et al. 2019, arXiv:1901.08987; chrono
initialisation: Tallec & Ollivier 2018, arXiv:1804.11188.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import ActcliError, UsageError
from actcli.meanfield.cells import CELLS
from actcli.meanfield.random_network import RandomNetwork, refuse_jumps
from actcli.meanfield.simulate import Simulation
from actcli.numeric.arrays import Array
from actcli.numeric.integrals.gaussian import expectation

MOST_BIAS = 700.0
"""Beyond, exp(bias) overflows."""

MOST_LOG = 1400.0
"""Of a mean square whose root is still far from overflow."""

FAR = 13.0
"""Deviations: what a normal number does not exceed."""


@dataclass(frozen=True)
class StepBack:
    """The memory's gradient some steps back, in units of today's (root mean square)."""

    back: int
    gradient_exact: float | None
    """Of a wide plain cell chi_1^(T/2), where the variance has settled; of a gated one what the
    gates alone keep where those of different steps are independent, with E[s(B + s z)^2] a step."""
    gradient: float
    """Simulated, over all paths."""
    gradient_error: float | None
    """The standard error of its mean; None for one network."""
    path: float | None
    """Simulated: the product of the gates that keep the memory; None where there is none."""
    path_error: float | None
    path_alike: float | None
    """What the gates keep where each unit's z is the same in every step: the most that gates of
    these variances can keep."""


@dataclass(frozen=True)
class Recurrent:
    """The gradient through time, simulated, beside what is exact for a width without end.

    What recurs through the weights makes gates alike in time: the path of a wide cell lies between
    that of gates that are independent from step to step and that of gates that are alike in all.
    """

    activation: str
    formula: str
    params: Mapping[str, float]
    cell: str
    bias: float | None
    """Of the gate that keeps the memory; None for a plain cell."""
    sigma_w: float
    sigma_b: float
    width: int
    trials: int
    seed: int
    eps: float
    factor: float | None
    """Exact, a step, of the gradient's mean square: chi_1, or E[s(B + s z)^2] (the mean step's)."""
    gate_variance: float | None
    """s^2 of the keeping gate's pre-activations, measured: the mean over the steps."""
    half_life: float | None
    """Steps, -ln 2/ln s(B): of the memory where the gates do not vary."""
    chrono_bias: float | None
    """The bias that remembers `steps` steps: ln(steps - 1); None for a plain cell or one step."""
    gates_saturated: float | None
    """The share of keeping gates where the slope of the sigmoid is below eps."""
    steps: Sequence[StepBack]


def recurrent(
    activation: Activation,
    cell: str,
    steps: int,
    *,
    bias: float = 0.0,
    sigma_w: float = 1.0,
    sigma_b: float = 0.0,
    eps: float = 1e-3,
    plan: Simulation | None = None,
) -> Recurrent:
    """Simulate random cells, after as many steps as are then looked at.

    Raises:
        UsageError: one of the numbers is out of bounds.
        ActcliError: the function jumps, or the state overflows.
    """
    plan = plan or Simulation(width=128)
    if cell not in CELLS:
        raise UsageError(f"cell must be {', '.join(CELLS)}, not {cell!a}")
    if steps < 1:
        raise UsageError(f"steps must be 1 or greater, not {steps}")
    if not abs(bias) <= MOST_BIAS:
        raise UsageError(f"the bias must be from -{MOST_BIAS:g} to {MOST_BIAS:g}, not {bias:g}")
    if not all(map(math.isfinite, (sigma_w, sigma_b))) or min(sigma_w, sigma_b) < 0:
        raise UsageError("sigma_w and sigma_b must be finite and >= 0")
    refuse_jumps(activation, 1.0)
    layout = CELLS[cell]
    gated = layout.keeps is not None
    results = []
    for trial in range(plan.trials):
        with np.errstate(all="ignore"):
            random = np.random.default_rng((plan.seed, trial))
            results.append(_trial(activation, cell, steps, bias, sigma_w, sigma_b, plan, random))
        plan.advance()
    gradients, paths, gates = (np.stack([r[part] for r in results]) for part in range(3))
    if not (gradients < MOST_LOG).all():
        raise ActcliError(f"the state of the {cell} of {activation} overflows: take fewer steps")
    if gated:
        variances = np.mean((gates - bias) ** 2, axis=(0, 2))
        spread: float | None = float(variances.mean())
        independent, alike = kept(bias, variances[::-1])
        factor: float | None = math.exp(2 * independent[-1] / steps)
        exact, *alone = np.exp(independent).tolist(), *_root(paths), np.exp(alike).tolist()
    else:
        spread, factor = None, _plain(activation, sigma_w, sigma_b)
        exact = [None if factor is None else factor ** (back / 2) for back in range(1, steps + 1)]
        alone = [[None] * steps] * 3
    rows = zip(range(1, steps + 1), exact, *_root(gradients), *alone, strict=True)
    return Recurrent(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        cell=cell,
        bias=bias if gated else None,
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        width=plan.width,
        trials=plan.trials,
        seed=plan.seed,
        eps=eps,
        factor=factor,
        gate_variance=spread,
        half_life=math.log(2) / math.log1p(math.exp(-bias)) if gated else None,
        chrono_bias=math.log(steps - 1) if gated and steps > 1 else None,
        gates_saturated=float(np.mean(_slope(gates) < eps)) if gated else None,
        steps=tuple(StepBack(*row) for row in rows),
    )


def kept(bias: float, variances: Array) -> tuple[Array, Array]:
    """What gates s(bias + sqrt(v) z) keep over 1, 2, ... steps; s is the logistic sigmoid.

    The logarithm of the root mean square of the product of the gates: where every step has a z of
    its own, and where all have the same.
    """
    widest = float(variances.max()) or 1.0
    deviations = np.sqrt(variances / widest)
    best = -np.log1p(np.exp(-bias - FAR * np.sqrt(variances)))

    def squares(x: Array) -> Array:
        logs = -np.logaddexp(0.0, -(bias + np.outer(deviations, x))) - best[:, None]
        both: Array = np.exp(2 * np.concatenate([logs, np.cumsum(logs, axis=0)]))
        return both

    means = np.log(expectation(squares, widest)) / 2
    independent, alike = means[: len(best)] + best, means[len(best) :] + np.cumsum(best)
    return np.cumsum(independent), alike


def _plain(activation: Activation, sigma_w: float, sigma_b: float) -> float | None:
    """chi_1 at the fixed point; None where the variance has none."""
    network = RandomNetwork(activation, sigma_w, sigma_b)
    q = network.fixed_point(1.0)
    return network.chi_1(q) if math.isfinite(q) else None


def _trial(
    activation: Activation,
    cell: str,
    steps: int,
    bias: float,
    sigma_w: float,
    sigma_b: float,
    plan: Simulation,
    random: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """Logarithms of mean squares by steps back, of gradient and path; the keeping gates' inputs."""
    layout, width = CELLS[cell], plan.width
    rows = layout.gates * width
    weights = random.standard_normal((rows, width)) * (sigma_w / math.sqrt(width))
    biases = np.zeros(rows)
    if layout.keeps is not None:
        biases[layout.keeps * width : (layout.keeps + 1) * width] = bias
    state = random.standard_normal((layout.parts, width))
    taken = []
    for t in range(2 * steps):
        added = biases + sigma_b * random.standard_normal(rows)
        step = layout.cell(activation, weights, added, state)
        state = step.state
        if t >= steps:
            taken.append(step)
    up = np.zeros((layout.parts, width))
    up[-1] = random.standard_normal(width)
    scale, path = -np.log(np.mean(up[-1] ** 2)), np.zeros(width)
    gradients, paths = np.empty(steps), np.zeros(steps)
    for back, step in enumerate(reversed(taken)):
        up = step.back(up)
        size = np.abs(up).max()
        scale += 2 * np.log(size)
        up = up / (size or 1.0)
        gradients[back] = scale + np.log(np.mean(up[-1] ** 2))
        if step.keep is not None:
            path = path + 2 * np.log(step.keep)
            paths[back] = np.logaddexp.reduce(path) - math.log(width)
    gates = [step.keep_input for step in taken if step.keep_input is not None]
    return gradients, paths, np.array(gates)


def _root(logs: Array) -> tuple[list[float], list[float | None]]:
    """Root of the mean over the trials of numbers given by their logarithms; its standard error."""
    top = np.nan_to_num(logs.max(axis=0), neginf=0.0)
    squares = np.exp(logs - top)
    mean = squares.mean(axis=0)
    roots = np.exp(top / 2) * np.sqrt(mean)
    if len(squares) == 1:
        return roots.tolist(), [None] * roots.size
    with np.errstate(all="ignore"):
        errors = roots * squares.std(axis=0, ddof=1) / math.sqrt(len(squares)) / (2 * mean)
    return roots.tolist(), [e if math.isfinite(e) else None for e in errors.tolist()]


def _slope(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    slope: Array = small / (1 + small) ** 2
    return slope
