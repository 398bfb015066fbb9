"""What an activation makes of data, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.networks.inspection.results import Inspection
    from actcli.results import Row


def sentences(answer: Inspection) -> Sequence[str]:
    """The verdict, in one line."""
    parts = [_of_units(answer), _of_values(answer), *_not_numbers(answer), *_overflow(answer)]
    if answer.drift:
        parts.append(f"it has drifted by {answer.drift.ks:.3g} (Kolmogorov-Smirnov)")
    return [f"{answer.activation} after {answer.place}: {'; '.join(parts)}"]


def _of_units(answer: Inspection) -> str:
    dead = len(answer.dead_units)
    if answer.units == 1:
        return "it is dead" if dead else "it is not dead"
    if not dead:
        return f"none of {answer.units:,} units is dead"
    return f"{dead:,} of {answer.units:,} units {'is' if dead == 1 else 'are'} dead"


def _of_values(answer: Inspection) -> str:
    share = answer.saturated_share
    said = "no value is" if share == 0 else f"{percent(share)} of the values are"
    return f"{said} saturated"


def _not_numbers(answer: Inspection) -> Iterator[str]:
    for count, what in ((answer.nan, "NaN"), (answer.infinite, "infinite")):
        if count:
            yield f"{count:,} {'is' if count == 1 else 'are'} {what}"


def _overflow(answer: Inspection) -> Iterator[str]:
    count = answer.overflow["float16"].overflow
    if count:
        yield f"float16 cannot hold {count:,}"


def percent(share: float) -> str:
    """A share in percent; one that is neither nothing nor all never looks like that."""
    if 0 < share < 0.0005:
        return "less than 0.1 %"
    if 0.9995 <= share < 1:
        return "more than 99.9 %"
    return f"{100 * share:.3g} %"


def shown(answer: Inspection) -> Iterator[Row]:
    """One row for a person."""
    slope = answer.mean_abs_derivative
    row = {
        "after": answer.place,
        "activation": answer.activation,
        "min": _short(answer.min),
        "mean": _short(answer.mean),
        "max": _short(answer.max),
        "std": _short(answer.std),
        "mean_|f'|": _short((slope.low + slope.high) / 2),
        "saturated": percent(answer.saturated_share),
        "dead": f"{len(answer.dead_units)}/{answer.units}",
    }
    if answer.drift:
        row["ks"] = _short(answer.drift.ks)
    yield row


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}"


def details(answer: Inspection) -> Sequence[str]:
    """The units that are saturated most, where there are several."""
    if answer.units == 1 or not answer.worst_units:
        return []
    said = ", ".join(f"{one.unit} ({percent(one.saturated_share)})" for one in answer.worst_units)
    return [f"{answer.activation} after {answer.place}: most saturated are units {said}"]
