"""A saturation result in words and rows: saturation told from leaks, plateaus and dead zones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from actcli.functions.saturation import SaturatedRange, Saturation
from actcli.numeric.display import apart, number
from actcli.reports.long_lists import ALL, nearest
from actcli.reports.stretches import rest, told
from actcli.reports.undecided import decided_but_for
from actcli.results import Report, Row
from actcli.structure.points.domain import Stretch

FEW = 3
"""Ranges of one kind that a sentence names one by one; of more, where the first and last are."""

_NAMED = 6
"""Ranges from which on a sentence names only the first and the last edge."""

Say = Callable[[float], str]

MOST = 12
"""Rows of a table; of more ranges those at the ends and those nearest to 0."""

_VERBS = {
    "bounded": "saturates {}",
    "sublinear": "flattens without a limit {}",
    "leak": "leaks {}: a low slope, but not saturation",
}

_REST = {
    ("left",): "active above",
    ("right",): "active below",
    ("left", "right"): "active between",
}


class SaturationReport(Report[Saturation]):
    """One row a range."""

    header = (
        *("activation", "eps", "low", "high", "position", "hardness", "kind", "limit"),
        *("max_slope", "value_low", "value_high"),
    )
    said = ("activation", "eps", "position", "max_slope")

    def rows(self) -> Iterator[Row]:
        """One row a range."""
        found = self.result
        for one in found.ranges:
            values = {"activation": found.activation, "eps": found.eps, **one._asdict()}
            yield {key: values[key] for key in self.header}

    def shown(self) -> Iterator[Row]:
        """One row a range; of many the unbounded ones and those nearest to 0."""
        ranges = self.result.ranges
        few = {one.low for one in ranges if self.every or one.position != "interior"}
        few |= {one.low for one in nearest(ranges, MOST - len(few), _distance)}
        return (row for row in self.rows() if row["low"] in few)

    def details(self) -> Sequence[str]:
        """That not every range is listed, where that is so."""
        count = len(self.result.ranges)
        if self.every or count <= MOST:
            return ()
        return (f"{MOST} of {count} ranges, those nearest to 0; {ALL}.",)

    def sentences(self) -> Sequence[str]:
        """Where it saturates, and what has to be said beside it."""
        found = self.result
        return [sentence(found), *decided_but_for(found.open), *found.notes]


def sentence(answer: Saturation) -> str:
    """Where it saturates, leaks, has plateaus or dead zones, and where it is active."""
    within = (
        f" within [{number(answer.window[0])}, {number(answer.window[1])}]" if answer.window else ""
    )
    missing = [one for one in answer.no_value if one.low < one.high]
    none = f"; no value {told(missing)}" if missing else ""
    if not answer.ranges:
        return f"{answer.activation} {_nowhere(answer.eps)}{within}{none}"
    clauses, say = [], _edges(answer.ranges)
    for kind, verb in _VERBS.items():
        some = [one for one in answer.ranges if one.kind == kind]
        if some:
            places = [_place(one, answer, say) + _aim(one) for one in some]
            clauses.append(verb.format(_listed(places)))
    for kind in ("plateau", "dead zone"):
        some = [one for one in answer.ranges if one.kind == kind]
        if some:
            clauses.append(f"has {_zones(kind, some, say)}")
    active = _active_beside(answer, missing, say) if missing else _active(answer, say)
    going = f"; {active}" if active else ""
    return f"{answer.activation} {', and '.join(clauses)}{within}{going}{none}"


def _edges(ranges: Sequence[SaturatedRange]) -> Say:
    """How an edge is written: those that a sentence names, so that they are told apart."""
    edges = [x for one in ranges for x in (one.low, one.high) if math.isfinite(x)]
    if len(ranges) > _NAMED:
        edges = [edges[0], edges[-1]]
    texts = dict(zip(edges, apart(*edges), strict=True))
    return lambda x: texts.get(x) or number(x)


def _distance(one: SaturatedRange) -> float:
    """Of the range from 0."""
    return max(one.low, -one.high, 0.0)


def _nowhere(eps: float) -> str:
    if eps == 0:
        return "is constant on no interval"
    return f"saturates nowhere: its slope never stays below {number(eps)}"


def _place(one: SaturatedRange, answer: Saturation, say: Say) -> str:
    if one.position == "everywhere":
        return "everywhere"
    if answer.window:
        return f"from {say(one.low)} to {say(one.high)}"
    return f"below {say(one.high)}" if one.position == "left" else f"above {say(one.low)}"


def _aim(one: SaturatedRange) -> str:
    if one.limit is None:
        return ""
    return f" ({'hard, at' if one.hardness == 'hard' else 'towards'} {number(one.limit)})"


def _zones(kind: str, zones: Sequence[SaturatedRange], say: Say) -> str:
    if len(zones) > FEW:
        low, high = say(zones[0].low), say(zones[-1].high)
        return f"a {kind} in each of {len(zones)} places from {low} to {high}"
    places = [f"from {say(one.low)} to {say(one.high)}" for one in zones]
    return f"a {kind} {places[0]}" if len(zones) == 1 else f"{kind}s {_listed(places)}"


def _active(answer: Saturation, say: Say) -> str:
    positions = tuple(one.position for one in answer.ranges)
    if "everywhere" in positions:
        return ""
    if positions == ("left", "right") and answer.ranges[0].high == answer.ranges[1].low:
        return f"steep at {say(answer.ranges[0].high)} only"
    return "active elsewhere" if answer.window else _REST.get(positions, "active elsewhere")


def _active_beside(answer: Saturation, missing: Sequence[Stretch], say: Say) -> str:
    """The same where there is no value on some stretches."""
    low, high = answer.window or (-math.inf, math.inf)
    ranges = [Stretch(one.low, one.high, True, True) for one in answer.ranges]
    parts = [one for one in rest(sorted([*ranges, *missing]), low, high) if one.low < one.high]
    if len(parts) != 1 or answer.window:
        return "active elsewhere" if parts else ""
    (one,) = parts
    if math.isinf(one.low) or math.isinf(one.high):
        return f"active {told([one])}"
    return f"active between {say(one.low)} and {say(one.high)}"


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
