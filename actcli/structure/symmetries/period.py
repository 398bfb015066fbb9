"""The period of a function, up to a line that it follows: proved as an identity of its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, ctx

from actcli.formula.identities.form_rules import form
from actcli.formula.identities.normal_form import Form, Forms, Monomial, NoFormError, number
from actcli.formula.jets.jets import NO_VALUE
from actcli.structure.function import ProvedFunction

_BITS = 200
_PLACES = (0.37, 1.9, -5.3, 0.011, 23.17, -2.6)


class Period(NamedTuple):
    """What f(x + length) = f(x) + rise says, for all x."""

    length: float
    rise: float


class _Number(NamedTuple):
    """A rational number, or a rational multiple of pi."""

    share: Fraction
    has_pi: bool

    def form(self, forms: Forms) -> Form:
        return forms.atom("pi").times(self.share) if self.has_pi else number(self.share)

    def ball(self) -> Any:
        share = arb(self.share.numerator) / self.share.denominator
        return arb.pi() * share if self.has_pi else share


def period(function: ProvedFunction) -> Period | None:
    """A period of f, the shortest that its sines and floors suggest; None where none is proved."""
    forms = Forms()
    try:
        x, _ = forms.atom("x"), forms.atom("pi")
        whole = function.arm({})
        base = form(forms, function.terms, whole, x)
        for length in _candidates(forms):
            moved = form(forms, function.terms, whole, forms.add(x, length.form(forms)))
            rise = _as_number(forms, forms.sub(moved, base))
            if rise is not None and not _is_refuted(function, length, rise):
                return Period(float(length.ball().mid()), float(rise.ball().mid()))
    except (NoFormError, ZeroDivisionError):
        pass
    return None


def _candidates(forms: Forms) -> Iterator[_Number]:
    """The least common multiple of the periods of all sines and floors of lines, and its half."""
    lengths = {_own_period(key) for key in forms.keys if key[0] in ("sin", "cos", "floor")}
    units = {length.has_pi for length in lengths if length is not None}
    if None in lengths or len(units) != 1:
        return
    shares = [length.share for length in lengths if length is not None]
    denominator = math.lcm(*(share.denominator for share in shares))
    common = Fraction(math.lcm(*(int(share * denominator) for share in shares)), denominator)
    for share in (common / 2, common):
        yield _Number(share, units == {True})


def _own_period(key: tuple[Any, ...]) -> _Number | None:
    """The period of a sine or floor of k x + c, or of k pi x + c; None of anything else."""
    name, argument = key[0], Form(key[1])
    moving = {m: c for m, c in argument.items() if any(i == _X for i, _ in m)}
    if len(moving) != 1:
        return None
    ((monomial, slope),) = moving.items()
    turn = Fraction(1 if name == "floor" else 2)
    if monomial == ((_X, Fraction(1)),):
        return _Number(turn / abs(slope), name != "floor")
    is_by_pi = monomial == ((_X, Fraction(1)), (_PI, Fraction(1)))
    return _Number(turn / abs(slope), False) if is_by_pi and name != "floor" else None


_X, _PI = 0, 1
"""The numbers of the atoms that are made first."""


def _as_number(forms: Forms, gap: Form) -> _Number | None:
    """The number that a form is, if it is seen to be one."""
    if forms.is_zero(gap):
        return _Number(Fraction(0), False)
    plain = gap.number()
    if plain is not None:
        return _Number(plain, False)
    pi: Monomial = next(iter(forms.atom("pi")))
    return _Number(gap[pi], True) if set(gap) == {pi} else None


def _is_refuted(function: ProvedFunction, length: _Number, rise: _Number) -> bool:
    """Whether it fails somewhere: a formula may be the same, but where it is defined not."""
    with ctx.workprec(_BITS):
        for x in _PLACES:
            here, there = function.at(x), function.at(arb(x) + length.ball())
            if bool(here.marks & NO_VALUE) != bool(there.marks & NO_VALUE):
                return True
            if here.has_value and there.has_value:
                gap = there.value.ball - here.value.ball - rise.ball()
                if not gap.contains(0):
                    return True
    return False
