"""The arithmetic of doubles, arrays or scalars: a module that is an `Arithmetic`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from actcli.activations.registry import Named
from actcli.formula.algebras import Values, instance
from actcli.formula.primitives import CONSTANTS
from actcli.formula.values.duals import Dual, Duals, product
from actcli.numeric import elementary, normal
from actcli.numeric.arrays import Array

absolute, sign, floor, sqrt = np.absolute, np.sign, np.floor, np.sqrt
exp, expm1, log, log1p = np.exp, np.expm1, np.log, np.log1p
sin, cos, tan, atan = np.sin, np.cos, np.tan, np.arctan
sinh, cosh, tanh, asinh = np.sinh, np.cosh, np.tanh, np.arcsinh
maximum, minimum, modulo, where = np.maximum, np.minimum, np.mod, np.where
negation = np.logical_not
erf, erfc, erf_derivative = normal.erf, normal.erfc, normal.erf_derivative
norm_cdf, norm_pdf, softplus = normal.norm_cdf, normal.norm_pdf, elementary.softplus
sigmoid, sigmoid_derivative = elementary.sigmoid, elementary.sigmoid_derivative
tanh_derivative = elementary.tanh_derivative


def number(value: float) -> Array:
    """A double, of no dimension."""
    return np.asarray(value, np.float64)


def constant(name: str) -> Array:
    """The double nearest to `pi` or `e`."""
    return number(CONSTANTS[name])


def power(base: Array, exponent: Array) -> Array:
    """The power; by multiplication where that is exact enough, for numpy's is slow."""
    if np.ndim(exponent) == 0:
        if exponent == 3:
            return base * base * base
        if exponent == 4:
            square = base * base
            return square * square
    return base**exponent


class DoubleValues(Values[Array]):
    """The algebra of doubles; functions of the catalogue by their kernels."""

    def activation(self, cls: type[Named], x: Array, params: Mapping[str, Array]) -> Array:
        """A function of the catalogue."""
        return _applied(instance(cls, params).f, x)


class DoubleDuals(Duals[Array]):
    """The algebra of doubles and their rates of change, by the kernels too."""

    def activation(
        self, cls: type[Named], x: Dual[Array], params: Mapping[str, Dual[Array]]
    ) -> Dual[Array]:
        """A function of the catalogue."""
        named = instance(cls, {name: number.value for name, number in params.items()})
        result = Dual(_applied(named.f, x.value))
        if x.rate is not None:
            result.rate = product(_applied(named.df, x.value), x.rate)
        return result


def _applied(kernel: Callable[[Array], Array], x: Array) -> Array:
    """A catalogue kernel at x; kernels take one block."""
    return kernel(x) if np.ndim(x) else kernel(np.atleast_1d(x))[0]
