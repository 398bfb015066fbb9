"""How far two functions are apart: the suprema of |f - g| and of |f' - g'|, and where they are.

Between neighbouring switches of the two formulas f - g is analytic. There |f - g| is largest where
f' - g' passes through 0, and |f' - g'| where it turns; both are found on the integer image of the
doubles, as for saturation. To these come the limits at both sides of a switch and at the ends.

A difference of a few ulp is what two kernels may differ by where the functions are the same: it
counts as none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from actcli.activation import Activation, Array
from actcli.analysis.limits import Function, far, one_sided
from actcli.analysis.pieces import Pieces, Window, pieces
from actcli.analysis.shape import crossings
from actcli.analysis.slopes import EVERYWHERE
from actcli.analysis.switches import switches
from actcli.analysis.tails import line_at
from actcli.errors import ActcliError
from actcli.numeric.floats import LARGEST, ulp
from actcli.numeric.quadrature import integrate
from actcli.numeric.sampling import standard_points
from actcli.numeric.simplest import simplest

ROUNDOFF = 8
"""Ulp of the larger value by which two kernels may differ."""

_MEASURED = 1e-9
"""A line's intercept that small may be the roundoff of measuring it."""

_SEARCHED = 1e-9
"""How far, relative to it, a sample may lie above the extrema found and still be near one."""

_FLAT = 2.0**-26
"""How far from an extremum a function differs from it by roundoff alone."""

_SAMPLES = 1 << 13
"""Further samples in a window: a function that is seen in one may turn often."""

_POWERS = np.ldexp(1.0, np.arange(1024))
_PANELS = 64
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Supremum:
    """The least upper bound of a distance, and the places where it is attained or approached."""

    height: float
    places: tuple[float, ...]
    """Ascending; none where the distance is 0. Infinite where it is approached without end."""


@dataclass(frozen=True)
class _Candidate:
    """A place and how large |f - g| is there, or tends to be."""

    place: float
    height: float
    doubt: float
    """The roundoff of the height."""


@dataclass(frozen=True)
class _Gap:
    """The distance |f - g| of two functions: of two activations, or of their derivatives."""

    f: Function
    g: Function

    def signed(self, x: Array) -> Array:
        """f(x) - g(x), roundoff taken off."""
        return _difference(self.f(x), self.g(x))

    def at(self, places: Sequence[float]) -> Iterator[_Candidate]:
        x = np.array(places)
        yield from map(_candidate, places, self.f(x).tolist(), self.g(x).tolist())

    def beside(self, place: float, side: int) -> _Candidate:
        """The limit from one side."""
        f, g = (one_sided(h, place, side) for h in (self.f, self.g))
        if math.isinf(f) and f == g:
            f, g = one_sided(self.signed, place, side), 0.0
        return _candidate(place, f, g)


@dataclass(frozen=True)
class Difference:
    """f - g over a window."""

    f: Activation
    g: Activation
    window: Window = EVERYWHERE
    is_part: bool = False
    """Whether the window stands for the whole line, as it does where a function turns for ever."""

    @cached_property
    def switches(self) -> tuple[float, ...]:
        """Where either formula changes branch."""
        return tuple(sorted({*switches(self.f, self.window), *switches(self.g, self.window)}))

    @cached_property
    def _values(self) -> _Gap:
        return _Gap(self.f.sampled.value, self.g.sampled.value)

    @cached_property
    def _slopes(self) -> _Gap:
        return _Gap(self.f.sampled.derivative, self.g.sampled.derivative)

    @cached_property
    def _pieces(self) -> Pieces:
        """The pieces on which f' - g' is monotone."""
        if self.window == EVERYWHERE:
            return pieces(self._slopes.signed, self.switches)
        samples = np.linspace(*self.window, _SAMPLES)
        return pieces(self._slopes.signed, self.switches, self.window, samples)

    @cached_property
    def turns(self) -> tuple[float, ...]:
        """Where f - g turns smoothly."""
        brackets = self._pieces.low, self._pieces.high
        return tuple(place for place, _, _ in crossings(self._slopes.signed, *brackets))

    def largest(self) -> Supremum:
        """The supremum of |f - g|.

        Raises:
            ActcliError: there is no place where both have a value.
        """
        inside = [*self._values.at((*self.turns, *self.switches, *self._borders))]
        return self._highest(self._values, inside, [*self._far_values()])

    def steepest(self) -> Supremum:
        """The supremum of |f' - g'|; at a kink both sides count."""
        inside = [*self._settled(self._pieces.turns())]
        return self._highest(self._slopes, inside, [*self._far_slopes()])

    def _settled(self, turns: Sequence[float]) -> Iterator[_Candidate]:
        """The turns of f' - g', which is flat there: the simplest place where it is as large."""
        around = [_FLAT * max(abs(place), 1.0) for place in turns]
        simple = [simplest(x - width, x + width) for x, width in zip(turns, around, strict=True)]
        pairs = zip(self._slopes.at(turns), self._slopes.at(simple), strict=True)
        for found, simpler in pairs:
            yield simpler if simpler.height >= found.height - found.doubt else found

    def rms(self, low: float, high: float) -> float:
        """The root of the mean of (f - g)**2 over a range; NaN where either is undefined in it."""

        def square(x: Array) -> tuple[Array, Array]:
            rows = self._values.signed(x)[np.newaxis] ** 2
            return rows, rows

        cuts = [x for x in (*self.switches, *self.turns) if low < x < high]
        edges = np.unique([*cuts, *np.linspace(low, high, _PANELS + 1)])
        with np.errstate(all="ignore"):
            if np.isnan(self._values.signed((edges[1:] + edges[:-1]) / 2)).any():
                return math.nan
            (total,) = integrate(square, edges, _TOLERANCE).values
        return math.sqrt(total / (high - low))

    @property
    def _borders(self) -> tuple[float, ...]:
        return () if self.window == EVERYWHERE else self.window

    def _highest(self, gap: _Gap, inside: list[_Candidate], outside: list[_Candidate]) -> Supremum:
        inside += [gap.beside(place, side) for place in self.switches for side in (-1, 1)]
        if self._borders:
            inside += [gap.beside(self.window[0], 1), gap.beside(self.window[1], -1)]
        found = _supremum(inside + outside)
        (sample,) = gap.at([self._highest_sample(gap)])
        if sample.height * (1 - _SEARCHED) > found.height + sample.doubt:
            found = _supremum([sample])
        return found if self._stands_out(gap, found) else Supremum(0.0, ())

    def _stands_out(self, gap: _Gap, found: Supremum) -> bool:
        """Whether a supremum is more than the roundoff of the values around its places."""
        places = [place for place in found.places if math.isfinite(place)]
        if not places:
            return found.height > 0
        around = np.clip(np.add.outer(places, np.linspace(-1, 1, 17)).reshape(-1), *self.window)
        values = np.abs([gap.f(around), gap.g(around)])
        return found.height > ROUNDOFF * ulp(float(values[np.isfinite(values)].max(initial=0.0)))

    def _highest_sample(self, gap: _Gap) -> float:
        """The sample where |f - g| is largest; of several the one nearest to 0."""
        samples = np.clip(standard_points(), *self.window)
        samples = samples[np.argsort(np.abs(samples), kind="stable")]
        heights = np.abs(gap.signed(samples))
        if np.isnan(heights).all():
            raise ActcliError(f"{self.f} and {self.g} are nowhere both defined: nothing to compare")
        return float(samples[np.argmax(np.where(np.isfinite(heights), heights, -1.0))])

    def _far_values(self) -> Iterator[_Candidate]:
        """What |f - g| tends to at the ends: infinity, where f and g part."""
        for side in self._ends:
            f, g = line_at(self.f, side), line_at(self.g, side)
            end = side * math.inf
            if f is None or g is None or self.is_part:
                yield from self._tends(self._values, side)
            elif _difference(f.slope, g.slope):
                yield _Candidate(end, math.inf, 0.0)
            elif f.slope == 0 or abs(f.intercept - g.intercept) > _MEASURED:
                yield _candidate(end, f.intercept, g.intercept)

    def _far_slopes(self) -> Iterator[_Candidate]:
        for side in self._ends:
            f, g = line_at(self.f, side), line_at(self.g, side)
            if f is None or g is None or self.is_part:
                yield from self._tends(self._slopes, side)
            else:
                yield _candidate(side * math.inf, f.slope, g.slope)

    @property
    def _ends(self) -> tuple[int, ...]:
        return (-1, 1) if self.window == EVERYWHERE or self.is_part else ()

    def _tends(self, gap: _Gap, side: int) -> Iterator[_Candidate]:
        """What a gap that has no line tends to; of one that turns for ever, whether it grows."""
        (last,) = gap.at([side * LARGEST])
        for height in map(abs, far(gap.signed, side, None) or _before_overflow(gap, side)):
            if math.isinf(height) or not self.is_part:
                yield _Candidate(side * math.inf, height, last.doubt)


def _before_overflow(gap: _Gap, side: int) -> tuple[float, ...]:
    """What a gap tends to where both functions overflow, as x**2 does: infinity, if it grows."""
    heights = np.abs(gap.signed(side * _POWERS))
    heights = heights[np.isfinite(heights)]
    grows = heights.size and heights[-1] > 2 * heights[heights.size // 2]
    return (math.inf,) if grows else ()


def _candidate(place: float, f: float, g: float) -> _Candidate:
    height = float(abs(_difference(f, g)))
    doubt = ROUNDOFF * ulp(max(abs(f), abs(g))) if math.isfinite(height) else 0.0
    return _Candidate(place, height, doubt)


def _difference(f: Array | float, g: Array | float) -> Array:
    with np.errstate(all="ignore"):
        difference = np.subtract(f, g)
        size = np.maximum(np.abs(f), np.abs(g))
        same = (np.abs(difference) <= ROUNDOFF * ulp(size)) & np.isfinite(size)
        return np.where(same, 0.0, difference)


def _supremum(candidates: list[_Candidate]) -> Supremum:
    """The largest height; of those that are it up to their roundoff, the most exact."""
    known = [one for one in candidates if not math.isnan(one.height)]
    top = max((one.height for one in known), default=0.0)
    if not top:
        return Supremum(0.0, ())
    lowest = max(one.height - one.doubt for one in known if one.height == top)
    best = [one for one in known if one.height + one.doubt >= lowest]
    attained = [one for one in best if math.isfinite(one.place)] or best
    height = min(attained, key=lambda one: one.doubt).height
    return Supremum(height, tuple(_apart({one.place + 0.0 for one in attained})))


def _apart(places: set[float]) -> Iterator[float]:
    """The places, ascending, without those that are another one but for roundoff."""
    last = math.nan
    for place in sorted(places):
        if math.isinf(place) or not place - last <= _SEARCHED * max(abs(place), 1.0):
            yield place
        last = place
