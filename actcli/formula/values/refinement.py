"""Balls made smaller until they answer: the precision grows where it has to.

How many bits a point needs is not known beforehand: 1 - tanh(400) takes 1,200, most take 128.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from actcli.formula.program import Program
from actcli.formula.values.balls import Ball, BallArithmetic, BallDuals, Balls, BallValues, each

Mask = NDArray[np.bool_]

PRECISIONS = (128, 512, 1400, 5400)
"""Bits: from 512 on exp takes every double, 5,400 resolve what cancels twice over at 1e308."""

_ENOUGH_BITS = 60
_LEAST = arb(2) ** -1084
"""A ball as narrow as that is known: the least double is 2**-1074."""

_LATE = 1000
"""From so many bits on what comes out undefined is so, unless a choice was left open."""


class Refined(NamedTuple):
    """Balls that hold f and f' at the points; NaN where f is undefined or could not be told."""

    value: Balls
    rate: Balls
    ties: Mask
    """Where f' hangs on a convention."""


def refined(
    program: Program, x: Balls, *, rates: bool, precisions: Sequence[int] = PRECISIONS
) -> Refined:
    """The values and, if asked for, slopes at exact points (n,): to 60 bits, or to 2**-1084."""
    value, rate = np.full((2, x.size), arb.nan(), np.object_)
    ties = np.zeros(x.size, np.bool_)
    left = np.arange(x.size)
    for bits in precisions:
        with ctx.workprec(bits):
            arithmetic = BallArithmetic(last=bits == precisions[-1])
            new = _walked(program, x[left], arithmetic, rates)
            known = _each_is(_is_known, new.value) & _each_is(_is_known, new.rate)
            if bits > _LATE and not arithmetic.open:
                known |= _each_is(arb.is_nan, new.value) | _each_is(arb.is_nan, new.rate)
            if bits == precisions[-1]:
                for part in new.value, new.rate:
                    part[~_each_is(_is_known, part)] = arb.nan()
                known[:] = True
        done = left[known]
        value[done], rate[done], ties[done] = (part[known] for part in new)
        left = left[~known]
        if not left.size:
            break
    return Refined(value, rate, ties)


def _walked(program: Program, x: Balls, arithmetic: BallArithmetic, rates: bool) -> Refined:
    if not rates:
        value = _filled(program.walk(BallValues(arithmetic), x), x)
        return Refined(value, _filled(arb(0), x), np.zeros(x.size, np.bool_))
    algebra = BallDuals(arithmetic, BallValues(arithmetic))
    dual = program.walk(algebra, algebra.variable(x))
    ties = np.array(np.broadcast_to(algebra.ties, x.shape), np.bool_)
    return Refined(_filled(dual.value, x), _filled(dual.rate_or_zero, x), ties)


def _filled(part: Ball | float, x: Balls) -> Balls:
    part = arb(part) if isinstance(part, float) else part
    return np.array(np.broadcast_to(np.asarray(part, np.object_), x.shape))


def _each_is(question: Callable[[arb], bool], balls: Balls) -> Mask:
    return np.asarray(each(question)(balls), np.bool_)


def _is_known(ball: arb) -> bool:
    return bool(
        ball.is_finite() and (ball.rel_accuracy_bits() >= _ENOUGH_BITS or ball.rad() < _LEAST)
    )


def doubles(balls: Balls) -> NDArray[np.float64]:
    """The nearest doubles; never -0.0."""
    return balls.astype(np.float64) + 0.0


def exact(x: NDArray[np.float64]) -> Balls:
    """The doubles themselves as balls."""
    return np.asarray(each(arb)(x), np.object_)
