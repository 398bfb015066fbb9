"""x gated by the normal distribution function, and approximations of that."""

from __future__ import annotations

from actcli.activations.gated.gates import SelfGated
from actcli.activations.gated.gelu_kernels import gelu, gelu_and_derivative, gelu_dip, gelu_rise
from actcli.activations.reflected import Reflected
from actcli.activations.registry import Named, activation, param
from actcli.activations.slope_roots import GELU_TANH
from actcli.errors import UsageError
from actcli.numeric.arrays import Array
from actcli.numeric.exponential import scaled_exp
from actcli.numeric.late import np
from actcli.numeric.piecewise import at_least, at_most, overwrite


@activation("quick_gelu", "gelu_sigmoid", "gelu_fast_approx")
class QuickGELU(Reflected, SelfGated):
    """Sigmoid approximation of gelu: silu with a steeper gate."""

    formula = "x*sigmoid(alpha*x)"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415; CLIP"

    alpha: float = param(1.702, examples=(1.0, -0.5), doc="steepness of the gate")

    @property
    def steepness(self) -> float:
        return self.alpha


@activation(
    "gelu_tanh",
    "gelu_new",
    "gelu_pytorch_tanh",
    "gelu_python_tanh",
    "gelu_accurate",
    "gelu_fast",
    "gelu_approx",
    "FastGelu",
)
class GELUTanh(Named):
    """Tanh approximation of gelu, x/2*(1 + tanh(u/2)) = x*sigmoid(u)."""

    formula = "x*sigmoid(2*sqrt(2/pi)*(x + 0.044715*x**3))"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415"

    def f(self, x: Array) -> Array:
        return self.f_and_df(x)[0]

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        # f = x/(1 + e) and f' = (1 + e*(1 + x*u'))/(1 + e)**2 with e = exp(-u)
        hi, lo = _minus_exponent(x)
        e = np.exp(hi, out=hi)
        e *= np.exp(lo, out=lo)
        below = np.add(e, 1, out=y)
        _one_plus_growth(x, out=dy)
        dy *= e
        dy += 1
        dy /= below
        dy /= below
        np.divide(x, below, out=y)
        if not (at_least(x, -_FAR) and at_most(x, _FAR)):
            _fill_far(x, y, dy)
        _CLOSE.overwrite_near(dy, x)


_FAR = 21.0
"""From here to the left e is about to overflow; to the right f(x) is x and f'(x) is 1."""
_CLOSE = GELU_TANH.within(1 / 12)


def _fill_far(x: Array, y: Array, dy: Array) -> None:
    """Put f(x) into y and f'(x) into dy where |x| is large."""
    far = x < -_FAR
    overwrite(y, far, lambda far: _times_exp(x[far], x[far]))
    overwrite(dy, far, lambda far: _times_exp(_one_plus_growth(x[far]), x[far]))
    far = x > _FAR
    overwrite(y, far, lambda far: x[far])
    overwrite(dy, far, lambda far: np.ones(1))


def _minus_exponent(x: Array) -> tuple[Array, Array]:
    """-u = -a*x - b*x**3 as a sum of two, the first exact, for |x| <= 28.

    On a grid of 2**-8, |x| <= 22, and with heads of a and b as short as they are, the cubic of the
    heads is exact; the tails make up the rest.
    """
    near = x + _GRID
    near -= _GRID
    square = near * near
    hi = -_B_HEAD * square
    hi -= _A_HEAD
    hi *= near
    lo = -_B_TAIL * square
    lo -= _A_TAIL
    lo *= near
    step = x - near
    near += x
    near *= x
    square += near
    square *= -_B
    square -= _A
    square *= step
    lo += square
    return hi, lo


def _one_plus_growth(x: Array, out: Array | None = None) -> Array:
    """1 + x*u'(x) as (1 + x) + x*(a - 1 + 3*b*x*x); 1 + x is exact near the root of f'."""
    y = np.multiply(x, x, out=out)
    y *= 3 * _B
    y += _A - 1
    y *= x
    y += 1 + x
    return y


def _times_exp(m: Array, x: Array) -> Array:
    """m*exp(u(x))."""
    hi, lo = _minus_exponent(np.maximum(x, -28.0))  # where nothing is left
    return scaled_exp(m * np.exp(-lo), -hi)


_GRID = 1.5 * 2.0**44
_A = 1.5957691216057308
_B = 0.07135481627260025
_A_HEAD, _A_TAIL = 54830209514 / 2**35, 3.0874305383944692e-12
_B_HEAD, _B_TAIL = 37410 / 2**19, 9.03919084620272e-07
"""2*sqrt(2/pi), and the same times 0.044715."""


@activation("gelu", "gelu_exact", "gelu_erf", "gelu_python")
class GELU(Named):
    """Gaussian error linear unit: x times the normal distribution function."""

    formula = "x*norm_cdf(x)"
    reference = "Hendrycks & Gimpel 2016, arXiv:1606.08415"

    def f(self, x: Array) -> Array:
        return gelu(x)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        gelu_and_derivative(x, y, dy)


@activation("clipped_gelu", "gelu_10")
class ClippedGELU(Named):
    """Gelu between two levels; the derivative is 0 at the edges, as that of torch.clamp."""

    formula = "min(max(gelu(x), min_val), max_val)"
    reference = "Wu et al. 2020, arXiv:2004.09602; Hugging Face transformers"

    min_val: float = param(-10.0, examples=(-0.1, 0.0, 1.0), doc="the lowest value")
    max_val: float = param(10.0, above=0.0, examples=(1.5,), doc="the highest value")

    def check(self) -> None:
        if not self.min_val < self.max_val:
            raise UsageError(f"{self.name}: min_val must be less than max_val")

    def f(self, x: Array) -> Array:
        return np.clip(gelu(x), self.min_val, self.max_val)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        gelu_and_derivative(x, y, dy)
        np.clip(y, self.min_val, self.max_val, out=y)
        start, end = gelu_dip(self.min_val)
        dy[(x >= start) & (x <= end) | (x >= gelu_rise(self.max_val))] = 0
