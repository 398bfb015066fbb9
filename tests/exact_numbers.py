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
        return (mp.inf if u > 0 else mpf(0)) if _is_huge(u) else mp.exp(u)

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
        return mp.erfc(u) if u < 1000 else _erfc_far_out(self, u, mp.prec)


def _is_huge(u: mpf) -> bool:
    return bool(u and mp.isfinite(u) and mp.mag(u) > HUGE)


def _erfc_far_out(of: Any, u: Any, bits: int) -> Any:
    """By the leading terms that the precision can see, for u**2 > bits (DLMF 7.12.1)."""
    term = total = of.real(1)
    n, least = 0, of.real(2) ** -bits
    while abs(term) >= least:
        n += 1
        term *= -(2 * n - 1) / (2 * u * u)
        total += term
    return of.exp(-u * u) / (u * of.sqrt(of.pi())) * total


class BeyondMpfrError(ArithmeticError):
    """An infinity, a NaN, or what would take all memory (sine) or time (erfc)."""


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
        if u * u > bits:
            return _erfc_far_out(self, u, bits)
        if u > 40:
            raise BeyondMpfrError
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
