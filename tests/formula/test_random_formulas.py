"""Random formulas: never an exception, and as exact as their conditioning lets doubles be."""

from __future__ import annotations

import contextlib
import math
from itertools import pairwise
from typing import Any

from hypothesis import assume, example, given, reject, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.errors import UsageError
from actcli.formula.expression import Expression, expression
from actcli.formula.primitives import FUNCTIONS
from actcli.formula.program import Program, perform
from actcli.structure.structure import Structure
from tests.exact_duals import ALGEBRA
from tests.oracle import exact

UNIT = mpf(2) ** -53
NUDGE = mpf(2) ** -100
PER_STEP = 16
"""Roundings that a step may make: a kernel's 4 ulp, and those of its rule of differentiation."""

numbers = st.sampled_from(["0.5", "1", "2", "3", "0.1", "1.702", "pi", "e"])
unary = st.sampled_from([*FUNCTIONS, "-", "relu", "elu", "hardswish"])


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}({})".format, unary, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/%"), inner),
        st.builds("({})**{}".format, inner, st.sampled_from("23")),
        st.builds("{}({}, {})".format, st.sampled_from(["max", "min"]), inner, inner),
        st.builds("where({} > {}, {}, {})".format, inner, numbers, inner, inner),
    )


formulas = st.recursive(st.just("x") | st.just("x") | numbers, compound, max_leaves=8)
points = (
    st.floats(-20, 20, allow_subnormal=False)
    | st.floats(-800, 800, allow_subnormal=False)
    | st.floats(allow_nan=False, allow_infinity=False)
)


def parsed(text: str) -> Expression:
    try:
        return expression(text)
    except UsageError:
        reject()


def conditions(program: Program, x: float) -> tuple[Any, Any]:
    """How much roundoff in each step moves the value and the derivative, to first order."""
    with mp.workdps(120 + int(5 * abs(math.log10(abs(x) or 1)))):
        base = run(program, x, {})
        moved = [
            run(program, x, {(n, part): nudge})
            for n, step in enumerate(program.steps)
            if step.operation != "x"
            for part in (0, 1)
            for nudge in (NUDGE, -NUDGE)
        ]
        value, rate = (sum(abs(m[i] - base[i]) for m in moved) / (2 * NUDGE) for i in (0, 1))
    return value, rate


def run(program: Program, x: float, nudges: dict[tuple[int, int], mpf]) -> Any:
    """The exact result, had the value (0) or derivative (1) of a step come out a bit off."""
    results: list[Any] = []
    for n, step in enumerate(program.steps):
        if step.operation == "x":
            result: Any = mpf(x), mpf(1)
        else:
            result = perform(step, ALGEBRA, [results[i] for i in step.arguments])
        if isinstance(result, tuple):
            result = tuple(part * (1 + nudges.get((n, i), 0)) for i, part in enumerate(result))
        results.append(result)
    return results[-1]


def changes_branch(f: Expression, x: float) -> bool:
    """Whether a branch may change at x or beside it, or so it is not decided."""
    beside = x - 4 * math.ulp(x), x + 4 * math.ulp(x)
    found = Structure(f, beside, seconds=0.2).branches
    return bool(found.points or found.undecided)


@settings(max_examples=120, deadline=None)
@given(formulas, points)
@example("exp(-exp(-x))", -6.0)
@example("log(0.1 + exp(x))", -37.0)
@example("x/(1 + exp(-x))", -1.2784645427610738)
def test_roundoff_is_all_that_separates_a_formula_from_the_oracle(text: str, x: float) -> None:
    f = parsed(text)
    got = f.value_and_derivative(x)
    wanted = exact(f, x)
    assume(x and not changes_branch(f, x))
    assume(all(mp.isfinite(number) for number in wanted))
    for computed, number, condition in zip(got, wanted, conditions(f.program, x), strict=True):
        allowed = PER_STEP * UNIT * condition + 4 * mpf(5e-324)
        if mp.isfinite(condition) and allowed < 1e-3 * abs(number) < 1e300:
            assert abs(mpf(float(computed)) - number) <= allowed


@settings(max_examples=75, deadline=None)
@given(formulas)
def test_the_facts_of_any_formula_can_be_asked_for(text: str) -> None:
    f = parsed(text)
    structure = Structure(f, seconds=0.2)
    places = [point.x for point in structure.branches.points]
    assert all(a <= b for a, b in pairwise(places))
    assert all(map(math.isfinite, places))
    for line in structure.lines:
        assert line is None or (math.isfinite(line.slope) and math.isfinite(line.intercept))
    assert structure.period is None or structure.period > 0
    f.value_and_derivative([-math.inf, math.inf, math.nan])


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(codec="ascii") | st.sampled_from("x+-*/()<>=., 0123456789e"), max_size=40)
)
def test_any_text_is_a_formula_or_a_usage_error(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert expression(text).formula == " ".join(text.split())
