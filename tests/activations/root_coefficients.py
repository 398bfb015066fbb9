"""The power series of f' at a root, from the formula in multiprecision: prints `slope_roots`.

Run as `python -m tests.activations.root_coefficients`; the test of the table calls `series` too.
"""

from __future__ import annotations

from math import frexp

from mpmath import findroot, mp, mpf, taylor

from actcli.activations import slope_roots
from actcli.activations.base import Activation
from actcli.activations.registry import catalogue
from actcli.numeric.root import Root
from tests.oracle import derivative_at

DIGITS = 60
NEGLIGIBLE = mpf(2) ** -57
MOST_TERMS = 40

NEAR = {
    "dsilu": 2.4,
    "gelu_tanh": -0.75,
    "gelu": -0.75,
    "mish": -1.19,
    "elish": -0.88,
    "hard_elish": -0.44,
    "serf": -1.19,
    "logish": -1.37,
    "smish": -1.39,
    "telu": -1.08,
    "phish": -1.2,
    "colu": -0.73,
}
"""Which functions have an entry, in the table's order, and about where f' is 0."""


def series(activation: Activation, near: float, reach: float) -> Root:
    """The root of f' next to `near`, and the series of f'(root + d)/d up to |d| = reach."""
    with mp.workdps(DIGITS):
        root = findroot(lambda x: derivative_at(activation, x, mp.dps), mpf(near))
        terms = taylor(lambda x: derivative_at(activation, x, mp.dps), root, MOST_TERMS)[1:]
        sizes = [abs(c) * mpf(reach) ** k for k, c in enumerate(terms)]
        kept = max(k for k, size in enumerate(sizes) if size > NEGLIGIBLE * sizes[0]) + 1
        hi = float(root)
        return Root(hi, float(root - hi), reach, tuple(float(c) for c in reversed(terms[:kept])))


def declaration(name: str, root: Root) -> str:
    """The lines of the table for one function."""
    assert frexp(root.reach)[0] == 0.5
    place = f"{root.hi!r}, {root.lo!r}, {root.reach!r}, ("
    rows = [root.series[k : k + 3] for k in range(0, len(root.series), 3)]
    lines = ["        " + " ".join(f"{c!r}," for c in row) for row in rows]
    return "\n".join([f"{name.upper()} = Root(", f"    {place}", *lines, "    ),", ")"])


if __name__ == "__main__":
    for name, near in NEAR.items():
        reach = getattr(slope_roots, name.upper(), Root(0, 0, 0.125, ())).reach
        print(declaration(name, series(catalogue()[name](), near, reach)))
