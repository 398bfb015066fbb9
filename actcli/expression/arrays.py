"""The arithmetic of plain doubles: numpy arrays and scalars."""

from __future__ import annotations

from typing import Any

import numpy as np

from actcli.numeric import elementary


class Arrays:
    """The elementary functions of float64 arrays."""

    exp, expm1, log, log1p = np.exp, np.expm1, np.log, np.log1p
    sin, cos, tan = np.sin, np.cos, np.tan
    sinh, cosh, tanh = np.sinh, np.cosh, np.tanh
    atan, asinh = np.arctan, np.arcsinh
    sqrt, absolute, sign, floor = np.sqrt, np.absolute, np.sign, np.floor
    maximum, minimum, where, modulo = np.maximum, np.minimum, np.where, np.mod
    negation = np.logical_not
    erf = staticmethod(elementary.erf)
    erfc = staticmethod(elementary.erfc)
    norm_cdf = staticmethod(elementary.norm_cdf)
    norm_pdf = staticmethod(elementary.norm_pdf)
    sigmoid = staticmethod(elementary.sigmoid)
    softplus = staticmethod(elementary.softplus)
    exp_minus_square = staticmethod(elementary.exp_minus_square)
    sigmoid_derivative = staticmethod(elementary.sigmoid_derivative)
    tanh_derivative = staticmethod(elementary.tanh_derivative)

    @staticmethod
    def power(base: Any, exponent: Any) -> Any:
        """base ** exponent; a small whole power by multiplication, which numpy's pow is slow at."""
        if np.ndim(exponent) == 0:
            if exponent == 3:
                return base * base * base
            if exponent == 4:
                square = base * base
                return square * square
        return base**exponent

    @staticmethod
    def number(value: float) -> Any:
        """The double itself."""
        return np.float64(value)

    @staticmethod
    def apply(kernel: Any, x: Any) -> Any:
        """A catalogue kernel at x; kernels take one block."""
        return kernel(x) if np.ndim(x) else kernel(np.atleast_1d(x))[0]
