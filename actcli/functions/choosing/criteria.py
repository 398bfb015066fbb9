"""The facts by which functions are chosen: short names for what `info` proves, one value each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from actcli.activations.frameworks import FRAMEWORKS, spellings
from actcli.activations.registry import Named
from actcli.functions.choosing.value import Value

if TYPE_CHECKING:
    from actcli.functions.facts import Facts


class Criterion(NamedTuple):
    """A fact by name: a truth, a number or a text."""

    kind: type
    doc: str
    of: Callable[[Facts], Value]


def _truth(doc: str, of: Callable[[Facts], bool | None]) -> Criterion:
    return Criterion(bool, doc, of)


def _number(doc: str, of: Callable[[Facts], float | None]) -> Criterion:
    return Criterion(float, doc, of)


def _goes(*ways: str) -> Callable[[Facts], bool | None]:
    return lambda f: None if f.monotone is None else f.monotone in ways


def _smooth(*least: str) -> Callable[[Facts], bool | None]:
    return lambda f: None if f.smoothness is None else f.smoothness not in least


def _symmetric(*kinds: str) -> Callable[[Facts], bool | None]:
    return lambda f: None if f.symmetry is None else f.symmetry in kinds


def _saturates(*positions: str) -> Callable[[Facts], bool]:
    """Whether f' stays below the threshold at an end, and f does not leak there."""
    return lambda f: any(
        one.position in (*positions, "everywhere") and one.kind != "leak"
        for one in f.saturation.ranges
    )


def _within(kind: str) -> Callable[[Facts], bool]:
    return lambda f: any(one.kind == kind for one in f.saturation.ranges)


def _hard(f: Facts) -> bool:
    return any(one.hard for one in f.saturation.ranges)


def _limit(side: str) -> Callable[[Facts], float | None]:
    def limit(f: Facts) -> float | None:
        line = getattr(f, side)
        return line.intercept if line is not None and line.slope == 0 else None

    return limit


def _slope(side: str) -> Callable[[Facts], float | None]:
    return lambda f: None if getattr(f, side) is None else getattr(f, side).slope


UP, STRICTLY_UP = ("nondecreasing", "constant"), "strictly increasing"
DOWN, STRICTLY_DOWN = ("nonincreasing", "constant"), "strictly decreasing"

PROVED: Mapping[str, Criterion] = {
    "bounded": _truth("-c <= f <= c", lambda f: math.isfinite(f.range.low + f.range.high)),
    "bounded_below": _truth("f >= c", lambda f: math.isfinite(f.range.low)),
    "bounded_above": _truth("f <= c", lambda f: math.isfinite(f.range.high)),
    "nonnegative": _truth("f >= 0", lambda f: f.range.low >= 0),
    "range_low": _number("inf f", lambda f: f.range.low),
    "range_high": _number("sup f", lambda f: f.range.high),
    "monotone": _truth("never turns", _goes(*UP, *DOWN, STRICTLY_UP, STRICTLY_DOWN)),
    "increasing": _truth("never falls", _goes(*UP, STRICTLY_UP)),
    "decreasing": _truth("never rises", _goes(*DOWN, STRICTLY_DOWN)),
    "strict": _truth("strictly monotone", _goes(STRICTLY_UP, STRICTLY_DOWN)),
    "odd": _truth("f(-x) = -f(x)", _symmetric("odd")),
    "even": _truth("f(-x) = f(x)", _symmetric("even")),
    "zero_centred": _truth("even inputs around 0 give such outputs: odd", _symmetric("odd")),
    "periodic": _truth("f(x + p) = f(x)", lambda f: f.period is not None),
    "continuous": _truth("no jump", _smooth("jump")),
    "differentiable": _truth("no jump and no kink", _smooth("jump", "kink")),
    "smooth": _truth("every derivative is continuous", lambda f: f.smoothness == "smooth"),
    "lipschitz": _number("sup |f'|", lambda f: None if math.isnan(f.lipschitz) else f.lipschitz),
    "kinks": _number("how many kinks and jumps", lambda f: len(f.kinks)),
    "extrema": _number("how many turns", lambda f: len(f.extrema)),
    "roots": _number("how many isolated roots", lambda f: len(f.roots)),
    "fixed_points": _number("how many isolated x = f(x)", lambda f: len(f.fixed_points)),
    "saturates": _truth("|f'| < 0.001 at an end, no leak", _saturates("left", "right")),
    "saturates_left": _truth("that, at -inf", _saturates("left")),
    "saturates_right": _truth("that, at inf", _saturates("right")),
    "hard": _truth("constant on an interval", _hard),
    "leaks": _truth("0 < |f'| < 0.001 at an end", _within("leak")),
    "plateau": _truth("|f'| < 0.001 on a stretch between", _within("plateau")),
    "dead_zone": _truth("constant on a stretch between", _within("dead zone")),
    "left_slope": _number("of the line approached at -inf", _slope("left")),
    "right_slope": _number("of the line approached at inf", _slope("right")),
    "left_limit": _number("of f at -inf", _limit("left")),
    "right_limit": _number("of f at inf", _limit("right")),
}
"""What is proved from the formula."""

DECLARED: Mapping[str, tuple[type, str, Callable[[Named], Value]]] = {
    "name": (str, "in the catalogue", lambda act: act.name),
    "family": (str, "rectified, sigmoidal, gated ...", lambda act: act.family()),
    "parameters": (float, "how many parameters", lambda act: len(act.parameters())),
    **{
        key: (bool, f"{key} has it", lambda act, key=key: _is_in(act, key))  # type: ignore[misc]
        for key in FRAMEWORKS
    },
}
"""What is written down, and costs nothing to look up."""

KINDS: Mapping[str, type] = {
    **{name: kind for name, (kind, _, _) in DECLARED.items()},
    **{name: one.kind for name, one in PROVED.items()},
}
"""What each fact is, by its name."""


def _is_in(activation: Named, framework: str) -> bool:
    return any(one.framework == framework for one in spellings(activation))


def proved(activation: Named) -> dict[str, Value]:
    """What is proved of a function, by name."""
    from actcli.functions.facts import facts

    found = facts(activation)
    return {name: _plain(one, one.of(found)) for name, one in PROVED.items()}


def _plain(criterion: Criterion, value: Value) -> Value:
    if criterion.kind is not float or value is None:
        return value
    number = float(value)
    return None if math.isnan(number) else number + 0.0
