"""What goes on for ever in a formula: where it turns or jumps without end, and its period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import gcd, lcm, pi
from typing import Any

import numpy as np

from actcli.formula.algebras import Values, instance_of
from actcli.formula.program import Program, Step
from actcli.formula.values import arrays
from actcli.numeric.arrays import Array

_PERIODS = {"sin": 2 * pi, "cos": 2 * pi, "tan": pi}

_FAR = np.outer([-1.0, 1.0], np.geomspace(1e4, 1e9, 64)).reshape(-1)
"""Where a choice between functions is taken to have settled."""

_FURTHEST = np.array([-1e300, -1e150, 1e150, 1e300])
"""Where a bounded quantity has settled, and an unbounded one still grows."""


def endless_steps(program: Program, params: Mapping[str, float] | None = None) -> tuple[bool, ...]:
    """For each step whether its turning points or jumps go on for ever."""
    endless: list[bool] = []
    with np.errstate(all="ignore"):
        far = program.trace(Values(arrays), _FAR, params)
        furthest = program.trace(Values(arrays), _FURTHEST, params)
        for step in program.steps:
            inner = [endless[i] for i in step.arguments]
            if not any(inner):
                endless.append(_starts(step, furthest))
            elif step.operation in ("where", "max", "min"):
                endless.append(_passes_on(step, inner, [far[i] for i in step.arguments]))
            else:
                endless.append(True)
    return tuple(endless)


def _starts(step: Step, furthest: Sequence[Any]) -> bool:
    """Whether the step turns or jumps without end of its own: it repeats itself over all reals."""
    arguments = [furthest[i] for i in step.arguments]
    match step.operation:
        case "sin" | "cos" | "tan" | "floor":
            return _is_unbounded(arguments[0])
        case "%":
            return _is_unbounded(arguments[0] / arguments[1])
        case "activation":
            return instance_of(step, furthest).endless and _is_unbounded(arguments[0])
    return False


def _is_unbounded(furthest: Any) -> bool:
    """Whether a quantity still grows between 1e150 and 1e300, on either side."""
    outer_left, inner_left, inner_right, outer_right = np.abs(np.broadcast_to(furthest, 4))
    pairs = (outer_left, inner_left), (outer_right, inner_right)
    return any(outer > max(1.001 * inner, 1e-3) or outer == np.inf for outer, inner in pairs)


def _passes_on(step: Step, endless: list[bool], far: list[Any]) -> bool:
    """Whether a choice lets an endless argument through far out."""
    if step.operation == "where":
        condition, _, _ = far
        chosen = [True, bool(np.any(condition)), not np.all(condition)]
    elif step.operation == "max":
        chosen = [bool(np.any(far[0] >= far[1])), bool(np.any(far[1] >= far[0]))]
    else:
        chosen = [bool(np.any(far[0] <= far[1])), bool(np.any(far[1] <= far[0]))]
    return any(goes_on and used for goes_on, used in zip(endless, chosen, strict=True))


def period(program: Program, f: Callable[[Array], Array]) -> float | None:
    """The smallest shift that leaves f as it is, where the formula's structure shows one."""
    with np.errstate(all="ignore"):
        constants = program.trace(Values(arrays), np.float64(1.0))
    slopes: list[float | None] = []
    periods: list[float | None] = []
    for step, varies in zip(program.steps, program.varying, strict=True):
        slopes.append(_slope(step, slopes, constants) if varies else 0.0)
        periods.append(_period(step, slopes, periods, constants) if varies else 0.0)
    longest = periods[-1]
    return _smallest(f, longest) if longest else None


def _slope(step: Step, slopes: list[float | None], constants: Sequence[Any]) -> float | None:
    """The slope of a step that is linear in x; None for any other."""
    match step.operation, *(slopes[i] for i in step.arguments):
        case ["x"]:
            return 1.0
        case ["negate", float(a)]:
            return -a
        case ["+", float(a), float(b)]:
            return a + b
        case ["-", float(a), float(b)]:
            return a - b
        case ["*", 0.0, float(b)]:
            return float(constants[step.arguments[0]]) * b
        case ["*", float(a), 0.0]:
            return float(constants[step.arguments[1]]) * a
        case ["/", float(a), 0.0]:
            return a / float(constants[step.arguments[1]])
    return None


def _period(
    step: Step, slopes: list[float | None], periods: list[float | None], constants: Sequence[Any]
) -> float | None:
    """The period of a step: 0 of a constant, None if there is none to be seen."""
    if step.operation == "x":
        return None
    inner = [periods[i] for i in step.arguments]
    if None not in inner:
        return _common([p for p in inner if p])
    slope = slopes[step.arguments[0]]
    if not slope or any(inner[1:]):
        return None
    own = _PERIODS.get(step.operation)
    if step.operation == "%":
        own = abs(float(constants[step.arguments[1]])) if slopes[step.arguments[1]] == 0 else None
    elif step.activation is not None:
        own = instance_of(step, constants).period
    return own / abs(slope) if own else None


def _common(periods: list[float]) -> float | None:
    """The least common multiple of periods in simple ratios; 0 of none."""
    if not periods:
        return 0.0
    from fractions import Fraction

    unit = periods[0]
    ratios = [Fraction(p / unit).limit_denominator(1000) for p in periods]
    if any(abs(float(r) * unit - p) > 1e-14 * p for r, p in zip(ratios, periods, strict=True)):
        return None
    return unit * lcm(*(r.numerator for r in ratios)) / reduce(gcd, (r.denominator for r in ratios))


def _smallest(f: Callable[[Array], Array], shift: float) -> float | None:
    """The shift divided as often as f allows: sin(x)**2 repeats itself twice as often as sin(x)."""
    x = shift * np.linspace(0.0137, 0.9871, 97)
    with np.errstate(all="ignore"):
        here = f(x)
        seen = here[np.isfinite(here)]
        scale = float(np.max(np.abs(seen), initial=0.0))
        if not seen.size or np.ptp(seen) <= 1e-12 * scale:
            return None
        for parts in range(12, 1, -1):
            if np.all(np.abs(f(x + shift / parts) - here) <= 1e-9 * scale):
                return shift / parts
    return shift
