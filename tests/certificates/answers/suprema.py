"""The largest |f| or |f'|, from boxes on which it is bounded and places where it is come up to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb

from tests.certificates.course import Break, Piece, break_at
from tests.certificates.doubles import high_end, same
from tests.certificates.function import Function, RefutedError, Side, UnconfirmedError
from tests.present import present

TIGHT = 2.0**-47
"""How much a proved bound may be above a supremum, relative to it."""

LARGE = arb(2) ** 500
"""What gets beyond it far out is taken to have no bound."""

FAR_OUT = [side * math.ldexp(1.25, n) for n in range(100, 1000, 100) for side in (-1, 1)]

_LEVEL = 2.0**-40
"""How much lower, relative to it, |q| may be at a place of its supremum, which is a double."""

_ULPS = 2


def distance(
    f: Function, cover: Mapping[str, Any], boxes: Sequence[Piece], said: Mapping[str, Any]
) -> None:
    """That the largest |f - g|, or |f' - g'|, is what is said, and where."""
    tail = "_derivative" if cover["order"] else ""
    name, places = f"max_abs{tail}", said[f"places{tail}"]
    supremum(f, cover, boxes, said[name])
    for x in map(high_end, places):
        is_high = said[name] is None or _largest(f, x, cover["order"]) >= said[name] * (1 - _LEVEL)
        if not is_high or not _is_top(f, x, cover["order"], cover["window"]):
            raise RefutedError(f"{said[name]} is not come up to at {x}")
    if boxes and said[f"{name}_bound"] < max(present(piece.above) for piece in boxes):
        raise RefutedError(f"the boxes go above {said[f'{name}_bound']}")
    same("places", places, cover["places"])
    same("the first place", said[f"at{tail}"], places[0] if places else None)


def supremum(
    f: Function,
    cover: Mapping[str, Any],
    boxes: Sequence[Piece],
    said: float | None,
    breaks: Sequence[Break] = (),
) -> None:
    """That |q| has this supremum: no box goes above it, and it is come up to at its places."""
    order, places = cover["order"], [high_end(x) for x in cover["places"]]
    if said is None:
        found = [*breaks, *(break_at(f, x) for x in places if math.isfinite(x))]
        if not (order and any(b.is_jump for b in found)):
            _has_no_bound(f, order, [size for b in found for size in _sizes(b, order)])
        return
    most = max((present(piece.above) for piece in boxes), default=math.inf)
    if not most <= said * (1 + TIGHT):
        raise RefutedError(f"the boxes go up to {most}, not {said}")
    if bool(places) != bool(said):
        raise RefutedError(f"{said} is come up to at {places}")
    reached = [_largest(f, x, order) for x in places]
    reached += [size for b in breaks for size in _sizes(b, order)]
    if said and not any(bool(size >= said * (1 - TIGHT)) for size in reached):
        raise RefutedError(f"{said} is not come up to where that is said")


def _largest(f: Function, x: float, order: int) -> Any:
    """How large |q| is at or beside a number, or at infinity."""
    if math.isfinite(x):
        sizes = _sizes(break_at(f, x), order)
    else:
        sizes = [_size(side, order) for end in (-x, x) if (side := f.beside(end, 0)) is not None]
    largest = arb(0)
    for size in sizes:
        largest = size.max(largest)
    return largest


def _size(side: Side, order: int) -> Any:
    return abs(side.d if order else side.v)


def _sizes(b: Break, order: int) -> list[Any]:
    sizes = [] if order or b.value is None else [abs(b.value)]
    return sizes + [_size(side, order) for side in (b.left, b.right) if side is not None]


def _is_top(f: Function, x: float, order: int, window: Sequence[float | None]) -> bool:
    """Whether |q| goes down on both sides of a place, but for roundoff of the place."""
    if math.isinf(x) or x in window:
        return True
    here = break_at(f, x)
    if here.is_break(order):
        return True
    rates = []
    for side in (-1, 1):
        found = f.at(x + side * _ULPS * math.ulp(x))[0]
        if found is None:
            return True
        q, rate = (found.d, found.c) if order else (found.v, found.d)
        rates.append(side * rate * (1 if q > 0 else -1))
    is_flat = all(bool(rate.is_zero()) for rate in rates)
    return x == 0 if is_flat else not any(bool(rate > 0) for rate in rates)


def _has_no_bound(f: Function, order: int, sizes: Sequence[Any]) -> None:
    ends = [side for end in (-math.inf, math.inf) if (side := f.beside(end, 0)) is not None]
    far = [f.at(x)[0] for x in FAR_OUT]
    large = [abs(found.d if order else found.v) > LARGE for found in far if found is not None]
    sizes = [*sizes, *(_size(end, order) for end in ends)]
    if not any(size > LARGE for size in sizes) and not any(large):
        raise UnconfirmedError("nothing shows that there is no bound")
