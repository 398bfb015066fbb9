"""Random recurrent cells, run forward and back through time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from actcli.activations.base import Activation
from actcli.budgets import LAYER, STEP, STEPPED
from actcli.errors import ActcliError, UsageError
from actcli.meanfield.cells import CELLS, Weights
from actcli.meanfield.fresh_weights import FreshWeights
from actcli.meanfield.simulate import Simulation
from actcli.numeric.arrays import Array

MOST_LOG = 1400.0
"""Of a mean square whose root is still far from overflow."""


class Followed(NamedTuple):
    """What was followed back through time, for each trial."""

    gradients: Array
    """(trials, steps): the logarithm of the mean square of the memory's gradient, by steps back."""
    paths: Array
    """(trials, steps): that of the product of the gates that keep the memory."""
    squares: Array
    """(trials, steps): the logarithm of the mean fourth power of that product."""
    gates: Array
    """(trials, steps, width): pre-activations of these gates in time; empty where there is none."""

    def carrying(self) -> Array:
        """(steps,): how many units carry the mean over all trials of the gates' product."""
        units = self.gates.shape[0] * self.gates.shape[2]
        mean, square = (np.logaddexp.reduce(part, axis=0) for part in (self.paths, self.squares))
        found: Array = np.exp(2 * mean - square + math.log(units / self.paths.shape[0]))
        return found


@dataclass(frozen=True)
class RandomCell:
    """Weights N(0, sigma_w^2/width), noise N(0, sigma_b^2), a bias on the gate that keeps."""

    activation: Activation
    cell: str
    sigma_w: float
    sigma_b: float
    bias: float
    fresh: bool
    """Whether the weights are drawn anew in each step, or once for all of them."""

    def follow(self, steps: int, plan: Simulation) -> Followed:
        """Run each cell for as many steps as are then looked at, and back from the last.

        Raises:
            ActcliError: the state overflows.
        """
        weights = CELLS[self.cell].gates * plan.width * (1 if self.fresh else plan.width)
        if weights > LAYER or 2 * steps * plan.trials * (weights + STEP) > STEPPED:
            raise UsageError(
                f"{plan.trials} cells of {plan.width} units over {steps} steps are too much to "
                "simulate: take fewer --steps, --units or --repeat"
            )
        results = []
        for trial in range(plan.trials):
            with np.errstate(all="ignore"):
                stream = (plan.seed, trial, 1) if self.fresh else (plan.seed, trial)
                random = np.random.default_rng(stream)
                results.append(self._trial(steps, plan.width, random))
            plan.advance()
        found = Followed(*(np.stack([result[part] for result in results]) for part in range(4)))
        if not (found.gradients < MOST_LOG).all():
            name = f"the {self.cell} of {self.activation}"
            raise ActcliError(f"the state of {name} overflows: take fewer steps")
        return found

    def _trial(self, steps: int, width: int, random: np.random.Generator) -> Followed:
        layout = CELLS[self.cell]
        rows = layout.gates * width
        biases = np.zeros(rows)
        if layout.keeps is not None:
            biases[layout.keeps * width : (layout.keeps + 1) * width] = self.bias
        weights = self._draw(rows, width, random)
        state = random.standard_normal((layout.parts, width))
        taken = []
        for t in range(2 * steps):
            if self.fresh and t > 0:
                weights = self._draw(rows, width, random)
            added = biases + self.sigma_b * random.standard_normal(rows)
            step = layout.cell(self.activation, weights, added, state)
            state = step.state
            if t >= steps:
                taken.append(step)
        up = np.zeros((layout.parts, width))
        up[-1] = random.standard_normal(width)
        scale, path = -np.log(np.mean(up[-1] ** 2)), np.zeros(width)
        gradients, paths, squares = np.empty(steps), np.zeros(steps), np.zeros(steps)
        for back, step in enumerate(reversed(taken)):
            up = step.back(up)
            size = np.abs(up).max()
            scale += 2 * np.log(size)
            up = up / (size or 1.0)
            gradients[back] = scale + np.log(np.mean(up[-1] ** 2))
            if step.keep is not None:
                path = path + 2 * np.log(step.keep)
                paths[back] = np.logaddexp.reduce(path) - math.log(width)
                squares[back] = np.logaddexp.reduce(2 * path) - math.log(width)
        gates = [step.keep_input for step in taken if step.keep_input is not None]
        return Followed(gradients, paths, squares, np.array(gates))

    def _draw(self, rows: int, width: int, random: np.random.Generator) -> Weights:
        if self.fresh:
            return FreshWeights(rows, width, self.sigma_w, random)
        weights: Array = random.standard_normal((rows, width))
        weights *= self.sigma_w / math.sqrt(width)
        return weights
