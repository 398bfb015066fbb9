"""The arithmetic of doubles with an error bound, an `Arithmetic`.

Each function adds the rounding of its kernel and multiplies the error of its argument by its
condition number |u f'(u)/f(u)|, or a simple bound on that.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from actcli.formula.values import arrays, estimates, truths
from actcli.formula.values.estimates import (
    FIRST_ORDER,
    UNIT,
    Estimate,
    Units,
    estimate,
    first_order,
    is_exact,
    watched,
)
from actcli.numeric.arrays import Array

absolute, sign, floor = estimates.absolute, estimates.sign, estimates.floor
maximum, minimum = estimates.maximum, estimates.minimum
modulo, where, negation = estimates.modulo, estimates.where, truths.negation
number = estimate

_CONSTANTS = {"pi": 0.4, "e": 0.5}
"""What the nearest doubles are wrong by, in units."""

_POWERS = {0.0: 0.0, 1.0: 0.0, 2.0: 1.0, 3.0: 2.0, 4.0: 3.0, 0.5: 1.0, -1.0: 1.0}
_ANY_POWER = 1.3
"""Units that numpy's power is wrong by; a test measures it, and the other kernels below."""

_LIBM, _HYPERBOLIC = 2.0, 4.0
"""Units that the C library is wrong by in expm1 and log1p, and in sinh, cosh and asinh.

numpy calls it where it has no vectors of its own (without AVX-512). Zimmermann et al., "Accuracy of
Mathematical Functions in Single, Double, Double Extended, and Quadruple Precision", find less than
1 ulp and less than 2 ulp, an ulp being up to two units.
"""


def constant(name: str) -> Estimate:
    """`pi` or `e`."""
    return Estimate(arrays.constant(name), _CONSTANTS[name], True)


Condition = Callable[[Array, Array], Units]


def _function(
    name: str,
    own: float,
    condition: Condition,
    *,
    positive: bool = False,
    keeps_zero: bool = False,
    keeps_sign: bool = False,
    domain: float = -math.inf,
) -> Callable[[Estimate | float], Estimate]:
    """A function of one argument, NaN below the domain; 0 where that is, or of its sign too.

    Its kernel is wrong by `own` units and `condition(u, y)` times what the argument u is wrong by.
    """
    kernel = getattr(arrays, name)

    def function(argument: Estimate | float) -> Estimate:
        u = estimate(argument)
        value = kernel(u.value)
        error: Units = own
        if not is_exact(u.error):
            spread = first_order(u.error) * condition(u.value, value)
            error = np.where(u.error == 0, 0.0, spread) + own
        factors = (u.value,) if keeps_zero or keeps_sign else ()
        result = watched(value, error, positive or (keeps_sign and u.positive), *factors)
        if domain > -math.inf:
            gap = 4 * UNIT * np.abs(u.value) * u.error
            outside = u.value + gap < domain
            at_one = (u.error == 0) & (value == 0)
            result.error = np.where(outside | at_one, own, result.error)
        return _undefined_kept(result, u)

    return function


def _undefined_kept(result: Estimate, u: Estimate) -> Estimate:
    """What is certainly undefined stays so."""
    undefined = np.isnan(u.value)
    if np.any(undefined):
        result.error = np.where(undefined, u.error, result.error)
    return result


def _below(y: Array) -> Array:
    return np.maximum(np.abs(y), 5e-324)


def _size(u: Array, y: Array) -> Array:
    return np.abs(u)


def _one(u: Array, y: Array) -> float:
    return 1.0


exp = _function("exp", 1.3, _size, positive=True)
expm1 = _function("expm1", _LIBM, lambda u, y: 1 + np.maximum(u, 0), keeps_sign=True)
log = _function("log", 1.2, lambda u, y: 1 / _below(y), domain=0.0)
log1p = _function(
    "log1p", _LIBM, lambda u, y: 1 / (1 + np.minimum(u, 0)), keeps_sign=True, domain=-1.0
)
sqrt = _function("sqrt", 1.0, lambda u, y: 0.5, keeps_sign=True, positive=True, domain=0.0)
sin = _function("sin", 1.1, lambda u, y: np.abs(u) / _below(y), keeps_zero=True)
cos = _function("cos", 1.1, lambda u, y: np.abs(u) / _below(y))
tan = _function("tan", 1.2, lambda u, y: np.abs(u) * (1 / _below(y) + np.abs(y)), keeps_zero=True)
sinh = _function("sinh", _HYPERBOLIC, lambda u, y: 1 + np.abs(u), keeps_sign=True)
cosh = _function("cosh", _HYPERBOLIC, _size, positive=True)
tanh = _function("tanh", 2.0, _one, keeps_sign=True)
atan = _function("atan", 1.2, _one, keeps_sign=True)
asinh = _function("asinh", _HYPERBOLIC, _one, keeps_sign=True)
erf = _function("erf", 2.9, _one, keeps_sign=True)
erfc = _function("erfc", 3.8, lambda u, y: 1 + 2 * np.maximum(u, 0) ** 2, positive=True)
erf_derivative = _function("erf_derivative", 3.5, lambda u, y: 2 * u * u, positive=True)
norm_cdf = _function("norm_cdf", 4.5, lambda u, y: 1 + np.minimum(u, 0) ** 2, positive=True)
norm_pdf = _function("norm_pdf", 2.6, lambda u, y: u * u, positive=True)
sigmoid = _function("sigmoid", 2.7, lambda u, y: 0.3 + np.maximum(-u, 0), positive=True)
sigmoid_derivative = _function("sigmoid_derivative", 3.0, _size, positive=True)
softplus = _function("softplus", 2.0, lambda u, y: 1 + np.maximum(-u, 0), positive=True)
tanh_derivative = _function("tanh_derivative", 2.9, lambda u, y: 2 * np.abs(u), positive=True)


def power(base: Estimate | float, exponent: Estimate | float) -> Estimate:
    """The power u**v; a base below 0 has whole powers only."""
    u, v = estimate(base), estimate(exponent)
    value = arrays.power(u.value, v.value)
    n = float(v.value) if np.ndim(v.value) == 0 and is_exact(v.error) else math.nan
    if n == 0:
        return Estimate(value, 0.0, True)
    error = np.abs(v.value) * first_order(u.error) + _POWERS.get(n, _ANY_POWER)
    if not is_exact(v.error):
        error = error + np.abs(v.value * np.log(np.abs(u.value))) * first_order(v.error)
        error = np.where(u.value > 0, error, np.inf)
    result = watched(value, error, u.positive or n % 2 == 0, *((u.value,) if n > 0 else ()))
    wrong = 4 * UNIT * np.abs(v.value) * v.error
    undefined = (u.value < 0) & (u.error < FIRST_ORDER) & np.isnan(value)
    undefined &= np.abs(v.value - np.rint(v.value)) > wrong
    result.error = np.where(undefined, 0.0, result.error)
    return _undefined_kept(result, u)
