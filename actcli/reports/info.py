"""The facts about an activation: a sheet for a person, a row for a program."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from actcli.activations.base import Line
from actcli.activations.frameworks import Spelling
from actcli.functions.facts import Facts, Interval
from actcli.functions.kinks import Kink
from actcli.functions.reach import Range
from actcli.functions.turns import Extremum
from actcli.numeric.display import apart, short
from actcli.reports.derivative import derivative_lines
from actcli.reports.long_lists import ALL, nearest, spread
from actcli.reports.saturation import sentence
from actcli.reports.stretches import domain
from actcli.reports.undecided import decided_but_for
from actcli.results import Report, Row
from actcli.structure.points.domain import Stretch


class Placed(Protocol):
    """What is true at a place."""

    @property
    def x(self) -> float:
        """The place."""


Item = TypeVar("Item", bound=Placed)

NOT_DECIDED = "not decided"

FEW = 8
"""Places that are listed one by one; of more, how many and where, and those nearest to 0."""

NEAREST = 4
"""Of many places these are shown."""

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
        *(
            "fixed_points",
            "period",
            "zero_on",
            "fixed_on",
            "derivative",
            "second_derivative",
            "steepest",
            "no_value",
        ),
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
            "derivative": facts.derivative,
            "second_derivative": facts.second_derivative,
            "steepest": _spans([Interval(one.low, one.high) for one in facts.steepest]),
            "no_value": _spans([Interval(*one[:2]) for one in facts.no_value]),
        }

    def sentences(self) -> Sequence[str]:
        """What the function is called, and what is not decided."""
        return (title(self.result), *decided_but_for(self.result.open))

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The facts, a line or a few each."""
        return sheet(self.result, self.every)

    def details(self) -> Sequence[str]:
        """That not every place is listed, where that is so."""
        found = self.result
        places = [found.kinks, found.extrema, found.roots, found.fixed_points]
        longest = max(map(len, [*places, found.zero_on, found.fixed_on]))
        return [f"{ALL}."] if longest > FEW and not self.every else []


def _spans(intervals: Sequence[Interval]) -> str:
    return " ".join(repr(low) if low == high else f"{low!r}..{high!r}" for low, high in intervals)


def _listed(numbers: Iterable[float]) -> str:
    return " ".join(repr(number) for number in numbers)


def title(facts: Facts) -> str:
    """The name with what it stands for and where it comes from, or the formula alone."""
    if facts.summary is None:
        return facts.activation
    source = f" [{facts.reference}]" if facts.reference else ""
    return f"{facts.activation}: {facts.summary}{source}"


def sheet(facts: Facts, every: bool = False) -> list[tuple[str, str]]:
    """A line for every fact; what there is none of is left out where that goes without saying."""
    few = FEW if not every else sys.maxsize
    pairs = [
        ("entry", facts.entry if facts.entry and facts.entry != facts.activation else ""),
        ("formula", facts.formula),
        *_labelled("derivative", derivative_lines(facts.derivative, facts.second_derivative)),
        ("parameters", ", ".join(f"{name} = {short(x)}" for name, x in facts.params.items())),
        ("domain", domain(facts.no_value, facts.window, every)),
        ("range", reach(facts.range)),
        ("monotone", _monotone(facts)),
        ("symmetry", "" if facts.symmetry == "none" else facts.symmetry or NOT_DECIDED),
        ("period", short(facts.period) if facts.period else ""),
        ("smoothness", _smoothness(facts.smoothness)),
        *_labelled("kinks", _each(facts.kinks, _kink, few)),
        *_labelled("extrema", _each(facts.extrema, _extremum, few)),
        ("left end", _end(facts.left, facts.no_value[:1], -math.inf)),
        ("right end", _end(facts.right, facts.no_value[-1:], math.inf)),
        ("Lipschitz", _lipschitz(facts)),
        ("roots", _places(facts.roots, facts.zero_on, few) or "none"),
        ("fixed points", _places(facts.fixed_points, facts.fixed_on, few) or "none"),
        ("saturation", f"{sentence(facts.saturation)} (|f'| < {short(facts.saturation.eps)})"),
        *_called(facts.frameworks),
        *(("note", note) for note in facts.notes),
    ]
    return [(label, text) for label, text in pairs if text]


def _labelled(label: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The lines, the label before the first."""
    for number, line in enumerate(lines):
        yield "" if number else label, line


def _each(items: Sequence[Item], say: Callable[[Item], str], few: int) -> Iterator[str]:
    """A line for each item; of many those nearest to 0."""
    if len(items) > few:
        yield f"{spread(len(items), items[0].x, items[-1].x)}; nearest to 0:"
        items = nearest(items, NEAREST, lambda item: item.x)
    yield from map(say, items)


def reach(range_: Range) -> str:
    """The range in brackets: square ones where its end is attained."""
    if math.isnan(range_.low):
        return NOT_DECIDED
    low, high = apart(range_.low, range_.high)
    text = (
        f"{'[' if range_.low_attained else '('}{low}, {high}{']' if range_.high_attained else ')'}"
    )
    ends = [
        short(end)
        for end, attained in zip(range_[:2], range_[2:], strict=True)
        if attained is None and math.isfinite(end)
    ]
    return f"{text}; whether it takes {' and '.join(ends)} is not decided" if ends else text


def _monotone(facts: Facts) -> str:
    if facts.monotone != "no":
        return facts.monotone or NOT_DECIDED
    is_in_one_piece = facts.smoothness not in (None, "jump")
    if len(facts.extrema) == 1 and facts.window is None and is_in_one_piece:
        (extremum,) = facts.extrema
        before, after = ("falls", "rises") if extremum.kind == "minimum" else ("rises", "falls")
        return f"no: {before} to the {extremum.kind} at x = {short(extremum.x)}, then {after}"
    return "no"


def _lipschitz(facts: Facts) -> str:
    """The supremum of |f'|, and where |f'| is so large."""
    most = facts.lipschitz
    if math.isnan(most):
        return NOT_DECIDED
    points = [short(one.low) for one in facts.steepest if one.low == one.high and not one.end]
    stretches = [Interval(*one[:2]) for one in facts.steepest if one.low < one.high]
    ends = [{"left": "-inf", "right": "inf"}[one.end] for one in facts.steepest if one.end]
    listed = ", ".join([*points[:FEW], *(["..."] if points[FEW:] else [])])
    where = [f"at x = {listed}"] if points else []
    where += [_interval(one) for one in stretches]
    where += [f"approached towards {' and '.join(ends)}"] if ends else []
    size = short(most) if math.isfinite(most) else "infinite"
    return f"{size} ({' and '.join(where)})" if where and most else size


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
        texts = apart(kink.value_left, kink.value_right, kink.value)
        value = f"jumps from {texts[0]} to {texts[1]}, f({short(kink.x)}) = {texts[2]}"
    else:
        value = f"value {short(kink.value)}"
    left, right = short(kink.derivative_left), short(kink.derivative_right)
    slopes = left if left == right else f"{left} | {right}"
    return (
        f"{at}{value}; slope {slopes}, f'({short(kink.x)}) = {short(kink.derivative)} by convention"
    )


def _extremum(extremum: Extremum) -> str:
    is_known = not math.isnan(extremum.value)
    value = short(extremum.value) if is_known else "of a value that is not decided"
    return f"{extremum.kind} {value} at x = {short(extremum.x)}"


def _end(line: Line | None, missing: Sequence[Stretch], infinity: float) -> str:
    if any(infinity in one[:2] for one in missing):
        return "has no value there"
    if line is None:
        return "approaches no line"
    if line.slope == 0:
        return f"approaches {short(line.intercept)}"
    slope = {1.0: "", -1.0: "-"}.get(line.slope, f"{short(line.slope)}*")
    sign = "-" if line.intercept < 0 else "+"
    rest = f" {sign} {short(abs(line.intercept))}" if line.intercept else ""
    return f"approaches {slope}x{rest}"


def _called(spellings: Sequence[Spelling]) -> Iterator[tuple[str, str]]:
    """The code that is this function in each framework, and then what there is no such code of."""
    label = "called"
    for spelling in spellings:
        differing = [f"f'({short(at.x)}) = {short(at.derivative)}" for at in spelling.slopes]
        if spelling.calls:
            with_ = f" with {', '.join(differing)}" if differing else ""
            yield label, f"{', '.join(spelling.calls)}{with_}"
            label = ""
    label = "but not"
    for reason in dict.fromkeys(one.reason for one in spellings if one.reason):
        those = [one for one in spellings if one.reason == reason]
        names = [f"{one.framework}.{name}" for one in those for name in one.names]
        yield label, f"{', '.join(names)}: {reason}"
        label = ""


def _places(points: Sequence[float], intervals: Sequence[Interval], few: int) -> str:
    parts = [short(x) for x in points]
    if len(points) > few:
        near = ", ".join(map(short, nearest(points, NEAREST, abs)))
        parts = [f"{spread(len(points), points[0], points[-1])}; nearest to 0: {near}"]
    if len(intervals) > few:
        return "; ".join([*parts, f"intervals, {spread(len(intervals), *_ends(intervals))}"])
    return ", ".join([*parts, *map(_interval, intervals)])


def _ends(intervals: Sequence[Interval]) -> tuple[float, float]:
    return intervals[0].low, intervals[-1].high


def _interval(one: Interval) -> str:
    if math.isinf(one.low) and math.isinf(one.high):
        return "everywhere"
    if math.isinf(one.low):
        return f"all x up to {short(one.high)}"
    if math.isinf(one.high):
        return f"all x from {short(one.low)}"
    return "all x from {} to {}".format(*apart(one.low, one.high))
