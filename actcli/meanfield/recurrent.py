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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actcli.activations.base import Activation
from actcli.charts.model import Chart, Curve
from actcli.errors import ActcliError, UsageError
from actcli.meanfield.cells import CELLS
from actcli.meanfield.random_network import Network, refuse_jumps
from actcli.meanfield.simulate import Simulation
from actcli.numeric.arrays import Array
from actcli.numeric.integrals.gaussian import expectation
from actcli.reports.recurrent import sentences
from actcli.results import Answer, Row

MOST_BIAS = 700.0
"""Beyond, exp(bias) overflows."""


@dataclass(frozen=True)
class StepBack:
    """The memory's gradient some steps back, in units of today's (root mean square)."""

    back: int
    gradient_exact: float | None
    """Of the plain cell chi_1^(T/2); of a gated one the cell path alone, E[s(B + s z)^2]^(T/2)."""
    gradient: float
    """Simulated, over all paths."""
    gradient_error: float | None
    """The standard error of its mean; None for one network."""
    path: float | None
    """Simulated: the product of the gates that keep the memory; None where there is none."""
    path_error: float | None


@dataclass(frozen=True)
class Recurrent(Answer):
    """The gradient through time, simulated, beside what is exact.

    The exact factor of a gated cell takes the gates of different steps as independent; what recurs
    through the weights makes them alike in time, and the simulated path larger.
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
    """Exact, a step, of the gradient's mean square: chi_1, or E[s(B + s z)^2]."""
    gate_variance: float | None
    """s^2 of the keeping gate's pre-activations, measured."""
    half_life: float | None
    """Steps, -ln 2/ln s(B): of the memory where the gates do not vary."""
    chrono_bias: float | None
    """The bias that remembers `steps` steps: ln(steps - 1); None for a plain cell or one step."""
    gates_saturated: float | None
    """The share of keeping gates where the slope of the sigmoid is below eps."""
    steps: Sequence[StepBack]

    def rows(self) -> Iterator[Row]:
        """One row a step back."""
        for step in self.steps:
            yield {"activation": self.activation, "cell": self.cell, "bias": self.bias} | vars(step)

    def shown(self) -> Iterator[Row]:
        """A dozen of the steps."""
        every = max(1, math.ceil(len(self.steps) / 12))
        for step in self.steps[::-1][::every][::-1]:
            yield vars(step)

    def sentences(self) -> Sequence[str]:
        """What is left of the gradient, and how long the memory is."""
        return sentences(self)


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
    if not (np.isfinite(gradients).all() and np.isfinite(paths).all()):
        raise ActcliError(f"the state of the {cell} of {activation} overflows: take fewer steps")
    spread = float(np.mean((gates - bias) ** 2)) if gated else None
    factor = _plain(activation, sigma_w, sigma_b) if spread is None else kept(bias, spread)
    measured = zip(*_root(gradients), *(_root(paths) if gated else _nothing(steps)), strict=True)
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
        steps=tuple(
            StepBack(back, None if factor is None else factor ** (back / 2), *row)
            for back, row in enumerate(measured, 1)
        ),
    )


def chart(answers: Sequence[Recurrent]) -> Chart:
    """The gradient against steps back: simulated, and what is exact."""
    curves = [
        Curve(
            f"{one.cell}{'' if one.bias is None else f' {one.bias:g}'} {one.activation}: {label}",
            np.array([float(step.back) for step in one.steps]),
            np.array([getattr(step, key) or math.nan for step in one.steps]),
            series=series,
            secondary=key == "gradient_exact",
        )
        for series, one in enumerate(answers)
        for key, label in (("gradient", "simulated"), ("gradient_exact", "exact"))
    ]
    longest = max(len(one.steps) for one in answers)
    return Chart(
        curves,
        (1.0, float(max(longest, 2))),
        title="Gradient through time",
        log_y=True,
        x_label="steps back",
    )


def kept(bias: float, spread: float) -> float:
    """E[s(bias + sqrt(spread) z)^2], s the logistic sigmoid."""

    def square(x: Array) -> Array:
        kept_twice: Array = np.exp(-2 * np.logaddexp(0.0, -(x + bias)))
        return kept_twice[None]

    return float(square(np.zeros(1))[0, 0] if spread < 1e-200 else expectation(square, spread)[0])


def _plain(activation: Activation, sigma_w: float, sigma_b: float) -> float | None:
    """chi_1 at the fixed point; None where the variance has none."""
    network = Network(activation, sigma_w, sigma_b)
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
    """Mean squares of gradient and path by steps back, and the keeping gates' pre-activations."""
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
    unit, path = np.mean(up[-1] ** 2), np.ones(width)
    gradients, paths = np.empty(steps), np.ones(steps)
    for back, step in enumerate(reversed(taken)):
        up = step.back(up)
        gradients[back] = np.mean(up[-1] ** 2) / unit
        if step.keep is not None:
            path = path * step.keep
            paths[back] = np.mean(path**2)
    gates = [step.keep_input for step in taken if step.keep_input is not None]
    return gradients, paths, np.array(gates)


def _root(squares: Array) -> tuple[list[float], list[float | None]]:
    """Root of the mean over the trials, and its standard error."""
    roots = np.sqrt(squares.mean(axis=0))
    if len(squares) == 1:
        return roots.tolist(), [None] * roots.size
    with np.errstate(all="ignore"):
        errors = squares.std(axis=0, ddof=1) / math.sqrt(len(squares)) / (2 * roots)
    return roots.tolist(), [e if math.isfinite(e) else None for e in errors.tolist()]


def _nothing(steps: int) -> tuple[list[None], list[None]]:
    return [None] * steps, [None] * steps


def _slope(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    slope: Array = small / (1 + small) ** 2
    return slope
