"""The integral of the normal density, differently scaled."""

from __future__ import annotations

from math import sqrt

from actcli.activations.registry import Named, activation, param
from actcli.numeric import exponential, normal
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import quotient, two_sum
from actcli.numeric.late import np


@activation("erf")
class Erf(Named):
    """The error function: rises from -1 to 1."""

    formula = "erf(x)"
    reference = "DLMF 7.2.1; torch.erf"

    def f(self, x: Array) -> Array:
        return normal.erf(x)

    def df(self, x: Array) -> Array:
        return normal.erf_derivative(x)


@activation("norm_cdf", "ndtr")
class NormCDF(Named):
    """The standard normal distribution function: rises from 0 to 1."""

    formula = "norm_cdf(x)"
    reference = "DLMF 7.2.2 rescaled; torch.special.ndtr"

    def f(self, x: Array) -> Array:
        return normal.norm_cdf(x)

    def df(self, x: Array) -> Array:
        return normal.norm_pdf(x)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        y[:], dy[:] = normal.norm_cdf_and_pdf(x)


@activation("laplace")
class Laplace(Named):
    """A normal distribution function close to the square of ReLU near 0, but bounded."""

    formula = "norm_cdf((x - mu) / sigma)"
    reference = "Ma et al. 2022, arXiv:2209.10655; transformers LaplaceActivation"

    mu: float = param(0.707107, examples=(0.0, -1.3), doc="where it is one half")
    sigma: float = param(
        0.282095, least=1e-100, most=1e100, examples=(0.01, 1.7), doc="the standard deviation"
    )

    def f(self, x: Array) -> Array:
        z, rest = self._standardized(x)
        y, density = normal.norm_cdf_and_pdf(z)
        density *= rest
        y += density
        return y

    def df(self, x: Array) -> Array:
        z, rest = self._standardized(x)
        scale = 1 / (self.sigma * sqrt(2 * np.pi))
        return exponential.scaled_exp_minus_half_square(scale - scale * z * rest, z)

    def _standardized(self, x: Array) -> tuple[Array, Array]:
        """(x - mu)/sigma beyond 53 bits where the tails have not ended."""
        difference, difference_low = two_sum(x, np.asarray(-self.mu))
        z, rest = quotient(difference, self.sigma)
        rest += difference_low / self.sigma
        return np.clip(z, -55, 55), np.where(np.abs(z) < 55, rest, 0.0)
