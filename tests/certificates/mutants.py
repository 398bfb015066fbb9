"""Certificates that are wrong in one place, which a checker has to refuse."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any

Certificate = dict[str, Any]
Change = Callable[[Certificate], None]

SLIGHTLY = 1e-12


def mutants(certificate: Certificate) -> Iterator[tuple[str, Certificate]]:
    """What was changed, and the changed certificate."""
    for what, change in _changes(certificate):
        changed = copy.deepcopy(certificate)
        change(changed)
        yield what, changed


def _changes(certificate: Certificate) -> Iterator[tuple[str, Change]]:
    answer = certificate["answer"]
    for i, cover in enumerate(certificate["covers"]):
        yield from _of_boxes(i, cover)
    if certificate["question"] == "compare":
        yield from _of_distances(answer)
        return
    info = certificate["question"] == "info"
    path = ("answer", "saturation") if info else ("answer",)
    yield from _of_ranges(path, _at(certificate, *path))
    yield from _of_supremum("lipschitz" if info else "max_slope", answer)
    if info:
        yield from _of_lists(answer)
        yield from _of_height(answer)


def moved(x: float) -> float:
    return x * (1 + SLIGHTLY) if x else SLIGHTLY


def _of_boxes(i: int, cover: Any) -> Iterator[tuple[str, Change]]:
    for j, box in enumerate(cover["boxes"]):
        if box["claim"] == "open":
            continue
        yield f"box {j} of {i} dropped", _without("covers", i, "boxes", j)
        if cover["levels"] and box["enclosure"] is not None:
            low, high = box["enclosure"]
            other = [None if end is None else -end for end in (high, low)]
            if None in other:
                yield f"the sign of box {j} of {i} flipped", _set(i, j, "enclosure", other)
            else:
                yield f"box {j} of {i} said to be steep", _set(i, j, "enclosure", [high, None])
        if box["claim"] == "between" and cover["levels"]:
            yield f"box {j} of {i} said to be flat", _set(i, j, "claim", "zero")


def _at(part: Any, *path: str | int) -> Any:
    """What stands in a certificate at the end of a path."""
    for key in path:
        part = part[key]
    return part


def _without(*path: str | int) -> Change:
    def change(c: Certificate) -> None:
        del _at(c, *path[:-1])[path[-1]]

    return change


def _with(value: Any, *path: str | int) -> Change:
    def change(c: Certificate) -> None:
        _at(c, *path[:-1])[path[-1]] = value

    return change


def _set(i: int, j: int, key: str, value: Any) -> Change:
    return _with(value, "covers", i, "boxes", j, key)


def _shifted(where: Change, cover: int, old: float) -> Change:
    """A number moved wherever the boxes and the answer have it."""

    def change(c: Certificate) -> None:
        for box in c["covers"][cover]["boxes"]:
            for end in ("low", "high"):
                if box[end] == old:
                    box[end] = moved(old)
        where(c)

    return change


def _of_ranges(path: tuple[str, ...], answer: Any) -> Iterator[tuple[str, Change]]:
    for k, one in enumerate(answer["ranges"]):
        yield f"range {k} dropped", _without(*path, "ranges", k)
        for end in ("low", "high"):
            if one[end] is not None and one[end] not in (answer["window"] or ()):
                where = _with(moved(one[end]), *path, "ranges", k, end)
                yield f"the {end} edge of range {k} moved", where
                yield (
                    f"the {end} edge of range {k} moved with its boxes",
                    _shifted(where, 2, one[end]),
                )
        invented = {**one, "low": 1e5, "high": 1e5 + 1}
        yield "a range invented", _with([*answer["ranges"], invented], *path, "ranges")


def _of_supremum(name: str, answer: Any) -> Iterator[tuple[str, Change]]:
    said = answer[name]
    if not said:
        yield f"{name} invented", _with(17.0, "answer", name)
        return
    lower = said * (1 - SLIGHTLY)
    yield f"{name} lowered", _with(lower, "answer", name)
    yield f"{name} raised", _with(said * (1 + SLIGHTLY), "answer", name)

    def with_boxes(c: Certificate) -> None:
        c["answer"][name] = lower
        for box in c["covers"][1]["boxes"]:
            box["enclosure"] = [max(box["enclosure"][0], -lower), min(box["enclosure"][1], lower)]

    yield f"{name} lowered with its boxes", with_boxes


def _of_lists(answer: Any) -> Iterator[tuple[str, Change]]:
    for name in ("extrema", "kinks", "roots", "fixed_points"):
        for k, one in enumerate(answer[name]):
            yield f"one of the {name} forgotten", _without("answer", name, k)
            if isinstance(one, float):
                to = moved(one)
                yield f"one of the {name} moved", _with(to, "answer", name, k)
                continue
            yield f"one of the {name} moved", _with(moved(one["x"]), "answer", name, k, "x")
            for key in {"value", "value_left", "derivative_left", "derivative_right"} & set(one):
                if one[key] is not None and not (name == "kinks" and key == "value"):
                    raised = one[key] + SLIGHTLY * (abs(one[key]) or 1)
                    yield (
                        f"the {key} of one of the {name} raised",
                        _with(raised, "answer", name, k, key),
                    )
    yield "a root invented", _with([*answer["roots"], 12345.678], "answer", "roots")


def _of_height(answer: Any) -> Iterator[tuple[str, Change]]:
    if answer["window"] is None:
        for end in ("low", "high"):
            said = answer["range"][end]
            to = 17.25 if said is None else said + SLIGHTLY * (abs(said) or 1)
            yield f"the {end} end of the range moved", _with(to, "answer", "range", end)
    other = "nondecreasing" if answer["monotone"] != "nondecreasing" else "no"
    yield "called monotone", _with(other, "answer", "monotone")


def _of_distances(answer: Any) -> Iterator[tuple[str, Change]]:
    for i, name in enumerate(("max_abs", "max_abs_derivative")):
        said = answer[name]
        if not said:
            continue

        def raised(c: Certificate, name: str = name, said: float = said) -> None:
            c["answer"].update({name: said * (1 + SLIGHTLY), f"{name}_bound": math.inf})

        def lowered(c: Certificate, i: int = i, name: str = name, said: float = said) -> None:
            most = said * (1 - SLIGHTLY)
            c["answer"][name] = c["answer"][f"{name}_bound"] = most
            for box in c["covers"][i]["boxes"]:
                low, high = box["enclosure"]
                box["enclosure"] = [max(low, -most), min(high, most)]

        yield f"{name} raised", raised
        yield f"{name} lowered with its boxes", lowered
