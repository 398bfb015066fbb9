"""High powers, and identities that roundoff would hide: every fact by hand."""

from __future__ import annotations

import math

import pytest

from actcli.find import find
from actcli.functions.facts import facts

inf = math.inf

TOWERS: dict[str, tuple[str, tuple[float, float], list[float], list[float]]] = {
    "x**9**9": ("odd", (-inf, inf), [0], [-1, 0, 1]),
    "((x**3)**3)**3": ("odd", (-inf, inf), [0], [-1, 0, 1]),
    "x**1000": ("even", (0, inf), [0], [0, 1]),
    "x**101 - x**99": (
        "odd",
        (-inf, inf),
        [-1, 0, 1],
        [-1.029241008840173, 0, 1.029241008840173],  # these, and those below, by mpmath
    ),
    "1/(1+x**200)": ("even", (0, 1), [], [0.9805814362344277]),
    "x**-200": ("even", (0, inf), [], [1]),
    "(1-x)**31": ("none", (-inf, inf), [1], [0.07872277459797239]),
    "x**100001 - 3": ("none", (-inf, inf), [3 ** (1 / 100001)], [1.0000138629357296]),
}
"""The symmetry, the range, the roots and the fixed points."""


@pytest.mark.parametrize("formula", TOWERS)
def test_a_high_power_is_decided_on_the_whole_line(formula: str) -> None:
    symmetry, reach, roots, fixed = TOWERS[formula]
    found = facts(find(formula))
    assert found.proved
    assert (found.symmetry, found.range[:2]) == (symmetry, reach)
    assert list(found.roots) == pytest.approx(roots, rel=1e-15)
    assert list(found.fixed_points) == pytest.approx(fixed, rel=1e-15)


@pytest.mark.parametrize(
    "formula", ["tan(atan(x))", "sinh(asinh(x))", "log(exp(x))", "log1p(expm1(x))", "(x+1e16)-1e16"]
)
def test_what_undoes_a_function_leaves_x(formula: str) -> None:
    found = facts(find(formula))
    assert found.proved
    assert found.symmetry == "odd"
    assert found.monotone == "strictly increasing"
    assert found.lipschitz == 1
    assert found.fixed_on == [(-inf, inf)]


@pytest.mark.parametrize(("formula", "edge"), [("exp(log(x))", 0.0), ("expm1(log1p(x))", -1.0)])
def test_it_leaves_x_where_the_function_is_defined(formula: str, edge: float) -> None:
    found = facts(find(formula))
    assert found.proved
    assert found.range[:2] == (edge, inf)
    assert found.fixed_on == [(edge, inf)]
