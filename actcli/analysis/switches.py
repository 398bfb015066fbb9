"""Where a formula changes branch: between neighbouring switches it is an analytic function of x."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from actcli.activation import Activation, Array
from actcli.analysis.pieces import Window, standard_points
from actcli.expression import Expression, arrays
from actcli.expression.algebras import Values, instance
from actcli.expression.parse import parse
from actcli.expression.program import Program, Step
from actcli.numeric.floats import distinct, flips, step, ulp
from actcli.numeric.simplest import simplest

EVERYWHERE = (-np.inf, np.inf)

_COMPARED = frozenset({"<", "<=", ">", ">=", "==", "!=", "max", "min"})
_BENT_AT_ZERO = frozenset({"abs", "sign", "sqrt", "log"})

Decider = Callable[[Array], Array]

_CONTACT = 1e-7
"""A run of zeros narrower than that, relative to 1 or to its place, is one zero in roundoff."""

_BESIDE = 16
"""A place so many ulp beside a declared kink is that kink, computed with more roundoff."""

_UNDERFLOW = 1e-290
"""A number that small on its way to 0 is not at a zero."""


def switches(activation: Activation, window: Window = EVERYWHERE) -> tuple[float, ...]:
    """The places in the window where the formula of an activation changes branch, ascending.

    The declared kinks are among them.
    """
    declared = [kink for kink in activation.kinks if window[0] < kink < window[1]]
    others = [
        place
        for place in _of_formula(activation, window)
        if all(abs(place - kink) > _BESIDE * ulp(kink) for kink in declared)
    ]
    return tuple(sorted({*declared, *others}))


@lru_cache(maxsize=256)
def _of_formula(activation: Activation, window: Window) -> tuple[float, ...]:
    formula = _Formula(activation)
    if not formula.deciding:
        return ()
    points = standard_points()
    points = points[(points > window[0]) & (points < window[1])]
    if activation.endless:
        points = distinct(np.concatenate([points, np.linspace(*window, 4097)[1:-1]]))
    return tuple(
        place
        for which, seen in enumerate(formula.deciders(points))
        for place in _changes(formula.decider(which), points, seen)
    )


@dataclass(frozen=True)
class _Formula:
    """A formula seen through the quantities whose sign decides which branch is taken."""

    activation: Activation

    @cached_property
    def program(self) -> Program:
        if isinstance(self.activation, Expression):
            return self.activation.program
        return parse(self.activation.formula, tuple(self.activation.params))

    @cached_property
    def deciding(self) -> list[Step]:
        """The steps that may change branch."""
        varying = self.program.varying
        return [
            step
            for step in self.program.steps
            if any(varying[i] for i in step.arguments) and step.operation in _DECIDERS
        ]

    def deciders(self, x: Array) -> list[Array]:
        """What decides, for every deciding step, one array after the other."""
        flat = x.reshape(-1)
        with np.errstate(all="ignore"):
            results = self.program.trace(Values(arrays), flat, self.activation.params)
            return [
                np.broadcast_to(quantity, flat.shape).reshape(x.shape)
                for step in self.deciding
                for quantity in _DECIDERS[step.operation](
                    step, [results[i] for i in step.arguments]
                )
            ]

    def decider(self, which: int) -> Decider:
        """One of the deciders by itself."""
        return lambda x: self.deciders(x)[which]


def _nested(step: Step, arguments: Sequence[Any]) -> Iterator[Any]:
    assert step.activation is not None
    u, *values = arguments
    params = {key: float(np.ravel(v)[0]) for key, v in zip(step.keys, values, strict=True)}
    for place in switches(instance(step.activation, params)):
        yield u - place


def _power(step: Step, arguments: Sequence[Any]) -> Iterator[Any]:
    base, exponent = arguments
    if np.ndim(base) and (np.ndim(exponent) or exponent < 0 or exponent != np.floor(exponent)):
        yield base


_DECIDERS: Mapping[str, Callable[[Step, Sequence[Any]], Iterator[Any]]] = {
    **dict.fromkeys(_BENT_AT_ZERO, lambda step, u: iter((u[0],))),
    **dict.fromkeys(
        _COMPARED, lambda step, uv: iter((np.where(uv[0] == uv[1], 0.0, uv[0] - uv[1]),))
    ),
    "/": lambda step, uv: iter((uv[1],) if np.ndim(uv[1]) else ()),
    "tan": lambda step, u: iter((np.cos(u[0]),)),
    "**": _power,
    "activation": _nested,
}


def _changes(decider: Decider, points: Array, seen: Array) -> Iterator[float]:
    """Where the sign of what decides changes: isolated zeros, and the ends of runs of zeros."""
    for start, end in _zeros(decider, points, seen):
        if np.isfinite(end - start) and end - start <= _CONTACT * max(1.0, abs(start), abs(end)):
            yield simplest(start, end)
        else:
            outside = np.array([step(start, -1), step(end)])
            for place, height in zip((start, end), np.abs(decider(outside)), strict=True):
                underflow = height < _UNDERFLOW and abs(place) > _CONTACT
                if np.isfinite(place) and not underflow:
                    yield place


def _zeros(decider: Decider, points: Array, seen: Array) -> Iterator[Window]:
    """The runs of doubles, first and last, at which what decides is 0 or passes it between two."""
    signs = np.sign(seen)
    before = np.flatnonzero((signs[1:] != signs[:-1]) & ~np.isnan(signs[1:] + signs[:-1]))
    here, there = signs[before], signs[before + 1]
    low, high = points[before], points[before + 1]
    with np.errstate(all="ignore"):
        first = flips(lambda x: np.sign(decider(x)) == here, low, high)
        last = flips(lambda x: np.sign(decider(x)) == there, high, low)
    start = -np.inf
    for i in range(before.size):
        if here[i]:
            start = float(first[i])
        if there[i]:
            yield min(start, float(last[i])), max(start, float(last[i]))
    if there.size and not there[-1]:
        yield start, np.inf
