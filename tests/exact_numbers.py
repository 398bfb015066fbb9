"""The numbers of two libraries of multiprecision, with their functions by the same names.

Those of mpmath are of any size and know infinities and NaN; those of MPFR are several times as
fast, and what they cannot hold is an error.
"""

from __future__ import annotations

import math
from typing import Any

import gmpy2
from mpmath import mp, mpf

HUGE = 2_000
"""Beyond 2**HUGE exp counts as 0 or infinite, sin as unknown: the digits would fill the memory."""


FAR_OUT = 20
"""Where erfc is counted as what it is times exp(-u**2), no more as what erf lacks."""


class Mpmath:
    """The numbers of mpmath, as precise as its context says."""

    def __init__(self) -> None:
        self.nan, self.inf, self.real = mp.nan, mp.inf, mpf
        self.is_nan, self.sign, self.floor, self.sqrt = mp.isnan, mp.sign, mp.floor, mp.sqrt
        self.log, self.log1p, self.atan, self.erf = mp.log, mp.log1p, mp.atan, mp.erf

    def pi(self) -> mpf:
        return +mp.pi

    def e(self) -> mpf:
        return +mp.e

    def exp(self, u: mpf) -> mpf:
        """By the power of 2 that is next to it; mpmath's own multiplies e by itself."""
        if _is_huge(u):
            return mp.inf if u > 0 else mpf(0)
        if not mp.isfinite(u) or abs(u) < 1e6:
            return mp.exp(u)
        with mp.workprec(mp.prec + mp.mag(u) + 10):
            power = int(mp.nint(u / mp.ln2))
            rest = mp.exp(u - power * mp.ln2)
        return mp.ldexp(+rest, power)

    def expm1(self, u: mpf) -> mpf:
        return self.exp(u) - 1 if abs(u) > 10 else mp.expm1(u)

    def sin(self, u: mpf) -> mpf:
        return mp.nan if _is_huge(u) else mp.sin(u)

    def cos(self, u: mpf) -> mpf:
        return mp.nan if _is_huge(u) else mp.cos(u)

    def tan(self, u: mpf) -> mpf:
        return mp.nan if _is_huge(u) else mp.tan(u)

    def sinh(self, u: mpf) -> mpf:
        return mp.sinh(u) if abs(u) < 1 else (self.exp(u) - self.exp(-u)) / 2

    def cosh(self, u: mpf) -> mpf:
        return (self.exp(u) + self.exp(-u)) / 2

    def tanh(self, u: mpf) -> mpf:
        e = self.exp(-2 * abs(u))
        return mp.tanh(u) if abs(u) < 1 else mp.sign(u) * (1 - e) / (1 + e)

    def asinh(self, u: mpf) -> mpf:
        return mp.sign(u) * mp.asinh(abs(u))

    def erfc(self, u: mpf) -> mpf:
        return mp.erfc(u) if u < FAR_OUT else _erfc_far_out(self, u, mp.prec)


def _is_huge(u: mpf) -> bool:
    return bool(u and mp.isfinite(u) and mp.mag(u) > HUGE)


def _erfc_far_out(of: Any, u: Any, bits: int) -> Any:
    """By the leading terms that the precision can see, where it can (DLMF 7.12.1)."""
    if u * u <= bits:
        return _erfc_by_fraction(of, u, bits)
    term = total = of.real(1)
    n, least = 0, of.real(2) ** -bits
    while abs(term) >= least:
        n += 1
        term *= -(2 * n - 1) / (2 * u * u)
        total += term
    return of.exp(-u * u) / (u * of.sqrt(of.pi())) * total


def _erfc_by_fraction(of: Any, u: Any, bits: int) -> Any:
    """By u + (1/2)/(u + (2/2)/(u + ...)), whose convergents enclose it (DLMF 7.9.2)."""
    above = whole = u
    below = of.real(0)
    n, step, least = 0, of.real(2), of.real(2) ** -bits
    while abs(step - 1) > least:
        n += 1
        below = 1 / (u + n * below / 2)
        above = u + n / (2 * above)
        step = above * below
        whole *= step
    return of.exp(-u * u) / (of.sqrt(of.pi()) * whole)


class BeyondMpfrError(ArithmeticError):
    """An infinity, a NaN, or a sine that would take all memory."""


class Mpfr:
    """The numbers of MPFR, as precise as gmpy2's context says, which is to trap what they lack."""

    real, sign, floor = gmpy2.mpfr, gmpy2.sign, gmpy2.rint_floor
    exp, expm1, log, log1p, sqrt = gmpy2.exp, gmpy2.expm1, gmpy2.log, gmpy2.log1p, gmpy2.sqrt
    sinh, cosh, tanh, asinh = gmpy2.sinh, gmpy2.cosh, gmpy2.tanh, gmpy2.asinh
    atan, erf, pi = gmpy2.atan, gmpy2.erf, gmpy2.const_pi

    @property
    def nan(self) -> Any:
        raise BeyondMpfrError

    inf = nan

    def is_nan(self, u: Any) -> bool:
        return False

    def e(self) -> Any:
        return gmpy2.exp(1)

    def erfc(self, u: Any) -> Any:
        """By erf, at the precision that the difference takes; MPFR's own is slow here."""
        bits = gmpy2.get_context().precision
        if u < 1:
            return 1 - gmpy2.erf(u)
        if u > FAR_OUT or u * u > bits:
            return _erfc_far_out(self, u, bits)
        with gmpy2.context(gmpy2.get_context(), precision=bits + math.ceil(1.5 * u * u) + 10):
            rest = 1 - gmpy2.erf(u)
        return +rest

    def sin(self, u: Any) -> Any:
        return gmpy2.sin(self._moderate(u))

    def cos(self, u: Any) -> Any:
        return gmpy2.cos(self._moderate(u))

    def tan(self, u: Any) -> Any:
        return gmpy2.tan(self._moderate(u))

    def _moderate(self, u: Any) -> Any:
        if gmpy2.get_exp(u) > HUGE:
            raise BeyondMpfrError
        return u
