"""A comparison in words, for a person: the facts in columns, the distance of a pair in a line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from actcli.functions.compare import Comparison, Pair, Profile
from actcli.numeric.display import short
from actcli.reports.info import NOT_DECIDED, reach
from actcli.reports.long_lists import ALL
from actcli.reports.stretches import told
from actcli.reports.undecided import between
from actcli.results import Report, Row

FEW = 4
"""Places that are listed one by one; of more, how many and where they are."""

MORE = ", and maybe more beyond"
"""What is added where there may be more places than are known."""

MOST = 10
"""Pairs that are listed one by one; of more, the nearest and the farthest half of that."""

FEW_FUNCTIONS = 3
"""Functions whose pairs are told one by one; of more, those that are the same are put together."""

_DIGITS = 10


class ComparisonReport(Report[Comparison]):
    """The facts side by side, and a line for each pair."""

    def subject(self) -> str:
        """The names."""
        return ", ".join(profile.activation for profile in self.result.activations)

    def rows(self) -> Iterator[Row]:
        """A row for each activation."""
        return (_row(profile) for profile in self.result.activations)

    def sentences(self) -> Sequence[str]:
        """A line for each pair; of many functions those that are the same come in one line."""
        alike = [self._together(group) for group in same(self.result) if len(group) > 1]
        pairs = _few(self._different, self.every)
        return [
            *alike,
            *(line for one in pairs for line in (sentence(one, self.every), *undecided(one))),
        ]

    @property
    def _different(self) -> Sequence[Pair]:
        """The pairs of the first functions of all groups."""
        firsts = {group[0] for group in same(self.result)}
        return [pair for places, pair in numbered(self.result) if {*places} <= firsts]

    def _together(self, group: Sequence[int]) -> str:
        profiles = [self.result.activations[i] for i in group]
        params = ", ".join(f"{key} = {value:.6g}" for key, value in profiles[0].params.items())
        names = ", ".join(dict.fromkeys(profile.activation for profile in profiles))
        return f"the same function: {names}{f' ({params})' if params else ''}"

    def sheet(self) -> Sequence[tuple[str, ...]]:
        """The facts, with a column for each function; of those that are the same, the first."""
        columns = [_column(self.result.activations[group[0]]) for group in same(self.result)]
        facts = [*zip(*(column.values() for column in columns), strict=True)]
        return [(label, *texts) for label, texts in zip(columns[0], facts, strict=True)]

    def details(self) -> Sequence[str]:
        """That not every pair is listed, where that is so."""
        return [] if self.every else _left_out(self._different)


class PairsReport(Report[Comparison]):
    """A row for each pair."""

    header = (
        *("a", "b", "max_abs", "at", "max_abs_derivative", "at_derivative", "rms"),
        *("range_low", "range_high", "proved"),
    )
    said = ("range_low", "range_high")

    def rows(self) -> Iterator[Row]:
        """A row for each pair."""
        for pair in self.result.pairs:
            low, high = pair.range
            values = {**vars(pair), "range_low": low, "range_high": high}
            yield {key: values[key] for key in self.header}

    def shown(self) -> Iterator[Row]:
        """Of many pairs the nearest and the farthest."""
        few = {id(pair) for pair in _few(self.result.pairs, self.every)}
        pairs = zip(self.result.pairs, self.rows(), strict=True)
        return (row for pair, row in pairs if id(pair) in few)

    def details(self) -> Sequence[str]:
        """That not every pair is listed, where that is so."""
        return [] if self.every else _left_out(self.result.pairs)

    def sentences(self) -> Sequence[str]:
        """What the RMS is over, and what is not decided."""
        pairs = self.result.pairs
        low, high = pairs[0].range
        lines = [f"{one.a} and {one.b}: {domains(one)}" for one in pairs if domains(one)]
        lines += [f"{one.a} and {one.b}: {line}" for one in pairs for line in undecided(one)]
        return (f"rms is over [{low:g}, {high:g}]", *lines)


def numbered(comparison: Comparison) -> Iterator[tuple[tuple[int, int], Pair]]:
    """The pairs with the places of their two functions."""
    places = combinations(range(len(comparison.activations)), 2)
    return zip(places, comparison.pairs, strict=True)


def same(comparison: Comparison) -> Sequence[Sequence[int]]:
    """The places of the functions, those together that are proved to be one; of few, each alone."""
    count = len(comparison.activations)
    if count <= FEW_FUNCTIONS:
        return [[place] for place in range(count)]
    one = {places for places, pair in numbered(comparison) if pair.is_one_function}
    groups: list[list[int]] = []
    for place in range(count):
        home = next((group for group in groups if (group[0], place) in one), None)
        if home is None:
            groups.append([place])
        else:
            home.append(place)
    return groups


def _few(pairs: Sequence[Pair], every: bool) -> Sequence[Pair]:
    """The pairs that a person reads, in their order."""
    if every or len(pairs) <= MOST:
        return pairs
    order = sorted(range(len(pairs)), key=lambda number: pairs[number].max_abs)
    return [pairs[number] for number in sorted([*order[: MOST // 2], *order[-MOST // 2 :]])]


def _left_out(pairs: Sequence[Pair]) -> Sequence[str]:
    if len(pairs) > MOST:
        half = MOST // 2
        return [f"Of {len(pairs)} pairs the {half} nearest and the {half} farthest; {ALL}."]
    places = [len(one) for pair in pairs for one in (pair.places, pair.places_derivative)]
    return [f"{ALL}."] if max(places, default=0) > FEW else []


def beyond(comparison: Comparison, tolerance: float) -> str | None:
    """Which pairs are farther apart than that, or may be, if any are."""
    far = [pair for pair in comparison.pairs if not pair.is_within(tolerance)]
    parts = [part for pair in far for part in (distance(pair), domains(pair)) if part]
    return "; ".join(parts) or None


def unproved(comparison: Comparison) -> str | None:
    """Which distances are not proved, if any are not."""
    names = [f"{pair.a} and {pair.b}" for pair in comparison.pairs if not pair.proved]
    return f"not all is proved of {', '.join(names)}" if names else None


def _row(profile: Profile) -> Row:
    row = {
        "activation": profile.activation,
        "range_low": profile.range.low,
        "range_high": profile.range.high,
        "monotone": profile.monotone,
        "smoothness": profile.smoothness,
        "zero_centred": profile.zero_centred,
        "lipschitz": profile.lipschitz,
        "saturated_below": profile.saturated_below,
        "saturated_above": profile.saturated_above,
    }
    return row if profile.cost is None else {**row, "cost": profile.cost}


def _column(profile: Profile) -> dict[str, str]:
    parts = {
        "": profile.activation,
        "range": reach(profile.range),
        "monotone": profile.monotone or NOT_DECIDED,
        "smoothness": profile.smoothness or NOT_DECIDED,
        "zero-centred": _TOLD[profile.zero_centred],
        "Lipschitz": short(profile.lipschitz),
        "saturated": " or ".join(_saturated(profile)) or _nowhere(profile),
    }
    return parts if profile.cost is None else {**parts, "cost": f"{profile.cost:.2g} x relu"}


_TOLD = {True: "yes", False: "no", None: NOT_DECIDED}


def _nowhere(profile: Profile) -> str:
    return "nowhere" if profile.saturation.proved else NOT_DECIDED


def _saturated(profile: Profile) -> Iterator[str]:
    low, high = profile.saturated_below, profile.saturated_above
    if low is not None:
        yield "everywhere" if math.isinf(low) else f"x < {short(low)}"
    if high is not None and high != -math.inf:
        yield f"x > {short(high)}"


def sentence(pair: Pair, every: bool = False) -> str:
    """How far the two are apart, with their slopes and the RMS."""
    if pair.max_abs_bound == 0:
        return "; ".join(filter(None, [distance(pair), domains(pair, every)]))
    low, high = map(short, pair.range)
    rms = "no RMS" if math.isnan(pair.rms) else f"RMS {short(pair.rms)}"
    over = f"{rms} over [{low}, {high}]"
    parts = [distance(pair, every), _slopes(pair, every), over, domains(pair, every)]
    return "; ".join(filter(None, parts))


def domains(pair: Pair, every: bool = False) -> str:
    """Where only one of the two has a value; empty where each has one where the other has."""
    within = "" if pair.domain_window == pair.window else _within(pair.domain_window)
    parts = [
        f"{name} has no value {told(missing, every)}{within}"
        for name, missing in ((pair.a, pair.only_b), (pair.b, pair.only_a))
        if missing
    ]
    if parts:
        return f"they differ in domain: {', and '.join(parts)}"
    return "" if pair.is_one_domain else "it is not decided where each has a value"


def distance(pair: Pair, every: bool = False) -> str:
    """How far the two are apart, and where."""
    names = f"{pair.a} and {pair.b}"
    if math.isinf(pair.max_abs):
        return f"{names} {_boundless(pair.places, every)}"
    within = _within(pair.window)
    if pair.is_one_function:
        return f"{names} are one function{within}"
    if pair.max_abs_bound == 0:
        return f"{names} are the same wherever both have a value{within}"
    if pair.max_abs == 0 and math.isinf(pair.max_abs_bound):
        return f"{names} may be any distance apart{within}"
    if pair.max_abs == 0:
        return f"{names} are at most {short(pair.max_abs_bound)} apart{within}"
    more = MORE if pair.more_places else ""
    size = f"{short(pair.max_abs, _DIGITS)} apart, {_places(pair.places, every)}{more}{within}"
    return f"{names} are {'up to' if pair.is_largest_proved else 'at least'} {size}"


def _within(window: tuple[float, float] | None) -> str:
    return f" within [{short(window[0])}, {short(window[1])}]" if window else ""


def _slopes(pair: Pair, every: bool) -> str:
    height, places = pair.max_abs_derivative, pair.places_derivative
    if pair.max_abs_derivative_bound == 0:
        return "the slopes are the same"
    if height == 0 and math.isinf(pair.max_abs_derivative_bound):
        return "nothing is known of the slopes"
    if height == 0:
        return f"slopes at most {short(pair.max_abs_derivative_bound)}"
    if math.isinf(height):
        return f"slopes {_boundless(places, every)}"
    is_known, more = pair.is_steepest_proved, MORE if pair.more_places_derivative else ""
    size = f"{short(height)} {_places(places, every)}{more}"
    return f"slopes {'up to' if is_known else 'at least'} {size}"


def _boundless(places: Sequence[float], every: bool) -> str:
    """That something has no bound, and where that was seen first: there may be more such places."""
    seen = "" if math.isinf(places[0]) else ", seen"
    return f"part without bound{seen} {_places(places, every)}"


def undecided(pair: Pair) -> Sequence[str]:
    """Where that is not proved, in a line; none where it is."""
    if len(pair.open) > FEW:
        ends = [end for one in pair.open for end in one[:2]]
        return [f"not decided in places from {short(min(ends))} to {short(max(ends))}"]
    places = dict.fromkeys(between(*one[:2]) for one in pair.open)
    return [f"not decided {', '.join(places)}"] if places else []


def _places(places: Sequence[float], every: bool) -> str:
    """`at +-3`, `at -3 and 2`, `towards infinity`."""
    if math.isinf(places[0]):
        return f"towards {'+-' if len(places) > 1 else '-' if places[0] < 0 else ''}infinity"
    texts = [short(place) for place in places]
    if len(texts) == 2 and short(-places[0]) == texts[1]:
        return f"at +-{texts[1]}"
    if len(texts) > FEW and not every:
        return f"at {len(texts)} places from {texts[0]} to {texts[-1]}"
    return f"at {', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else f"at {texts[0]}"
