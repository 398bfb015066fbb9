"""The normal distribution in decimal arithmetic, for the few places that doubles cannot decide."""

from __future__ import annotations

from decimal import Decimal, localcontext

_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230782")


def times_norm_cdf(x: float) -> Decimal:
    """The product x*Phi(x), relative error below 1e-50 (DLMF 7.6.2 and 7.9.2)."""
    with localcontext(prec=65):
        a = abs(Decimal(x))
        density = (-a * a / 2).exp() / (2 * _PI).sqrt()
        if a < 3:
            tail = Decimal("0.5") - density * _power_series(a)
        else:
            tail = density / _continued_fraction(a)
        return Decimal(x) * (tail if x < 0 else 1 - tail)


def _power_series(a: Decimal) -> Decimal:
    """The sum (Phi(a) - 1/2)/phi(a) = a + a**3/3 + a**5/(3*5) + ..."""
    term = total = a
    for n in range(3, 200, 2):
        term *= a * a / n
        total += term
    return total


def _continued_fraction(a: Decimal) -> Decimal:
    """The fraction phi(a)/Phi(-a) = a + 1/(a + 2/(a + 3/(a + ...)))."""
    y = a
    for n in range(250, 0, -1):
        y = a + n / y
    return y
