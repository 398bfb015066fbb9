"""The gate of gelu and its derivative from tables: fewer passes than a polynomial, and closer.

Between a node n and x = n + d, with the middle m, z = m*d/2, u = z*z + d*d/2, p = phi(n)*exp(-z),

    Phi(x) = Phi(n) + d*p*S,   S = 1 + u/6 + u*u/120,
    gelu'(x) = gelu'(n) + d*p*(S + cosh(z) - m*m*sinh(z)/z)

to the last digit: the integral of Taylor's series of phi about m (DLMF 18.5); gelu' = Phi + x*phi.
The two terms of gelu' cancel only in the steps beside its root.
"""

from __future__ import annotations

from functools import cache

from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import exp_to_dd, two_product, two_sum
from actcli.numeric.late import np
from actcli.numeric.normal import DENSITY_AT_0, norm_cdf

START, END = -16.0, 9.0
"""Where the tables begin, and where Phi and gelu' are 1."""
_NODES = 512
"""Nodes in an interval of length 1."""
_ROUND = 1.5 * 2.0**52 / _NODES - START
"""Added to a number from START to END, this rounds it to a node, whose index are the last bits."""
_INDEX = 2**14 - 1


def norm_cdf_and_gelu_slope(x: Array, cdf: Array, slope: Array) -> None:
    """Put Phi(x) into `cdf` and Phi(x) + x*phi(x) into `slope`, for x >= START; NaN for NaN."""
    cdfs, slopes, densities = _tables()
    twice_m = np.clip(x, START, END)
    node = twice_m + _ROUND
    index = node.view(np.int64) & _INDEX
    node -= _ROUND
    d = np.subtract(twice_m, node, out=cdf)
    twice_m += node
    z = np.multiply(twice_m, d, out=node)
    z *= -0.25
    dp = np.exp(z, out=slope)
    dp *= d
    dp = densities.take(index, mode="clip") * dp
    square = np.multiply(z, z, out=z)
    u = np.multiply(d, d, out=d)
    u *= 0.5
    u += square
    series = np.multiply(u, 1 / 120, out=slope)
    series += 1 / 6
    series *= u
    series += 1
    # S + cosh(z) - m*m*sinh(z)/z = (1 - m*m)*S + 1 + 5/6*z**2 + 3/40*z**4, with d*d/4 = z*z/m/m
    twice_m *= twice_m
    twice_m *= -0.25
    twice_m += 1
    twice_m *= series
    series *= dp
    cdfs.take(index, mode="clip", out=cdf)
    cdf += series
    np.multiply(square, 3 / 40, out=slope)
    slope += 5 / 6
    slope *= square
    slope += 1
    slope += twice_m
    slope *= dp
    slope += slopes.take(index, mode="clip", out=dp)


@cache
def _tables() -> tuple[Array, Array, Array]:
    """Phi, gelu' and phi at every node, rounded once."""
    left = _tail()
    n = np.arange(-START * _NODES + 1)[::-1] / _NODES
    density = exp_to_dd(-n * n / 2)
    product, rest = two_product(density[0], -n)
    slope, carry = two_sum(left[0], product)
    slope_rest = carry + rest + left[1] - density[1] * n
    right = slice(-2, -2 - int(END * _NODES), -1)
    both = (_times(hi, lo, *DENSITY_AT_0) for hi, lo in (left, (slope, slope_rest)))
    cdfs, slopes = (np.append(half, 1 - half[right]) for half in both)
    densities = _times(*density, *DENSITY_AT_0)
    return cdfs, slopes, np.append(densities, densities[right])


def _tail() -> tuple[Array, Array]:
    """Phi(n)/phi(0) at the nodes from START to 0 in double-doubles: sums over what lies between."""
    nodes = np.arange((-START + 1) * _NODES + 1)[::-1] / _NODES
    middles = nodes[1:] + 0.5 / _NODES
    e, rest = exp_to_dd(-middles * middles / 2)
    d = (2.0 * _NODES) ** -2
    m = middles * middles * d
    rest += e * ((m - d) / 6 + (m * m - 6 * m * d + 3 * d * d) / 120 + m * m * (m - 15 * d) / 5040)
    first = norm_cdf(-nodes[:1]) * (_NODES / DENSITY_AT_0[0])
    hi, lo = _running_sums(np.append(first, e), np.append(0.0, rest))
    return hi[_NODES:] / _NODES, lo[_NODES:] / _NODES


def _running_sums(hi: Array, lo: Array) -> tuple[Array, Array]:
    """The sums of all terms up to each one, in double-doubles, by doubling their number."""
    reach = 1
    while reach < hi.size:
        total, rest = two_sum(hi[reach:], hi[:-reach])
        lo[reach:] += lo[:-reach] + rest
        hi[reach:] = total
        reach *= 2
    return hi, lo


def _times(hi: Array, lo: Array, factor: float, factor_low: float) -> Array:
    """The product of two double-doubles, rounded to a double."""
    product, rest = two_product(hi, factor)
    return product + (rest + hi * factor_low + lo * factor)
