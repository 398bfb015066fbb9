"""Whether a certificate proves its answer: it shares no code with the program but the parser.

Every claim is confirmed by the checker's own evaluation, the boxes are seen to fill the line, and
the answer is derived from them once more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flint import arb, ctx

from tests.certificates import answers
from tests.certificates.course import Course, Piece, high_end, low_end
from tests.certificates.proof import SHARP, Claim, Function, RefutedError, UnconfirmedError

_TINY = 5e-324


def check(certificate: Mapping[str, Any], seen: set[Any] | None = None) -> None:
    """See that a certificate proves its answer; if something is open, that its boxes hold.

    `seen` are boxes that were confirmed before; new ones are added.

    Raises:
        RefutedError: something in it is wrong.
        UnconfirmedError: it could not be confirmed.
    """
    functions, answer = certificate["functions"], certificate["answer"]
    seen = set() if seen is None else seen
    with ctx.workprec(SHARP):
        pieces = [[*_confirmed(functions, cover, seen)] for cover in certificate["covers"]]
        if not answer["proved"]:
            return
        for cover in certificate["covers"]:
            _reaches(cover["window"], answer["window"])
        if certificate["question"] == "compare":
            f = Function(functions, "f - g")
            for cover, boxes in zip(certificate["covers"], pieces, strict=True):
                answers.distance(f, cover, boxes, answer)
            return
        f, (slopes, steepness, flat, *less_x) = Function(functions), pieces
        course, saturation = Course(f, slopes), answer.get("saturation", answer)
        steepest = answer["lipschitz" if less_x else "max_slope"]
        answers.supremum(f, certificate["covers"][1], steepness, steepest, course.breaks)
        answers.flat_ranges(f, course, flat, certificate["covers"][2]["levels"], saturation)
        if less_x:
            answers.facts(f, course, answer)
            answers.zeros(f, course, answer["roots"], answer["zero_on"], answer["window"])
            g = Function(functions, "f - x")
            fixed = answer["fixed_points"], answer["fixed_on"]
            answers.zeros(g, Course(g, *less_x), *fixed, answer["window"])


def _reaches(cover: Sequence[float | None], window: Sequence[float] | None) -> None:
    low, high = window or (-math.inf, math.inf)
    if low_end(cover[0]) > low or high_end(cover[1]) < high:
        raise RefutedError(f"{cover} is not all of {window}")


def _confirmed(
    functions: Sequence[Any], cover: Mapping[str, Any], seen: set[Any]
) -> Iterator[Piece]:
    """The boxes, which have to fill the window, each with its claim confirmed."""
    f, end = Function(functions, cover["of"]), low_end(cover["window"][0])
    for box in cover["boxes"]:
        piece = Piece.of(box)
        if piece.low != end or piece.low > piece.high:
            raise RefutedError(f"a gap from {end} to {piece.low}")
        end = piece.high
        key = repr((functions, cover["of"], cover["order"], cover["levels"], box))
        if key not in seen:
            _confirm(f, cover, box, piece)
            seen.add(key)
        yield piece
    is_bounded = cover["levels"] or cover["boxes"]  # else |q| is said to have no bound
    if is_bounded and end != high_end(cover["window"][1]):
        raise RefutedError(f"nothing is said from {end} on")


def _confirm(f: Function, cover: Mapping[str, Any], box: Mapping[str, Any], piece: Piece) -> None:
    low = answers.beyond(piece.low, 1) if box["from_crossing"] else arb(piece.low)
    high = answers.beyond(piece.high, -1) if box["to_crossing"] else arb(piece.high)
    match piece.claim:
        case "between" if low < high:
            is_inner = bool(cover["levels"]) and None not in (piece.below, piece.above)
            is_analytic = cover["levels"] == [0.0]
            claim = Claim(cover["order"], piece.below, piece.above, is_inner, is_analytic)
            f.confirm(low, high, claim)
            if is_analytic:
                _is_not_constant(f, low, high)
        case "zero" | "undefined" if not f.is_everywhere(low, high, piece.claim):
            raise UnconfirmedError(f"{piece.claim} from {low} to {high}")
        case "break" if math.nextafter(piece.low, piece.high) != piece.high:
            raise RefutedError(f"a break from {low} to {high} hides numbers")
        case "tiny" if max(-piece.low, piece.high) > _TINY:
            raise RefutedError(f"from {low} to {high} is not tiny")


def _is_not_constant(f: Function, low: Any, high: Any) -> None:
    found, _ = f.at(answers.inside(low, high), 1200)
    if found is not None and found.d.is_zero() and f.is_everywhere(low, high, "zero"):
        raise RefutedError(f"f is constant from {low} to {high}")
