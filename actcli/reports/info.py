"""The facts about an activation: a sheet for a person, a row for a program."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from actcli.activations.base import Line
from actcli.activations.frameworks import Spelling
from actcli.functions.facts import Facts, Interval
from actcli.functions.kinks import Kink
from actcli.functions.reach import Range
from actcli.functions.turns import Extremum
from actcli.numeric.display import short
from actcli.reports.saturation import sentence
from actcli.reports.undecided import decided_but_for
from actcli.results import Report, Row

Item = TypeVar("Item")

NOT_DECIDED = "not decided"

FEW = 8
"""Places that are listed one by one; of more, the first ones."""

_SMOOTHNESS = {
    "jump": "jumps",
    "kink": "continuous, with kinks",
    "smooth": "smooth",
}


class FactsReport(Report[Facts]):
    """A sheet of facts."""

    header = (
        *("activation", "formula", "range_low", "range_high", "low_attained", "high_attained"),
        *("monotone", "symmetry", "smoothness", "extrema", "kinks", "left_slope"),
        *("left_intercept", "right_slope", "right_intercept", "lipschitz", "roots"),
        *("fixed_points", "period", "zero_on", "fixed_on"),
    )

    def rows(self) -> Iterator[Row]:
        """One row; places are listed with spaces between them, intervals as -inf..0.0."""
        facts = self.result
        yield {
            "activation": facts.activation,
            "formula": facts.formula,
            "range_low": facts.range.low,
            "range_high": facts.range.high,
            "low_attained": facts.range.low_attained,
            "high_attained": facts.range.high_attained,
            "monotone": facts.monotone,
            "symmetry": facts.symmetry,
            "smoothness": facts.smoothness,
            "extrema": _listed(extremum.x for extremum in facts.extrema),
            "kinks": _listed(kink.x for kink in facts.kinks),
            "left_slope": facts.left.slope if facts.left else None,
            "left_intercept": facts.left.intercept if facts.left else None,
            "right_slope": facts.right.slope if facts.right else None,
            "right_intercept": facts.right.intercept if facts.right else None,
            "lipschitz": facts.lipschitz,
            "roots": _listed(facts.roots),
            "fixed_points": _listed(facts.fixed_points),
            "period": facts.period,
            "zero_on": _spans(facts.zero_on),
            "fixed_on": _spans(facts.fixed_on),
        }

    def sentences(self) -> Sequence[str]:
        """What the function is called, and what is not decided."""
        return (title(self.result), *decided_but_for(self.result.open))

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The facts, a line or a few each."""
        return sheet(self.result)


def _spans(intervals: Sequence[Interval]) -> str:
    return " ".join(f"{low!r}..{high!r}" for low, high in intervals)


def _listed(numbers: Iterable[float]) -> str:
    return " ".join(repr(number) for number in numbers)


def title(facts: Facts) -> str:
    """The name with what it stands for and where it comes from, or the formula alone."""
    if facts.summary is None:
        return facts.activation
    return f"{facts.activation}: {facts.summary} [{facts.reference}]"


def sheet(facts: Facts) -> list[tuple[str, str]]:
    """A line for every fact; what there is none of is left out where that goes without saying."""
    pairs = [
        ("formula", facts.formula),
        ("parameters", ", ".join(f"{name} = {short(x)}" for name, x in facts.params.items())),
        ("range", reach(facts.range)),
        ("monotone", _monotone(facts)),
        ("symmetry", "" if facts.symmetry == "none" else facts.symmetry or NOT_DECIDED),
        ("period", short(facts.period) if facts.period else ""),
        ("smoothness", _smoothness(facts.smoothness)),
        *_labelled("kinks", facts.kinks, _kink),
        *_labelled("extrema", facts.extrema, _extremum),
        ("left end", _end(facts.left)),
        ("right end", _end(facts.right)),
        ("Lipschitz", _lipschitz(facts.lipschitz)),
        ("roots", _places(facts.roots, facts.zero_on) or "none"),
        ("fixed points", _places(facts.fixed_points, facts.fixed_on) or "none"),
        ("saturation", f"{sentence(facts.saturation)} (|f'| < {short(facts.saturation.eps)})"),
        *(("" if n else "called", _called(it)) for n, it in enumerate(facts.frameworks)),
        *(("note", note) for note in facts.notes),
    ]
    return [(label, text) for label, text in pairs if text]


def _labelled(
    label: str, items: Sequence[Item], say: Callable[[Item], str]
) -> Iterator[tuple[str, str]]:
    """A line for each item, the label before the first."""
    for number, item in enumerate(items[:FEW]):
        yield "" if number else label, say(item)
    if len(items) > FEW:
        yield "", f"... ({len(items)} in all)"


def reach(range_: Range) -> str:
    """The range in brackets: square ones where its end is attained."""
    if math.isnan(range_.low):
        return NOT_DECIDED
    return (
        f"{'[' if range_.low_attained else '('}{short(range_.low)}, "
        f"{short(range_.high)}{']' if range_.high_attained else ')'}"
    )


def _monotone(facts: Facts) -> str:
    if facts.monotone != "no":
        return facts.monotone or NOT_DECIDED
    if len(facts.extrema) == 1 and facts.window is None:
        (extremum,) = facts.extrema
        before, after = ("falls", "rises") if extremum.kind == "minimum" else ("rises", "falls")
        return f"no: {before} to the {extremum.kind} at x = {short(extremum.x)}, then {after}"
    return "no"


def _lipschitz(steepest: float) -> str:
    if math.isnan(steepest):
        return NOT_DECIDED
    return short(steepest) if math.isfinite(steepest) else "infinite"


def _smoothness(smoothness: str | None) -> str:
    if smoothness is None:
        return NOT_DECIDED
    if smoothness in _SMOOTHNESS:
        return _SMOOTHNESS[smoothness]
    order = int(smoothness[1:])
    return f"{smoothness}: f{chr(39) * (order + 1) if order < 3 else f'({order + 1})'} jumps"


def _kink(kink: Kink) -> str:
    at = f"at {short(kink.x)}: "
    if math.isinf(kink.value_left) or math.isinf(kink.value_right):
        return f"{at}pole, from {short(kink.value_left)} to {short(kink.value_right)}"
    if not kink.value_left == kink.value == kink.value_right:
        step = f"from {short(kink.value_left)} to {short(kink.value_right)}"
        value = f"jumps {step}, f({short(kink.x)}) = {short(kink.value)}"
    else:
        value = f"value {short(kink.value)}"
    left, right = short(kink.derivative_left), short(kink.derivative_right)
    slopes = left if left == right else f"{left} | {right}"
    return (
        f"{at}{value}; slope {slopes}, f'({short(kink.x)}) = {short(kink.derivative)} by convention"
    )


def _extremum(extremum: Extremum) -> str:
    return f"{extremum.kind} {short(extremum.value)} at x = {short(extremum.x)}"


def _end(line: Line | None) -> str:
    if line is None:
        return "approaches no line"
    if line.slope == 0:
        return f"approaches {short(line.intercept)}"
    slope = {1.0: "", -1.0: "-"}.get(line.slope, f"{short(line.slope)}*")
    sign = "-" if line.intercept < 0 else "+"
    rest = f" {sign} {short(abs(line.intercept))}" if line.intercept else ""
    return f"approaches {slope}x{rest}"


def _called(spelling: Spelling) -> str:
    """The names in a framework, and what differs there."""
    names = ", ".join(f"{spelling.framework}.{name}" for name in spelling.names)
    differing = [f"{name} = {short(x)}" for name, x in spelling.params.items()]
    differing += [f"f'({short(at.x)}) = {short(at.derivative)}" for at in spelling.slopes]
    return f"{names} with {', '.join(differing)}" if differing else names


def _places(points: Sequence[float], intervals: Sequence[Interval]) -> str:
    parts = [short(x) for x in points[:FEW]]
    if len(points) > FEW:
        parts.append(f"... ({len(points)} in all)")
    parts += [_interval(one) for one in intervals]
    return ", ".join(parts)


def _interval(one: Interval) -> str:
    if math.isinf(one.low) and math.isinf(one.high):
        return "everywhere"
    if math.isinf(one.low):
        return f"all x up to {short(one.high)}"
    if math.isinf(one.high):
        return f"all x from {short(one.low)}"
    return f"all x from {short(one.low)} to {short(one.high)}"
