"""Whether a certificate proves its answer: it shares no code with the program but the parser.

Every claim is confirmed by the checker's own evaluation, the boxes are seen to fill the line, and
the answer is derived from them once more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flint import arb, ctx

from tests.certificates.answers.facts import facts
from tests.certificates.answers.flatness import flat_ranges
from tests.certificates.answers.lines import line, value_ranges
from tests.certificates.answers.moments import Moments, gain, moments
from tests.certificates.answers.suprema import distance, supremum
from tests.certificates.answers.zeros import zeros
from tests.certificates.claims import Claim, confirm, is_everywhere
from tests.certificates.course import Course, Piece
from tests.certificates.doubles import beyond, high_end, inside, low_end
from tests.certificates.function import SHARP, Function, Line, RefutedError, UnconfirmedError

REFUTED, NOT_CHECKED, CONFIRMED = "refuted", "not checked", "confirmed"

_TINY = 5e-324


class Checker:
    """Sees whether certificates prove their answers; it remembers which boxes were confirmed."""

    def __init__(self) -> None:
        self._functions: dict[str, Function] = {}
        self._seen: set[str] = set()
        self._moments: dict[tuple[Function, float], Moments] = {}

    def judged(self, certificate: Mapping[str, Any]) -> tuple[str, str]:
        """What there is to say of a certificate, and why."""
        try:
            self.check(certificate)
        except RefutedError as error:
            return REFUTED, str(error)
        except UnconfirmedError as error:
            return NOT_CHECKED, str(error)
        return CONFIRMED, ""

    def check(self, certificate: Mapping[str, Any]) -> None:
        """See that a certificate proves its answer; if something is open, that its boxes hold.

        Raises:
            RefutedError: something in it is wrong.
            UnconfirmedError: it could not be confirmed.
        """
        try:
            with ctx.workprec(SHARP):
                if certificate["question"] == "gain":
                    self._check_gain(certificate, certificate["answer"])
                else:
                    self._check(certificate, certificate["answer"], certificate["covers"])
        except (TypeError, ValueError, KeyError) as error:
            raise RefutedError("something is not what it should be") from error

    def _check(
        self, certificate: Mapping[str, Any], answer: Mapping[str, Any], covers: Sequence[Any]
    ) -> None:
        functions = [self._function(certificate, cover["of"]) for cover in covers]
        pieces = [[*self._confirmed(f, cover)] for f, cover in zip(functions, covers, strict=True)]
        if not answer["proved"]:
            return
        for cover, some in zip(covers, pieces, strict=True):
            _reaches(cover["window"], answer["window"])
            _is_decided(some, answer["window"])
        if certificate["question"] == "compare":
            for f, cover, boxes in zip(functions, covers, pieces, strict=True):
                distance(f, cover, boxes, answer)
            return
        f, (slopes, steepness, flat, *less_x) = functions[0], pieces
        course, saturation = Course(f, slopes), answer.get("saturation", answer)
        steepest = answer["lipschitz" if less_x else "max_slope"]
        supremum(f, covers[1], steepness, steepest, course.breaks)
        flat_ranges(f, course, covers[2], flat, saturation, covers[1]["places"])
        near = saturation["value_ranges"]
        value_ranges(f, course, near, saturation["eps"], saturation["window"])
        if less_x:
            facts(f, course, answer)
            for name, end in (("left", -math.inf), ("right", math.inf)):
                line(f, answer[name], end, answer["window"])
            zeros(f, course, answer["roots"], answer["zero_on"], answer["window"])
            rest = Course(functions[3], *less_x)
            fixed = answer["fixed_points"], answer["fixed_on"]
            zeros(functions[3], rest, *fixed, answer["window"])

    def _check_gain(self, certificate: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        f = self._function(certificate, "f")
        if not answer["proved"]:
            return
        if (f, answer["q"]) not in self._moments:
            self._moments[f, answer["q"]] = moments(f, answer["q"])
        gain(answer, certificate["enclosures"], self._moments[f, answer["q"]])

    def _function(self, certificate: Mapping[str, Any], of: str) -> Function:
        formulas = certificate["functions"] if of == "f - g" else certificate["functions"][:1]
        key = repr((formulas, of))
        if key not in self._functions:
            f = Function(formulas)
            self._functions[key] = f.less(Line(arb(1), arb(0), 0.0)) if of == "f - x" else f
        return self._functions[key]

    def _confirmed(self, f: Function, cover: Mapping[str, Any]) -> Iterator[Piece]:
        """The boxes, which have to fill the window, each with its claim confirmed."""
        end = low_end(cover["window"][0])
        for box in cover["boxes"]:
            piece = Piece.of(box)
            if piece.low != end or piece.low > piece.high:
                raise RefutedError(f"a gap from {end} to {piece.low}")
            end = piece.high
            key = repr((id(f), cover["order"], cover["levels"], box))
            if key not in self._seen:
                _confirm(f, cover, box, piece)
                self._seen.add(key)
            yield piece
        is_bounded = cover["levels"] or cover["boxes"]  # else |q| is said to have no bound
        if is_bounded and end != high_end(cover["window"][1]):
            raise RefutedError(f"nothing is said from {end} on")


def _reaches(cover: Sequence[float | None], window: Sequence[float] | None) -> None:
    low, high = window or (-math.inf, math.inf)
    if low_end(cover[0]) > low or high_end(cover[1]) < high:
        raise RefutedError(f"{cover} is not all of {window}")


def _is_decided(pieces: Sequence[Piece], window: Sequence[float] | None) -> None:
    low, high = window or (-math.inf, math.inf)
    for piece in pieces:
        if piece.claim == "open" and max(piece.low, low) < min(piece.high, high):
            raise RefutedError(f"nothing is decided from {piece.low} to {piece.high}")


def _confirm(f: Function, cover: Mapping[str, Any], box: Mapping[str, Any], piece: Piece) -> None:
    low = beyond(piece.low, 1) if box["from_crossing"] else arb(piece.low)
    high = beyond(piece.high, -1) if box["to_crossing"] else arb(piece.high)
    match piece.claim:
        case "between" if low < high:
            is_inner = bool(cover["levels"]) and None not in (piece.below, piece.above)
            is_analytic = cover["levels"] == [0.0]
            claim = Claim(cover["order"], piece.below, piece.above, is_inner, is_analytic)
            confirm(f, low, high, claim)
            if is_analytic:
                _is_not_constant(f, low, high)
        case "zero" | "undefined" if not is_everywhere(f, low, high, piece.claim):
            raise UnconfirmedError(f"{piece.claim} from {low} to {high}")
        case "break" if math.nextafter(piece.low, piece.high) != piece.high:
            raise RefutedError(f"a break from {low} to {high} hides numbers")
        case "tiny" if max(-piece.low, piece.high) > _TINY:
            raise RefutedError(f"from {low} to {high} is not tiny")


def _is_not_constant(f: Function, low: Any, high: Any) -> None:
    found, _ = f.at(inside(low, high), 1200)
    if found is not None and found.d.is_zero() and is_everywhere(f, low, high, "zero"):
        raise RefutedError(f"f is constant from {low} to {high}")
