"""How far measured points are from a function: a sentence, and a row for each kind of error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from actcli.functions.measured.errors import Errors, Extreme, Measurement
from actcli.numeric.display import short
from actcli.results import Report, Row

KINDS = ("absolute", "relative", "ulp")


class MeasurementReport(Report[Measurement]):
    """A row for the largest error of each kind, of the values and of the derivatives."""

    header = (
        "activation",
        "source",
        "dtype",
        "points",
        "of",
        "error",
        "size",
        "at",
        "got",
        "exact",
    )
    said = ("activation", "source", "dtype", "points")

    def subject(self) -> str:
        """The function's name."""
        return self.result.activation

    def rows(self) -> Iterator[Row]:
        """Three rows for y, and three for dy."""
        found = self.result
        about = {key: getattr(found, key) for key in self.said}
        for of, errors in self._parts():
            for kind in KINDS:
                yield {**about, "of": of, "error": kind, **getattr(errors, kind)._asdict()}

    def _parts(self) -> Iterator[tuple[str, Errors]]:
        yield "value", self.result.value
        if self.result.derivative is not None:
            yield "derivative", self.result.derivative

    def sentences(self) -> Sequence[str]:
        """How far the points are off at most, and on average."""
        found = self.result
        points = "1 point" if found.points == 1 else f"{found.points} points"
        head = f"{source_of(found)} ({points}, {found.dtype})"
        lines = [f"{head} {_off(found.value, found.activation)}"]
        if found.derivative is not None:
            lines.append(f"its derivatives {_off(found.derivative, 'the exact ones', 'are')}")
        return [f"{line}." for line in lines]


def source_of(found: Measurement) -> str:
    """What the points come from, as a sentence begins with it."""
    return "standard input" if found.source == "-" else found.source


def _off(errors: Errors, what: str, verb: str = "is") -> str:
    if errors.absolute.size == 0:
        return f"{verb} {what} to the last bit" if what != "the exact ones" else "are exact"
    if math.isinf(errors.absolute.size):
        return f"{verb} no number where {what} has one, or the other way: {_place(errors.absolute)}"
    return (
        f"{verb} up to {short(errors.absolute.size)} from {what}, {_place(errors.absolute)}; "
        f"{short(errors.ulp.size)} ulp {_place(errors.ulp)}; RMS {short(errors.rms)}"
    )


def _place(extreme: Extreme) -> str:
    return f"at {short(extreme.at)}"


def beyond(found: Sequence[Measurement], tolerance: float) -> str | None:
    """Which points are farther off than that, if any are."""
    far = [one for one in found if not one.is_within(tolerance)]
    lines = [MeasurementReport(one).sentences() for one in far]
    return " ".join(text for line in lines for text in line) or None
