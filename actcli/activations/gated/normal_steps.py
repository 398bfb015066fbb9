"""The normal density and its tail from tables: fewer passes than one polynomial, and closer.

Between a node n and a = n + d, with the middle m, the tail Phi(-a) loses the integral of phi, which
is d*phi(m)*(1 + He2(m)*(d/2)**2/3! + He4(m)*(d/2)**4/5! + ...) by Taylor's series about m, with the
Hermite polynomials He (DLMF 18.5); and phi(m) = phi(n)*exp(-m*d/2 + d*d/8).
"""

from __future__ import annotations

from functools import cache

from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import exp_to_dd, two_product, two_sum
from actcli.numeric.late import np
from actcli.numeric.normal import DENSITY_AT_0, norm_cdf

END = 30.0
"""Up to here the tables reach; Phi(-END) is about 5e-198."""
_NODES = 512
"""Nodes in an interval of length 1."""
_ROUND = 1.5 * 2.0**52 / _NODES
"""Added to a number up to END, this rounds it to a node, whose index are the last bits then."""
_INDEX = 2**14 - 1


def norm_tail_and_pdf(a: Array) -> tuple[Array, Array]:
    """Phi(-a) and the density at a, within 2 ulp, for 0 <= a <= END; NaN for NaN."""
    tails, densities = _tables()
    node = a + _ROUND
    index = node.view(np.int64) & _INDEX
    node -= _ROUND
    d = a - node
    node += a
    node *= d
    node *= -0.25
    # -m*d/2 is the node now; the series is 1 + u/6 + u*u/120 with u = (m*d/2)**2 + d*d/2
    square = d * d
    square *= 0.5
    decay = np.exp(node)
    whole_decay = np.exp(np.add(node, node))
    node *= node
    square += node
    np.multiply(square, 1 / 120, out=node)
    node += 1 / 6
    node *= square
    node += 1
    node *= d
    density = densities.take(index, mode="clip")
    node *= np.multiply(decay, density, out=decay)
    density *= whole_decay
    tail = tails.take(index, mode="clip")
    tail -= node
    return tail, density


@cache
def _tables() -> tuple[Array, Array]:
    """Phi(-n) and the density at n for every node n, rounded once."""
    nodes = np.arange(END * _NODES + 2) / _NODES
    middles = nodes[:-1] + 0.5 / _NODES
    e, rest = exp_to_dd(-middles * middles / 2)
    d = (2.0 * _NODES) ** -2
    m = middles * middles * d
    rest += e * ((m - d) / 6 + (m * m - 6 * m * d + 3 * d * d) / 120 + m * m * (m - 15 * d) / 5040)
    last = norm_cdf(-nodes[-1:]) * (_NODES / DENSITY_AT_0[0])
    hi, lo = _running_sums(np.append(last, e[::-1]), np.append(0.0, rest[::-1]))
    tail = _times(hi[::-1] / _NODES, lo[::-1] / _NODES, *DENSITY_AT_0)
    return tail, _times(*exp_to_dd(-nodes * nodes / 2), *DENSITY_AT_0)


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
