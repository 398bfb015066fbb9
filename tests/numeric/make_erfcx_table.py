"""Make the two polynomials of `actcli/numeric/normal.py` and print their coefficients.

Run it with ``python tests/numeric/make_erfcx_table.py`` (mpmath, half a minute); paste the output.

Both are weighted least-squares fits at Chebyshev nodes, which lie within a small factor of the
minimax fit. The weight turns the error of the polynomial into the relative error of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import mpmath as mp

NODES = 120
OFFSET = 457 / 512
"""D: near sqrt(pi)/2, where the tail is flat at 0. It and, almost, sqrt(2) D are multiples of
2**-47, so that adding them to a great argument rounds without bias."""

Function = Callable[[mp.mpf], mp.mpf]


def fit(
    target: Function, weight: Function, low: float, high: float, degree: int
) -> tuple[list[mp.mpf], mp.mpf]:
    """The coefficients from degree 0 upward, and the largest weighted error at the nodes."""
    half = mp.mpf(high - low) / 2
    points = [low + half * (1 - mp.cos(mp.pi * (k + 0.5) / NODES)) for k in range(NODES)]
    weights = [weight(x) for x in points]
    values = [target(x) for x in points]
    rows = [[w * x**j for j in range(degree + 1)] for x, w in zip(points, weights, strict=True)]
    wanted = [w * y for w, y in zip(weights, values, strict=True)]
    coefficients = list(mp.lu_solve(mp.matrix(rows), mp.matrix(wanted)))
    fitted = [mp.polyval(coefficients[::-1], x) for x in points]
    error = max(abs(w * (p - y)) for w, p, y in zip(weights, fitted, values, strict=True))
    return coefficients, error


def fit_tail(k: float) -> tuple[list[mp.mpf], mp.mpf]:
    """(x + D) erfcx(x) for x >= 0 in t = (x - K)/(x + K)."""

    def target(t: mp.mpf) -> mp.mpf:
        x = k * (1 + t) / (1 - t)
        return (x + OFFSET) * mp.erfc(x) * mp.exp(x * x)

    return fit(target, lambda t: 1 / target(t), -1, 1, 23)


def fit_erf() -> tuple[list[mp.mpf], mp.mpf]:
    """log(erfc(x))/x on [0, 6]; beyond 5.93 erf rounds to 1."""
    return fit(lambda x: mp.log(mp.erfc(x)) / x, lambda x: x * mp.erfc(x) / mp.erf(x), 0, 6, 23)


def misfit(number: mp.mpf) -> mp.mpf:
    """How far the number is from a double, in ulp."""
    return abs(number - float(number)) * mp.mpf(2) ** (53 - mp.frexp(number)[1])


def scales() -> dict[str, mp.mpf]:
    """The factors by which `normal.py` multiplies the tail polynomial."""
    return {"_ERFCX": mp.mpf(1), "_CDF": mp.sqrt(0.5)}


def flaw(k: float) -> mp.mpf:
    """The systematic error that K brings, in ulp: that of the fit and of the rounded c0 * scale."""
    coefficients, error = fit_tail(k)
    return error * 2**53 + max(misfit(coefficients[0] * scale) for scale in scales().values())


def show(name: str, coefficients: Sequence[mp.mpf], error: mp.mpf) -> None:
    """Print one table, highest degree first, as Horner's rule reads it."""
    print(f"# weighted error {mp.nstr(error, 2)}\n{name} = (")
    for coefficient in reversed(coefficients):
        print(f"    {float(coefficient)!r},")
    print(")")


if __name__ == "__main__":
    mp.mp.dps = 60
    k = min((3.375 + step / 1024 for step in range(256)), key=flaw)
    tail, error = fit_tail(k)
    print(f"_K = {k!r}")
    for name, scale in scales().items():
        print(f"{name} c0 * scale = {float(tail[0] * scale)!r}")
    show("_TAIL", tail[1:], error)
    show("_LOG_ERFC", *fit_erf())
