"""Whether a formula is a function of the catalogue: proved, not only seen at points.

Exporters round a function's constants to float32. So its formula F, of constants c, is a function G
where F with constants c* that round to c is G: either some c* is found by which both are equal as
formulas, or sup |F - G| is proved to be within what a unit in the last place of float32 of the
constants moves F by, sup_x sum_i |F(x; c_i + ulp) - F(x; c)|. One unit, not half of one, and c* may
round to a neighbour of c: constants are often computed in float32 from rounded ones. Where F - G
grows without bound, the same is asked of F/(1 + |x|) and G/(1 + |x|).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.errors import ActcliError
from actcli.formula.expression import expression
from actcli.formula.jets.jets import NO_VALUE, PARTIAL, OutOfTimeError
from actcli.structure.differences.apart import Apart
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.search.segments import UNDEFINED_PIECE
from actcli.structure.search.supremum import Supremum
from actcli.structure.structure import Structure

SECONDS = 1.0
"""Of CPU, that a bound of |F - G| may take."""

_DOUBLES = 2.0**-50
"""How far apart formulas may be whose constants are the same but for the rounding of doubles."""

_DIVISOR = 60
"""The largest divisor of a fraction that a constant may be."""

_NUMBER = re.compile(r"(?<![\w.])\d+\.?\d*(?:[eE][+-]?\d+)?")

_IRRATIONALS = {
    "sqrt(2)": math.sqrt(2),
    "sqrt(pi)": math.sqrt(math.pi),
    "sqrt(2/pi)": math.sqrt(2 / math.pi),
    "pi": math.pi,
    "log(2)": math.log(2),
}
"""What functions of the catalogue are written with elsewhere."""

_SCALES = {"1": 1.0, "2": 2.0, "0.5": 0.5}


class Allowed(NamedTuple):
    """By how much the rounding of its constants may move a formula."""

    plainly: float
    relatively: float
    """In units of 1 + |x|."""


@lru_cache(maxsize=1024)
def is_proved(text: str, named: Named, allowed: Allowed) -> bool | None:
    """Whether a formula is a function of the catalogue; None where it is not decided."""
    written = expression(text)
    gaps = _has_gaps(written)
    if gaps:
        return False
    try:
        exact = expression(unrounded(text, named))
    except ActcliError:  # what is put in for numbers nests too deeply
        exact = written
    if _largest(exact, named).bound <= _DOUBLES:
        return None if gaps is None else True
    found, most = _largest(written, named), allowed.plainly
    if found.value == math.inf:
        found, most = _largest(*map(_relative, (written, _called(named)))), allowed.relatively
    if found.bound <= most:
        return None if gaps is None else True
    return False if found.value > most or not found.is_defined else None


def _largest(f: Activation, g: Activation) -> Supremum:
    return Apart(f, g, seconds=2 * SECONDS).largest


def _relative(activation: Activation) -> Activation:
    return expression(f"({activation.formula})/(1 + abs(x))")


def _called(named: Named) -> Activation:
    """The function as a formula that calls it."""
    name, _, parameters = str(named).partition(":")
    return expression(f"{name}({', '.join(part for part in ('x', parameters) if part)})")


def _has_gaps(activation: Activation) -> bool | None:
    """Whether a formula is undefined anywhere; None where it is not decided."""
    function = ProvedFunction.of(activation)
    if not function.on(-LARGEST, LARGEST).marks & (PARTIAL | NO_VALUE):
        return False
    structure = Structure(activation, seconds=SECONDS)
    try:
        pieces, branches = structure.pieces, structure.branches
    except OutOfTimeError:
        return None
    if any(one.kind == UNDEFINED_PIECE for one in pieces):
        return True
    if any(point.value is None for point in branches.points):
        return True
    return None if branches.undecided else False


def unrounded(text: str, named: Named) -> str:
    """The formula with the numbers that may have been meant in place of those rounded to float32.

    Those are the numbers of the function, irrational ones that it may be written with, their
    products and quotients, and fractions.
    """
    meant = _meant(named)

    def exact(match: re.Match[str]) -> str:
        value = float(match.group())
        if is_short(value):
            return match.group()
        single = np.float32(value)
        for near in (single, np.nextafter(single, 0), np.nextafter(single, single + single)):
            fraction = Fraction(float(near)).limit_denominator(_DIVISOR)
            if near in meant or np.float32(float(fraction)) == near:
                return meant.get(near, f"({fraction})")
        return match.group()

    return _NUMBER.sub(exact, text)


def is_short(value: float) -> bool:
    """Whether a number is one that nobody rounds: 12 bits and no more."""
    mantissa, _ = math.frexp(value)
    return (mantissa * 2**12).is_integer()


@lru_cache(maxsize=256)
def _meant(named: Named) -> Mapping[np.float32, str]:
    """Numbers by what float32 makes of them; the simplest first."""
    found: dict[np.float32, str] = {}
    for text, value in _numbers(named):
        with np.errstate(over="ignore", under="ignore"):
            found.setdefault(np.float32(value), text)
    return found


def _numbers(named: Named) -> Iterator[tuple[str, float]]:
    """Numbers that a function may be written with, as formulas and values."""
    own = {*map(float, _NUMBER.findall(named.formula)), *map(abs, named.params.values())}
    simple = {"1": 1.0, **{repr(value): value for value in sorted(own) if value}, **_IRRATIONALS}
    for (a, x), (b, y), (c, z) in product(simple.items(), simple.items(), _SCALES.items()):
        for text, value in ((f"({c}*{a}*{b})", z * x * y), (f"({c}*{a}/{b})", z * x / y)):
            if math.isfinite(value) and not is_short(value):
                yield text, value
