"""Sigmoids whose slope is the density of an extreme value."""

from __future__ import annotations

from actcli.activations.registry import Named, activation
from actcli.numeric import exponential
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import exp_dd, exp_to_dd
from actcli.numeric.late import np


@activation("cloglog", "complementary_log_log")
class Cloglog(Named):
    """The inverse of the complementary log-log link: rises from 0 to 1, faster at the top."""

    formula = "-expm1(-exp(x))"
    reference = "McCullagh and Nelder 1989, section 4.3"

    def f(self, x: Array) -> Array:
        return -np.expm1(-np.exp(x))

    def df(self, x: Array) -> Array:
        return _gumbel_density(x)


@activation("gompertz")
class Gompertz(Named):
    """The Gompertz curve: rises from 0 to 1, faster at the bottom."""

    formula = "exp(-exp(-x))"
    reference = "Gompertz 1825, Phil. Trans. 115"

    def f(self, x: Array) -> Array:
        e, rest = exp_to_dd(-x)
        return exp_dd(-e, -rest)

    def df(self, x: Array) -> Array:
        return _gumbel_density(-x)


def _gumbel_density(x: Array) -> Array:
    """exp(x) * exp(-exp(x))."""
    e, rest = exp_to_dd(np.minimum(x, 10.0))  # beyond, nothing is left of it
    return exponential.scaled_exp(e - e * rest, -e)
