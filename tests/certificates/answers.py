"""The answers of the program, derived once more from boxes that are confirmed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb

from tests.certificates.course import (
    Break,
    Course,
    Piece,
    break_at,
    break_between,
    high_end,
    low_end,
)
from tests.certificates.proof import Function, RefutedError, UnconfirmedError
from tests.present import present

_TIGHT = 2.0**-47
"""How much a proved bound may be above a supremum, relative to it."""

_LARGE = arb(2) ** 500
"""What gets beyond it far out is taken to have no bound."""

_FAR_OUT = [side * math.ldexp(1.25, n) for n in range(100, 1000, 100) for side in (-1, 1)]

_FINE = arb(2) ** -200
"""How closely a number near 0 is known that lies between doubles."""


# -- suprema


def distance(
    f: Function, cover: Mapping[str, Any], boxes: Sequence[Piece], said: Mapping[str, Any]
) -> None:
    """That the largest |f - g|, or |f' - g'|, is what is said, and where."""
    name, places = (
        ("max_abs_derivative", "places_derivative") if cover["order"] else ("max_abs", "places")
    )
    supremum(f, cover, boxes, said[name])
    if boxes and said[f"{name}_bound"] < max(present(piece.above) for piece in boxes):
        raise RefutedError(f"the boxes go above {said[f'{name}_bound']}")
    _same("places", said[places], cover["places"])


def supremum(
    f: Function,
    cover: Mapping[str, Any],
    boxes: Sequence[Piece],
    said: float | None,
    breaks: Sequence[Break] = (),
) -> None:
    """That |q| has this supremum: no box goes above it, and it is come up to somewhere."""
    places = [high_end(x) for x in cover["places"]]
    finite = [break_at(f, x) for x in places if math.isfinite(x)]
    ends = [f.beside(x, 0) for x in places if math.isinf(x)]
    sizes = [] if cover["order"] else [abs(b.value) for b in finite if b.value is not None]
    sides = [side for b in (*breaks, *finite) for side in (b.left, b.right)] + ends
    if said is None:
        sides += [f.beside(-math.inf, 0), f.beside(math.inf, 0)]
    sizes += [abs(side.d if cover["order"] else side.v) for side in sides if side is not None]
    if said is None:
        if not (cover["order"] and any(b.is_jump for b in (*breaks, *finite))):
            _has_no_bound(f, cover["order"], sizes)
        return
    most = max((present(piece.above) for piece in boxes), default=math.inf)
    if not most <= said * (1 + _TIGHT):
        raise RefutedError(f"the boxes go up to {most}, not {said}")
    if said and not any(bool(size >= said * (1 - _TIGHT)) for size in sizes):
        raise RefutedError(f"{said} is not come up to where that is said")


def _has_no_bound(f: Function, order: int, sizes: Sequence[Any]) -> None:
    far = [f.at(x)[0] for x in _FAR_OUT]
    large = [abs(found.d if order else found.v) > _LARGE for found in far if found is not None]
    if not any(size > _LARGE for size in sizes) and not any(large):
        raise UnconfirmedError("nothing shows that there is no bound")


# -- saturation


def flat_ranges(
    f: Function,
    course: Course,
    pieces: Sequence[Piece],
    levels: Sequence[float],
    said: Mapping[str, Any],
) -> None:
    """That |f'| < eps on these ranges and on no others, and what f does on them."""
    eps, (low, high) = said["eps"], said["window"] or (-math.inf, math.inf)
    _same("levels", levels, [-eps, eps] if eps else [0.0])
    ranges = []
    for run in _runs(f, pieces, eps):
        first, last = _edge(f, pieces, run[0], -1), _edge(f, pieces, run[-1], 1)
        if first < high and last > low:
            ranges.append((max(first, low), min(last, high), run))
    _same("ranges", [_ends(one) for one in said["ranges"]], [one[:2] for one in ranges])
    for one, (a, b, run) in zip(said["ranges"], ranges, strict=True):
        hard = _joined([p for p in run if p.claim == "zero"])
        parts = [(max(_edge(f, pieces, p, -1), a), min(_edge(f, pieces, q, 1), b)) for p, q in hard]
        said_hard = [(low_end(p), high_end(q)) for p, q in one["hard"]]
        _same("hard", said_hard, [part for part in parts if part[0] < part[1]])
        values = course.values_on(a, b)
        _agrees("the lowest value", one["value_low"], _least(values))
        _agrees("the highest value", one["value_high"], -_least([-v for v in values]))
        if one["max_slope"] > eps * (1 + _TIGHT):
            raise RefutedError(f"steeper than {eps}")
        for end in (x for x in (a, b) if math.isinf(x) and one["limit"] is not None):
            _agrees("the limit", one["limit"], present(f.beside(end, 0)).v)


def _runs(f: Function, pieces: Sequence[Piece], eps: float) -> list[list[Piece]]:
    """The flat pieces, those together over whose common end |f'| stays below eps."""
    runs: list[list[Piece]] = []
    before: Piece | None = None
    for piece in (p for p in pieces if p.claim != "tiny"):
        if piece.claim == "zero" or (piece.claim == "between" and eps and piece.above == eps):
            if runs and runs[-1][-1] is before and _goes_on(f, runs[-1][-1], piece, eps):
                runs[-1].append(piece)
            else:
                runs.append([piece])
            before = piece
        elif piece.claim != "break":
            before = piece
    return runs


def _goes_on(f: Function, before: Piece, piece: Piece, eps: float) -> bool:
    is_break = before.high < piece.low and not before.high <= 0 <= piece.low
    here = break_between(f, before.high, piece.low) if is_break else break_at(f, piece.low)
    if here.is_jump or here.left is None or here.right is None:
        return False
    return not eps or all(bool(abs(side.d) < eps) for side in (here.left, here.right))


def _edge(f: Function, pieces: Sequence[Piece], piece: Piece, side: int) -> float:
    """The end of a flat piece; beside a break the double that is nearest to that."""
    at = pieces.index(piece) + side
    if 0 <= at < len(pieces) and pieces[at].claim == "break":
        return break_between(f, pieces[at].low, pieces[at].high).x
    return piece.low if side < 0 else piece.high


def _joined(pieces: Sequence[Piece]) -> list[tuple[Piece, Piece]]:
    """The first and the last of pieces that touch."""
    joined: list[tuple[Piece, Piece]] = []
    for piece in pieces:
        if joined and joined[-1][1].high == piece.low:
            joined[-1] = joined[-1][0], piece
        else:
            joined.append((piece, piece))
    return joined


# -- facts


def facts(f: Function, course: Course, said: Mapping[str, Any]) -> None:
    """Kinks, extrema, range, lines and the way that f goes."""
    low, high = said["window"] or (-math.inf, math.inf)
    kinks = [b for b in course.breaks if b.is_kink and low <= b.x <= high]
    _same("kinks", [kink["x"] for kink in said["kinks"]], [b.x for b in kinks])
    for one, b in zip(said["kinks"], kinks, strict=True):
        for side, name in ((b.left, "left"), (b.right, "right")):
            _agrees(f"value_{name}", one[f"value_{name}"], present(side).v)
            _agrees(f"derivative_{name}", one[f"derivative_{name}"], present(side).d)
    tops = []
    for before, b, after in course.junctions():
        if before.way is not None and after.way is not None and low <= b.x <= high:
            kind = {1: "maximum", -1: "minimum"}.get(b.stands_out(before.way, after.way))
            tops += [(b.x, kind, b.filled)] if kind else []
    _same("extrema", [(e["x"], e["kind"]) for e in said["extrema"]], [top[:2] for top in tops])
    for one, (_, _, value) in zip(said["extrema"], tops, strict=True):
        _agrees("the value of an extremum", one["value"], value)
    if said["window"] is None:
        values = course.values_on(-math.inf, math.inf)
        _agrees("the infimum", said["range"]["low"], _least(values))
        _agrees("the supremum", said["range"]["high"], -_least([-v for v in values]))
        for line, x in ((said["left"], -math.inf), (said["right"], math.inf)):
            _line(f, line, x)
    ways = {p.way for p in course.pieces if p.way is not None}
    ways |= {way for b in course.breaks for way in b.ways}
    _same("monotone", said["monotone"], _monotone(ways))


def _line(f: Function, line: Mapping[str, float] | None, x: float) -> None:
    """The line that f approaches: its slope, and its level if it is flat."""
    end = f.beside(x, 0)
    if line is not None and end is not None:
        _agrees("the slope of a line", line["slope"], end.d)
        if not line["slope"]:
            _agrees("the level of a line", line["intercept"], end.v)


def _monotone(ways: set[int]) -> str:
    if {1, -1} <= ways:
        return "no"
    if 1 in ways:
        return "nondecreasing" if 0 in ways else "strictly increasing"
    if -1 in ways:
        return "nonincreasing" if 0 in ways else "strictly decreasing"
    return "constant"


def zeros(
    f: Function, course: Course, points: Sequence[float], stretches: Sequence[Any], window: Any
) -> None:
    """That f is 0 at these numbers and on these intervals, and nowhere else in the window."""
    zero_on = _zero_on(f, course)
    _same("where f is 0 throughout", [_ends(one) for one in stretches], zero_on)
    wanted, allowed = [], []
    for piece in course.pieces:
        if piece.way:
            first, last = present(f.beside(piece.low, 1)), present(f.beside(piece.high, -1))
            if first.v * piece.way < 0 < last.v * piece.way:
                wanted.append((piece.low, piece.high))
            elif any(end.v.contains(0) and not end.v.is_zero() for end in (first, last)):
                allowed.append((piece.low, piece.high))
    for b in course.breaks:
        if b.is_zero and not any(low <= b.x <= high for low, high in zero_on):
            wanted.append((b.x, b.x))
        elif b.low != b.high or b.may_turn_at_0:
            allowed.append((b.low, b.high))
    for x in points:
        around = [[w for w in some if w[0] <= x <= w[1]] for some in (wanted, allowed)]
        if not any(around):
            raise RefutedError(f"no zero at {x}")
        low, high = min(around[0] or around[1], key=lambda place: place[1] - place[0])
        if around[0]:
            wanted.remove((low, high))
        if low != high:
            _passes_0(f, x)
    low, high = window or (-math.inf, math.inf)
    missing = [place for place in wanted if low <= place[0] and place[1] <= high]
    if missing:
        raise RefutedError(f"a zero is missing: {missing}")


def _zero_on(f: Function, course: Course) -> list[tuple[float, float]]:
    """The maximal intervals on which f is 0."""
    found: list[tuple[float, float]] = []
    for piece in course.pieces:
        if piece.way == 0:
            middle = f.at(inside(arb(piece.low), arb(piece.high)))[0]
            if middle is not None and middle.v.is_zero():
                here = course.at.get(piece.low)
                if found and found[-1][1] == piece.low and here is not None and here.is_zero:
                    found[-1] = found[-1][0], piece.high
                else:
                    found.append((piece.low, piece.high))
    return found


def _passes_0(f: Function, x: float) -> None:
    """That f changes its sign within half an ulp."""
    left, right = (f.at(beyond(x, side), 1200)[0] for side in (-1, 1))
    if left is None or right is None or left.v * right.v > 0:
        raise RefutedError(f"no sign is changed at {x}")


# -- numbers


def inside(low: Any, high: Any) -> Any:
    """A number inside a box."""
    if not low.is_finite():
        x = arb(1) if not high.is_finite() else high - 1 - abs(high) / 7
    else:
        x = low + (high - low) * 3 / 7 if high.is_finite() else low + 1 + abs(low) / 7
    double = arb(float(x.mid()))
    return double if low < double < high else x.mid()


def beyond(x: float, side: int) -> Any:
    """Half an ulp to one side."""
    return (arb(x) + arb(math.nextafter(x, side * math.inf))) / 2


def _ends(one: Mapping[str, float | None]) -> tuple[float, float]:
    return low_end(one["low"]), high_end(one["high"])


def _least(values: Sequence[Any]) -> Any:
    least = values[0]
    for value in values[1:]:
        if value < least or (value.overlaps(least) and value.rad() < least.rad()):
            least = value
    return least


def _agrees(what: str, said: float | None, ball: Any) -> None:
    """That a double is a number in a ball, rounded; null stands for what is not finite."""
    if said is None:
        if ball.is_finite():
            raise RefutedError(f"{what} is {ball.str(10)}")
        return
    if not ball.rad() <= 1e-20 * abs(ball) + _FINE:
        raise UnconfirmedError(f"{what}: {ball.str(10)}")
    if abs(ball - said) > math.ulp(said):
        raise RefutedError(f"{what} is {ball.str(20)}, not {said!r}")


def _same(what: str, said: Any, found: Any) -> None:
    if said != found:
        raise RefutedError(f"{what}: {said} should be {found}")
