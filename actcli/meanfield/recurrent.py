"""How much of the gradient of a recurrent cell's memory survives, back through time.

Weights are N(0, sigma_w^2/width), drawn once and the same in every step; the input of each step is
fresh noise N(0, sigma_b^2) on every pre-activation, so that one unit's gates have the variance
s^2 = sigma_w^2 E h^2 + sigma_b^2. The gradient of the memory (h; of an LSTM, c) is followed from
the last step back.

Mean-field theory is of a wide cell whose weights are drawn anew in each step. A cell whose weights
are the same in every step goes by it for some sqrt(width) steps; so both are simulated.

Chen, Pennington & Schoenholz 2018, arXiv:1806.05394; Gilboa et al. 2019, arXiv:1901.08987; chrono
initialisation: Tallec & Ollivier 2018, arXiv:1804.11188.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import UsageError
from actcli.meanfield.cells import CELLS
from actcli.meanfield.random_network import RandomNetwork, refuse_jumps
from actcli.meanfield.simulate import Simulation
from actcli.meanfield.simulated_cells import Followed, RandomCell
from actcli.numeric.arrays import Array
from actcli.numeric.integrals.gaussian import expectation

MOST_BIAS = 700.0
"""Beyond, exp(bias) overflows."""

MOST_FRESH = 2048
"""The greatest width that a cell with fresh weights is given for many steps."""

FEW = 100
"""Units: where fewer carry a mean, its standard error is not known."""

FAR = 13.0
"""Deviations: what a normal number does not exceed."""


@dataclass(frozen=True)
class StepBack:
    """The memory's gradient some steps back, in units of today's (root mean square)."""

    back: int
    """Steps."""
    gradient_exact: float | None
    """Of a wide cell with fresh weights in each step. Plain: the root of the product of chi_1 at
    each step's variance, chi_1^(T/2) where that has settled; gated: what the gates alone keep where
    those of different steps are independent, with E[s(B + s z)^2] a step."""
    gradient_fresh: float
    """Simulated: the same, of a cell of `fresh_width`."""
    gradient_fresh_error: float | None
    """None for one network, and where fewer units than FEW carry the mean of the gates' product."""
    gradient: float
    """Simulated, over all paths."""
    gradient_error: float | None
    """The standard error of its mean; None for one network."""
    path: float | None
    """Simulated: the product of the gates that keep the memory; None where there is none."""
    path_error: float | None
    """The standard error of `path`."""
    path_independent: float | None
    """What gates of these variances keep where each unit's z is another in every step."""
    path_alike: float | None
    """What they keep where it is the same in every step: the most that they can keep."""


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
    """`rnn`, `lstm` or `gru`."""
    bias: float | None
    """Of the gate that keeps the memory; None for a plain cell."""
    sigma_w: float
    sigma_b: float
    width: int
    fresh_width: int
    """Of the cell with fresh weights: so wide that the theory holds over these steps."""
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
    """From the latest back."""


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
    gated = CELLS[cell].keeps is not None
    cells = (
        RandomCell(
            activation=activation,
            cell=cell,
            sigma_w=sigma_w,
            sigma_b=sigma_b,
            bias=bias,
            fresh=fresh,
        )
        for fresh in (False, True)
    )
    wide = replace(plan, width=fresh_width(plan.width, steps), advance=lambda: None)
    same, fresh = (one.follow(steps, how) for one, how in zip(cells, (plan, wide), strict=True))
    if gated:
        of_same, of_fresh = (np.mean((one.gates - bias) ** 2, axis=(0, 2)) for one in (same, fresh))
        spread: float | None = float(of_same.mean())
        alone: Sequence[Sequence[float | None]] = (
            *_paths(same),
            *(np.exp(part).tolist() for part in kept(bias, of_same[::-1])),
        )
        independent = kept(bias, of_fresh[::-1])[0]
        factor: float | None = math.exp(2 * independent[-1] / steps)
        exact: list[float] | list[None] = np.exp(independent).tolist()
    else:
        spread, factor = None, _settled(activation, sigma_w, sigma_b)
        exact = _plain(activation, sigma_w, sigma_b, steps)
        alone = [[None] * steps] * 4
    theirs = _paths(fresh) if gated else _root(fresh.gradients)
    columns = exact, *theirs, *_root(same.gradients), *alone
    rows = zip(range(1, steps + 1), *columns, strict=True)
    return Recurrent(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        cell=cell,
        bias=bias if gated else None,
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        width=plan.width,
        fresh_width=wide.width,
        trials=plan.trials,
        seed=plan.seed,
        eps=eps,
        factor=factor,
        gate_variance=spread,
        half_life=math.log(2) / math.log1p(math.exp(-bias)) if gated else None,
        chrono_bias=math.log(steps - 1) if gated and steps > 1 else None,
        gates_saturated=float(np.mean(_slope(same.gates) < eps)) if gated else None,
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


def fresh_width(width: int, steps: int) -> int:
    """Of a cell whose gradient over these steps spreads little (its log by some steps/width)."""
    return max(width, min(16 * steps, MOST_FRESH))


def _settled(activation: Activation, sigma_w: float, sigma_b: float) -> float | None:
    """chi_1 at the fixed point; None where the variance has none."""
    network = RandomNetwork(activation, sigma_w, sigma_b)
    q = network.fixed_point(1.0)
    return network.chi_1(q) if math.isfinite(q) else None


def _plain(
    activation: Activation, sigma_w: float, sigma_b: float, steps: int
) -> list[float] | list[None]:
    """The root of the product of chi_1 over 1, 2, ... steps back; nothing where chi_1 overflows.

    The variance of the pre-activations starts from a state of variance 1.
    """
    network = RandomNetwork(activation, sigma_w, sigma_b)
    variances = [sigma_w**2 + sigma_b**2]
    while len(variances) < 2 * steps:
        variances.append(network.variance(variances[-1]))
    if not math.isfinite(max(variances)):
        return [None] * steps
    with np.errstate(divide="ignore"):
        logs = np.log([network.chi_1(q) for q in variances[: steps - 1 : -1]])
    found: list[float] = np.exp(np.cumsum(logs) / 2).tolist()
    return found


def _paths(cells: Followed) -> tuple[list[float], list[float | None]]:
    """What the gates keep, and its standard error where many units carry it."""
    roots, errors = _root(cells.paths)
    known = cells.carrying() >= FEW
    return roots, [error if sure else None for error, sure in zip(errors, known, strict=True)]


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
