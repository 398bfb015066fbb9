"""Changes to a certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Certificate = dict[str, Any]
Change = Callable[[Certificate], None]

SLIGHTLY = 1e-12


def slightly(x: float | None) -> list[tuple[str, float]]:
    """A number moved either way; one that is not finite, made finite."""
    if x is None:
        return [("made finite", 17.25)]
    step = SLIGHTLY * (abs(x) or 1)
    return [("raised", x + step), ("lowered", x - step)]


def entry(part: Any, *path: str | int) -> Any:
    """What stands in a certificate at the end of a path."""
    for key in path:
        part = part[key]
    return part


def dropped(*path: str | int) -> Change:
    def change(c: Certificate) -> None:
        del entry(c, *path[:-1])[path[-1]]

    return change


def put(value: Any, *path: str | int) -> Change:
    def change(c: Certificate) -> None:
        entry(c, *path[:-1])[path[-1]] = value

    return change


def replaced(old: float | None, new: float | None, *covers: int) -> Change:
    """A number moved wherever the boxes have it as an end."""

    def change(c: Certificate) -> None:
        for i in covers:
            for box in c["covers"][i]["boxes"]:
                for end in ("low", "high"):
                    if box[end] == old:
                        box[end] = new

    return change


def merged(x: float, *covers: int) -> Change:
    """The boxes on both sides of a place made one, as if nothing happened there."""

    def change(c: Certificate) -> None:
        for i in covers:
            boxes = c["covers"][i]["boxes"]
            at = [k for k, box in enumerate(boxes) if x in (box["low"], box["high"])]
            if len(at) > 1:
                high = boxes[at[-1]]["high"], boxes[at[-1]]["to_crossing"]
                boxes[at[0]]["high"], boxes[at[0]]["to_crossing"] = high
                del boxes[at[0] + 1 : at[-1] + 1]

    return change


def together(*changes: Change) -> Change:
    def change(c: Certificate) -> None:
        for one in changes:
            one(c)

    return change
