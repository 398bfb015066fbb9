"""What the words of `propagate` mean, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from actcli.reports.long_lists import ALL, evenly
from actcli.results import Report

Result = TypeVar("Result")
Step = TypeVar("Step")

DEPTH = (
    "q*: the variance of pre-activations that a layer hands on as it is.",
    "chi_1: the factor of a gradient's mean square in a layer, sigma_w^2 E f'^2 at q*.",
    "chi_q: the factor of a deviation from q* in a layer; below 1, q* is stable.",
    "ordered: chi_1 < 1: inputs become alike, gradients vanish with depth.",
    "chaotic: chi_1 > 1: like inputs become unlike, gradients explode with depth.",
    "critical: chi_1 = 1, the edge of chaos: gradients keep their size.",
    "correlation: of two inputs' pre-activations; at 1 they are told apart no more.",
    "gradient: its root mean square, in units of that behind the last layer.",
    "saturated: the share of pre-activations at which |f'| < EPS.",
    "zero slope: the share of pre-activations at which f' is 0; a unit is dead if all are.",
)

RESIDUAL = (
    "stream: E x^2; a layer adds 2 alpha E x E f + alpha^2 E f^2 to it.",
    "mean: E x, to which a layer adds alpha E f: it grows where f has a mean.",
    "correlation: of two inputs' streams; at 1 they are told apart no more.",
    "gradient: its root mean square by x, in units of that behind the last layer;",
    "  a layer multiplies its square by 1 + alpha^2 sigma_w^2 E f'^2.",
    "exponential: f goes on as a slanting line: a layer adds a share of the stream.",
    "polynomial: f flattens out: a layer adds little more than the one before.",
)

TIME = (
    "back: how many steps ago.",
    "gradient: its root mean square by the state then, in units of today's.",
    "gates alone: of that, what goes through the product of the gates.",
    "exact: of infinite width, where weights are drawn anew in each step;",
    "  or where gates are independent, or alike, from step to step.",
    "saturated: the share of gates whose slope is below EPS.",
    "half-life: the steps in which a memory at rest falls to one half.",
    "chrono: a bias of log(T - 1) remembers T steps (Tallec & Ollivier 2018).",
)


class Explained(Report[Result]):
    """A report of many steps that can say what its words mean, below its table."""

    words: ClassVar[Sequence[str]] = ()

    def __init__(self, result: Result, every: bool = False, explain: bool = False) -> None:
        super().__init__(result, every)
        self._explain = explain

    def read(self, steps: Sequence[Step]) -> Sequence[Step]:
        """The steps that a person reads: of many a few, evenly."""
        return steps if self.every else evenly(steps)

    def details(self) -> Sequence[str]:
        """That not every step is listed, where that is so; the words, a line each."""
        steps = [*self.rows()]
        few = [f"{ALL}."] if len(self.read(steps)) < len(steps) else []
        return (*few, "", *self.words) if self._explain else few


def reported(
    report: type[Explained[Result]], answers: Sequence[Result], every: bool, explain: bool
) -> list[Explained[Result]]:
    """The answers, the last of them with the words where they are to be explained."""
    return [report(one, every, explain and one is answers[-1]) for one in answers]
