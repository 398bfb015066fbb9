"""What an activation makes of data, in words and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actcli.networks.inspection.results import Inspection
from actcli.networks.inspection.summaries.mean_slope import Enclosure
from actcli.reports.long_lists import ALL
from actcli.results import Report, Row

MOST = 10
"""Activations that are read one by one; of more, the ones with most that is flat."""


def reports(results: Sequence[Inspection], every: bool) -> Sequence[InspectionReport]:
    """A report of each; of many, a person reads those that need a look."""
    if every or len(results) <= MOST:
        return [InspectionReport(one) for one in results]
    order = sorted(results, key=lambda one: (-one.dead_share, -one.saturated_share))
    worst = {id(one) for one in order[:MOST]}
    lead = (
        f"{len(results)} activations, {sum(map(_has_dead, results))} with dead units; the {MOST} "
        f"with most that is dead or saturated ({ALL}):"
    )
    first, *rest = results
    return [
        InspectionReport(first, id(first) in worst, lead),
        *(InspectionReport(one, id(one) in worst) for one in rest),
    ]


def _has_dead(found: Inspection) -> bool:
    return bool(found.dead_units)


class InspectionReport(Report[Inspection]):
    """The verdicts above one table; for a program, a row an activation."""

    def __init__(self, result: Inspection, is_read: bool = True, lead: str = "") -> None:
        """`is_read`: whether a person reads it; `lead` is said before."""
        super().__init__(result)
        self.is_read = is_read
        self.lead = [lead] if lead else []

    compared = True
    header = (
        *("place", "activation", "units", "count", "min", "max", "mean", "std"),
        *("saturated_share", "mean_abs_derivative", "dead_units", "saturated_units"),
        *("nan", "infinite", "ks", "named"),
    )

    def rows(self) -> Iterator[Row]:
        """One row; units are counted, and of the drift there is ks."""
        found = self.result
        yield {
            **{key: getattr(found, key, None) for key in self.header},
            "ks": found.drift.ks if found.drift else None,
            "mean_abs_derivative": _middle(found.mean_abs_derivative),
            "dead_units": len(found.dead_units),
            "saturated_units": len(found.saturated_units),
        }

    def shown(self) -> Iterator[Row]:
        """The numbers of its values, and how much of it is flat."""
        found = self.result
        if not self.is_read:
            return
        row = {
            "after": found.place,
            "activation": found.activation,
            "min": _short(found.min),
            "mean": _short(found.mean),
            "max": _short(found.max),
            "std": _short(found.std),
            "mean_|f'|": _short(_middle(found.mean_abs_derivative)),
            "saturated": percent(found.saturated_share),
            "dead": f"{len(found.dead_units)}/{found.units}",
        }
        yield {**row, "ks": _short(found.drift.ks)} if found.drift else row

    def sentences(self) -> Sequence[str]:
        """The verdict, in one line."""
        found = self.result
        if not self.is_read:
            return self.lead
        parts = [_of_units(found), _of_values(found), *_not_numbers(found), *_overflow(found)]
        if found.drift:
            parts.append(f"it has drifted by {found.drift.ks:.3g} (Kolmogorov-Smirnov)")
        if found.named == "values":
            parts.append(
                "its name is not proved: it has that function's values at some hundred points"
            )
        return [*self.lead, f"{found.activation} after {found.place}: {'; '.join(parts)}"]

    def details(self) -> Sequence[str]:
        """The units that are saturated most, where there are several."""
        found = self.result
        if found.units == 1 or not found.worst_units or not self.is_read:
            return []
        units = ", ".join(f"{u.unit} ({percent(u.saturated_share)})" for u in found.worst_units)
        return [f"{found.activation} after {found.place}: most saturated are units {units}"]


def said_beside(results: Sequence[Inspection], *, compared: bool) -> Iterator[str]:
    """What would be silent: that there is nothing to show, or no drift where one was asked for."""
    if not results:
        yield "there is no activation to look at"
    for found in results:
        if compared and found.drift is None:
            yield f"{found.activation} after {found.place}: one side is all NaN: no drift is told"


def _of_units(found: Inspection) -> str:
    dead = len(found.dead_units)
    if found.units == 1:
        return "it is dead" if dead else "it is not dead"
    if not dead:
        return f"none of {found.units:,} units is dead"
    return f"{dead:,} of {found.units:,} units {'is' if dead == 1 else 'are'} dead"


def _of_values(found: Inspection) -> str:
    share = found.saturated_share
    said = "no value is" if share == 0 else f"{percent(share)} of the values are"
    return f"{said} saturated"


def _not_numbers(found: Inspection) -> Iterator[str]:
    for count, what in ((found.nan, "NaN"), (found.infinite, "infinite")):
        if count:
            yield f"{count:,} {'is' if count == 1 else 'are'} {what}"


def _overflow(found: Inspection) -> Iterator[str]:
    count = found.overflow["float16"].overflow
    if count:
        yield f"float16 cannot hold {count:,}"


def percent(share: float) -> str:
    """A share in percent; one that is neither nothing nor all never looks like that."""
    if 0 < share < 0.0005:
        return "less than 0.1 %"
    if 0.9995 <= share < 1:
        return "more than 99.9 %"
    return f"{100 * share:.3g} %"


def _middle(enclosure: Enclosure) -> float:
    return (enclosure.low + enclosure.high) / 2


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}"
