"""Certificates that are wrong in one place, which a checker has to refuse."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.certificates.changes import (
    SLIGHTLY,
    Certificate,
    Change,
    dropped,
    merged,
    put,
    replaced,
    slightly,
    together,
)

Path = tuple[str | int, ...]

_KINDS = {
    "position": ("left", "right", "interior", "everywhere"),
    "hardness": ("hard", "soft", "mixed"),
    "kind": ("bounded", "sublinear", "leak", "plateau", "dead zone"),
    "monotone": (
        *("strictly increasing", "nondecreasing", "constant"),
        *("nonincreasing", "strictly decreasing", "no"),
    ),
}


def mutants(certificate: Certificate) -> Iterator[tuple[str, Certificate]]:
    """What was changed, and the changed certificate."""
    for what, change in _changes(certificate):
        changed = copy.deepcopy(certificate)
        change(changed)
        if changed != certificate:
            yield what, changed


def _changes(certificate: Certificate) -> Iterator[tuple[str, Change]]:
    answer = certificate["answer"]
    if certificate["question"] == "gain":
        yield from _of_gain(answer, certificate["enclosures"])
        return
    for i, cover in enumerate(certificate["covers"]):
        yield from _of_boxes(i, cover, answer["window"])
    match certificate["question"]:
        case "compare":
            yield from _of_distances(answer)
        case "saturation":
            yield from _of_saturation(("answer",), answer)
            yield from _of_supremum("max_slope", answer)
        case "info":
            yield from _of_saturation(("answer", "saturation"), answer["saturation"])
            yield from _of_supremum("lipschitz", answer)
            yield from _of_facts(answer)


# -- numbers, words and places


def _of_number(what: str, value: float | None, *path: str | int) -> Iterator[tuple[str, Change]]:
    for how, new in slightly(value):
        yield f"{what} {how}", put(new, *path)
    if value is not None:
        yield f"{what} said not to be finite", put(None, *path)


def _of_word(what: str, key: str, value: str, *path: str | int) -> Iterator[tuple[str, Change]]:
    for other in _KINDS[key]:
        if other != value:
            yield f"{what} called {other}", put(other, *path, key)


def _of_place(
    what: str, x: float, covers: tuple[int, ...], *path: str | int
) -> Iterator[tuple[str, Change]]:
    """A place moved either way: in the answer, and in its boxes too."""
    for how, new in slightly(x):
        yield f"{what} {how}", put(new, *path)
        moved = together(put(new, *path), replaced(x, new, *covers))
        yield f"{what} {how} with its boxes", moved


# -- boxes


def _of_boxes(i: int, cover: Any, window: Any) -> Iterator[tuple[str, Change]]:
    for j, box in enumerate(cover["boxes"]):
        at: Path = ("covers", i, "boxes", j)
        if box["claim"] == "open":
            continue
        yield f"box {j} of {i} dropped", dropped(*at)
        if window is None:
            yield f"box {j} of {i} said to be open", put("open", *at, "claim")
        if cover["levels"] and box["enclosure"] is not None:
            low, high = box["enclosure"]
            other = [None if end is None else -end for end in (high, low)]
            if None in other:
                yield f"the sign of box {j} of {i} flipped", put(other, *at, "enclosure")
            else:
                yield f"box {j} of {i} said to be steep", put([high, None], *at, "enclosure")
        if box["claim"] == "between" and cover["levels"]:
            yield f"box {j} of {i} said to be flat", put("zero", *at, "claim")


# -- saturation


def _of_saturation(path: Path, answer: Any) -> Iterator[tuple[str, Change]]:
    ends, eps = answer["window"] or (None, None), answer["eps"]
    for k, one in enumerate(answer["ranges"]):
        at, what = (*path, "ranges", k), f"range {k}"
        yield f"{what} dropped", dropped(*at)
        yield f"{what} dropped with its boxes", together(dropped(*at), _steep(one, eps))
        for end in ("low", "high"):
            if one[end] is not None and one[end] not in ends:
                yield from _of_place(f"the {end} edge of {what}", one[end], (2,), *at, end)
        for key in ("limit", "max_slope", "value_low", "value_high"):
            yield from _of_number(f"the {key} of {what}", one[key], *at, key)
        for key in ("position", "hardness", "kind"):
            yield from _of_word(what, key, one[key], *at)
        for n, part in enumerate(one["hard"]):
            yield f"hard part {n} of {what} dropped", dropped(*at, "hard", n)
            for m, end in enumerate(part):
                yield from _of_number(f"hard part {n} of {what}", end, *at, "hard", n, m)
        if k and one["low"] is not None:
            last = answer["ranges"][k - 1]
            joined = together(put(one["high"], *path, "ranges", k - 1, "high"), dropped(*at))
            if last["high"] is not None:
                yield f"{what} joined to the one before", joined
    invented = {**_INVENTED, "max_slope": eps, "low": 1e5, "high": 1e5 + 1}
    yield "a range invented", put([*answer["ranges"], invented], *path, "ranges")
    for k, one in enumerate(answer["value_ranges"]):
        at = (*path, "value_ranges", k)
        yield f"value range {k} dropped", dropped(*at)
        for key in ("low", "high", "slope", "intercept"):
            if one[key] not in ends or key in ("slope", "intercept"):
                yield from _of_number(f"the {key} of value range {k}", one[key], *at, key)


_INVENTED = {
    **{"position": "interior", "hardness": "soft", "kind": "plateau", "limit": None},
    **{"value_low": 0.0, "value_high": 0.0, "hard": []},
}


def _steep(one: Any, eps: float) -> Change:
    """The boxes of a range said to be steep."""

    def change(c: Certificate) -> None:
        low, high = (one[end] for end in ("low", "high"))
        for box in c["covers"][2]["boxes"]:
            above = low is None or (box["low"] is not None and box["low"] >= low)
            below = high is None or (box["high"] is not None and box["high"] <= high)
            if above and below and box["claim"] in ("between", "zero"):
                box.update(claim="between", enclosure=[eps, None])

    return change


def _of_supremum(name: str, answer: Any) -> Iterator[tuple[str, Change]]:
    said = answer[name]
    if not said:
        yield f"{name} invented", put(17.0, "answer", name)
        return
    yield from _of_number(name, said, "answer", name)

    def with_boxes(c: Certificate) -> None:
        c["answer"][name] = lower = said * (1 - SLIGHTLY)
        for box in c["covers"][1]["boxes"]:
            box["enclosure"] = [max(box["enclosure"][0], -lower), min(box["enclosure"][1], lower)]

    yield f"{name} lowered with its boxes", with_boxes


# -- facts


def _of_facts(answer: Any) -> Iterator[tuple[str, Change]]:
    for name, covers in {"extrema": (0,), "kinks": (0,), "roots": (), "fixed_points": ()}.items():
        for k, one in enumerate(answer[name]):
            at, what = ("answer", name, k), f"one of the {name}"
            x, place = (one, at) if isinstance(one, float) else (one["x"], (*at, "x"))
            yield f"{what} forgotten", dropped(*at)
            yield f"{what} forgotten with its boxes", together(dropped(*at), merged(x, 0, 1, 2, 3))
            yield from _of_place(what, x, covers, *place)
            if isinstance(one, dict):
                for key in one.keys() - {"x", "kind", "derivative"}:
                    yield from _of_number(f"the {key} of {what}", one[key], *at, key)
            if name == "extrema":
                other = {"minimum": "maximum", "maximum": "minimum"}[one["kind"]]
                yield f"{what} called a {other}", put(other, *at, "kind")
    for name in ("roots", "fixed_points"):
        yield f"one of the {name} invented", put([*answer[name], 12345.678], "answer", name)
    for name in ("zero_on", "fixed_on"):
        for k, one in enumerate(answer[name]):
            yield f"{name} dropped", dropped("answer", name, k)
            for end in ("low", "high"):
                yield from _of_number(f"the {end} of {name}", one[end], "answer", name, k, end)
    for end, taken in (("low", "low_attained"), ("high", "high_attained")):
        height = answer["range"]
        yield from _of_number(f"the {end} end of the range", height[end], "answer", "range", end)
        yield f"{taken} flipped", put(not height[taken], "answer", "range", taken)
    yield from _of_word("f", "monotone", answer["monotone"], "answer")
    for side in ("left", "right"):
        if answer[side] is None:
            line = {"slope": 1.0, "intercept": 0.0}
            yield f"the {side} line invented", put(line, "answer", side)
            continue
        yield f"the {side} line forgotten", put(None, "answer", side)
        for key, number in answer[side].items():
            yield from _of_number(f"the {key} of the {side} line", number, "answer", side, key)


# -- comparisons


def _of_distances(answer: Any) -> Iterator[tuple[str, Change]]:
    for i, tail in enumerate(("", "_derivative")):
        name, places, first = (f"{key}{tail}" for key in ("max_abs", "places", "at"))
        bound, said = f"{name}_bound", answer[name]
        if said is None:
            yield f"{name} made finite", put(17.25, "answer", name)
            continue
        for how, new in slightly(said):
            yield f"{name} {how}", put(new, "answer", name)
            both = together(put(new, "answer", name), put(new, "answer", bound))
            yield f"{name} {how} with its bound", both
            yield f"{name} {how} with its boxes", together(both, _bounded(i, new))
        yield f"{name} said not to be finite", put(None, "answer", name)
        yield f"{bound} lowered", put(answer[bound] * (1 - SLIGHTLY), "answer", bound)
        for k, x in enumerate(answer[places]):
            elsewhere = 17.25 if x is None else x + (abs(x) or 1) / 64
            for how, new in [*slightly(x), ("moved", elsewhere)]:
                yield f"a place of {name} {how}", put(new, "answer", places, k)
                moved = [*answer[places][:k], new, *answer[places][k + 1 :]]
                everywhere = put(moved, "answer", places), put(moved, "covers", i, "places")
                yield (
                    f"a place of {name} {how} everywhere",
                    together(*everywhere, put(moved[0], "answer", first)),
                )
        yield f"where {name} is first moved", put((answer[first] or 0) + 0.5, "answer", first)


def _bounded(i: int, most: float) -> Change:
    def change(c: Certificate) -> None:
        for box in c["covers"][i]["boxes"]:
            low, high = box["enclosure"]
            box["enclosure"] = [max(low, -most), min(high, most)]

    return change


# -- gains


def _of_gain(answer: Any, enclosures: Any) -> Iterator[tuple[str, Change]]:
    yield "q raised", put(answer["q"] * (1 + 100 * SLIGHTLY), "answer", "q")
    for name, (low, high) in enclosures.items():
        said = answer[name]
        if said is None:
            yield f"{name} made finite", put(1.0, "answer", name)
            continue
        yield f"{name} said not to be finite", put(None, "answer", name)
        step = SLIGHTLY * (abs(said) or 1) + 64 * (high - low)
        for new in (said - step, said + step):
            yield f"{name} moved", put(new, "answer", name)
            around = put([new - step / 2, new + step / 2], "enclosures", name)
            yield f"the enclosure of {name} moved", around
            yield f"{name} moved with its enclosure", together(put(new, "answer", name), around)
