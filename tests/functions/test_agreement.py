"""What the commands say about one function agrees: info, saturation, compare, gain, plot, table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

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
    y, dy = f.value_and_derivative(x)
    yield from _with_saturation(f, info, x, dy, effort)
    yield from _with_table(info, x, y, dy)
    yield from _with_marks(f, info)
    yield from _with_compare(f, info, effort)
    yield from _with_gain(f, info, effort)


def _with_saturation(
    f: Activation, info: Facts, x: np.ndarray, dy: np.ndarray, effort: float
) -> Iterator[str]:
    said = saturation(f, EPS, window=info.window, effort=effort)
    within = info.saturation
    if said.proved and within.proved:
        if [r[:6] for r in said.ranges] != [r[:6] for r in within.ranges]:
            yield f"ranges: {said.ranges} by saturation, {within.ranges} by info"
    if said.max_slope != info.lipschitz and info.proved and said.proved:
        yield f"Lipschitz: {info.lipschitz} by info, {said.max_slope} by saturation"
    for one in said.ranges:
        inside = (x > math.nextafter(one.low, 9e307)) & (x < math.nextafter(one.high, -9e307))
        steep = inside & (np.abs(dy) > EPS * (1 + 1e-12))
        if np.any(steep):
            yield f"saturated {one[:2]}: slopes {dy[steep][:2]} at {x[steep][:2]}"
        if one.kind == "bounded" and one.limit is not None:
            ends = [e.intercept for e in (info.left, info.right) if e is not None and not e.slope]
            if one.limit not in ends:
                yield f"limit: {one.limit} by saturation, {ends} by info"
    if said.proved:
        flat = np.abs(dy) < EPS * (1 - 1e-12)
        for one in said.ranges:
            flat &= ~((x >= one.low) & (x <= one.high))
        flat[np.isin(x, [k.x for k in info.kinks])] = False
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
    marks = set(marked_kinks(f, info.window))
    said = {k.x for k in info.kinks}
    if marks != said and info.proved and len(said) < 1000:
        yield f"kinks: {sorted(said ^ marks)[:3]} by one of info and plot"


def _with_compare(f: Activation, info: Facts, effort: float) -> Iterator[str]:
    found = compare([f, f], effort=effort)
    for one in found.activations:
        for key in ("lipschitz", "smoothness", "monotone"):
            if getattr(one, key, None) not in (None, getattr(info, key)) and info.proved:
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


known = st.sampled_from([*catalogue(), *FORMULAS])


@settings(max_examples=25)
@given(known | st.integers(0, 2**40).map(random_formula))
def test_what_is_said_of_one_function_agrees(text: str) -> None:
    try:
        found = [*disagreements(find(text), 1.0)]
    except ActcliError:  # nowhere defined, or too crowded
        return
    assert [text, *found] == [text]
