"""What the commands say about one function agrees: info, saturation, compare, gain, plot, table.

A few by default; the catalogue and hundreds of formulas with `--fuzz SECONDS`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain, count, pairwise
from pathlib import Path

import numpy as np
import pytest

from actcli.activations.base import Activation
from actcli.activations.registry import catalogue
from actcli.errors import ActcliError
from actcli.find import find
from actcli.functions.compare import compare
from actcli.functions.facts import Facts, facts
from actcli.functions.marks import marked_kinks
from actcli.functions.saturation import saturation
from actcli.meanfield.gain import gain
from tests.soundness.random_formulas import random_formula

EPS = 1e-3
FORMULAS = (Path(__file__).parent.parent / "formula" / "formulas.txt").read_text().splitlines()
EDGE_ULPS, SLOPE_ULPS = 4, 16
"""A table's error, and that of a number beside it."""


def disagreements(f: Activation, effort: float) -> Iterator[str]:
    """In words, what one command says against another."""
    info = facts(f, eps=EPS, effort=effort)
    low, high = info.window or (-40.0, 40.0)
    steps = (-math.inf, 0.0, math.inf)
    own = [math.nextafter(k.x, way) if way else k.x for k in info.kinks for way in steps]
    x = np.unique([*np.linspace(low, high, 801), *(x for x in own if low < x < high)])
    x = x[~_is_isolated(f, x)]
    y, dy = f.value_and_derivative(x)
    yield from _with_saturation(f, info, x, dy, effort)
    yield from _with_table(info, x, y, dy)
    yield from _with_marks(f, info)
    yield from _with_compare(f, info, effort)
    yield from _with_gain(f, info, effort)


def _is_isolated(f: Activation, x: np.ndarray) -> np.ndarray:
    """Whether only the number has a value, as -2 of x**x: it is no part of the domain."""
    below, above = (f.value(np.nextafter(x, way)) for way in (-np.inf, np.inf))
    return np.isnan(below) & np.isnan(above)


def _with_saturation(
    f: Activation, info: Facts, x: np.ndarray, dy: np.ndarray, effort: float
) -> Iterator[str]:
    said = saturation(f, EPS, window=info.window, effort=effort)
    within = info.saturation
    differ = [r[:6] for r in said.ranges] != [r[:6] for r in within.ranges]
    if said.proved and within.proved and differ:
        yield f"ranges: {said.ranges} by saturation, {within.ranges} by info"
    if said.max_slope != info.lipschitz and info.proved and said.proved:
        yield f"Lipschitz: {info.lipschitz} by info, {said.max_slope} by saturation"
    at_kink = np.isin(x, [k.x for k in info.kinks])  # f' there is a convention
    for one in said.ranges:
        inside = (x > math.nextafter(one.low, 9e307)) & (x < math.nextafter(one.high, -9e307))
        steep = inside & ~at_kink & (np.abs(dy) > EPS * (1 + 1e-12))
        if np.any(steep):
            yield f"saturated {one[:2]}: slopes {dy[steep][:2]} at {x[steep][:2]}"
        if one.kind == "bounded" and one.limit is not None:
            ends = [e.intercept for e in (info.left, info.right) if e is not None and not e.slope]
            if one.limit not in ends:
                yield f"limit: {one.limit} by saturation, {ends} by info"
    if said.proved:
        flat = ~at_kink & (np.abs(dy) < EPS * (1 - 1e-12))
        for one in said.ranges:
            flat &= ~((x >= one.low) & (x <= one.high))
        if np.any(flat):
            yield f"not saturated: slopes {dy[flat][:2]} at {x[flat][:2]}"


def _with_table(info: Facts, x: np.ndarray, y: np.ndarray, dy: np.ndarray) -> Iterator[str]:
    low, high = info.range.low, info.range.high
    for bound, beyond in ((low, y < low), (high, y > high)):
        beyond &= np.abs(y - bound) > EDGE_ULPS * np.spacing(np.abs(y))
        if np.any(beyond):
            yield f"range {info.range}: {y[beyond][:2]} at {x[beyond][:2]}"
    steep = np.abs(dy) > info.lipschitz
    steep &= np.abs(dy) - info.lipschitz > SLOPE_ULPS * np.spacing(np.abs(dy))
    if np.any(steep) and info.proved:
        yield f"Lipschitz {info.lipschitz}: {dy[steep][:2]} at {x[steep][:2]}"
    if not info.proved:
        return
    places = [*info.roots, *(k.x for k in info.kinks)]
    for (a, u), (b, v) in pairwise(zip(x, y, strict=True)):
        if u * v < 0 and not any(a <= place <= b for place in places):
            yield f"roots {info.roots}: changes sign between {a} and {b}"
    for one in info.zero_on:
        inside = (x > one.low) & (x < one.high) & (y != 0)
        if np.any(inside):
            yield f"0 on {one}: {y[inside][:2]}"
    signs = {"strictly increasing": 1, "nondecreasing": 1, "strictly decreasing": -1}
    sign = signs.get(info.monotone or "", -1 if info.monotone == "nonincreasing" else 0)
    falls = sign * np.diff(y) < -EDGE_ULPS * np.spacing(np.abs(y[1:]))
    if sign and np.any(falls):
        yield f"{info.monotone}: not at {x[1:][falls][:2]}"


def _with_marks(f: Activation, info: Facts) -> Iterator[str]:
    low, high = info.window or (-math.inf, math.inf)
    marks = {x for x in marked_kinks(f, info.window) if low <= x <= high}
    said = {k.x for k in info.kinks}
    if marks != said and info.proved and len(said) < 1000:
        yield f"kinks: {sorted(said ^ marks)[:3]} by one of info and plot"


def _with_compare(f: Activation, info: Facts, effort: float) -> Iterator[str]:
    found = compare([f, f], effort=3 * effort)  # of which each profile has a third
    for one in found.activations:
        for key in ("lipschitz", "smoothness", "monotone"):
            if one.proved and info.proved and getattr(one, key) != getattr(info, key):
                yield f"{key}: {getattr(one, key)} by compare, {getattr(info, key)} by info"
    pair = found.pairs[0]
    if pair.max_abs or pair.max_abs_derivative or not pair.proved:
        yield f"f and f: {pair.max_abs}, {pair.max_abs_derivative}, proved: {pair.proved}"


def _with_gain(f: Activation, info: Facts, effort: float) -> Iterator[str]:
    try:
        found = gain(f, effort=effort)
    except ActcliError:
        return
    if not (info.proved and found.proved):
        return
    second, slope = found.second_moment_derivative, info.lipschitz
    if second is not None and second > slope * slope * (1 + 1e-12):
        yield f"E f'^2 {second} by gain, Lipschitz {slope} by info"
    mean = found.mean
    if mean is not None and not info.range.low <= mean <= info.range.high:
        yield f"mean {mean} by gain, {info.range} by info"


def assert_agrees(text: str, effort: float) -> None:
    try:
        with np.errstate(invalid="ignore"):
            found = [*disagreements(find(text), effort)]
    except ActcliError:  # nowhere defined, or too crowded
        return
    assert [text, *found] == [text]


SOME = (
    *("relu", "hardswish", "telu", "rrelu", "sin", "x**x", "floor(x)", "x % 0.3", "1/x", "log(x)"),
    "floor(x)+floor(10*x)/10",
    "where((x-3.3)**2<1e-18,x,0)",
    "exp(-((gaussian(x**(1/3) % -x) - 1e72)/5.04e-10)**2)",
)


@pytest.mark.parametrize("text", SOME)
def test_what_is_said_of_one_function_agrees(text: str) -> None:
    assert_agrees(text, 0.4)


ALL = chain(catalogue(), FORMULAS, map(random_formula, count(1)))
"""The first 194 random ones make 300 formulas."""


@pytest.mark.random
def test_what_is_said_of_the_next_function_agrees() -> None:
    """One of them all, then with --fuzz the others as long as there is time: it takes minutes."""
    assert_agrees(next(ALL), 1.0)
