"""Rectifiers with their corner rounded, by a parabola, a hyperbola or a logarithm."""

from __future__ import annotations

from math import sqrt

from actcli.activations.reflected import Reflected
from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.doubledouble import exp_dd, two_product
from actcli.numeric.elementary import sigmoid, softplus, softplus_and_sigmoid
from actcli.numeric.late import np
from actcli.numeric.piecewise import indicator, positive_part


@activation("smelu", "smooth_relu")
class SmeLU(Named):
    """ReLU with its corner rounded by a parabola between -beta and beta."""

    formula = "where(x >= beta, x, where(x <= -beta, 0, (x + beta)**2 / (4 * beta)))"
    reference = "Shamir et al. 2020, arXiv:2010.09931"

    beta: float = param(
        1.0, least=1e-100, most=1e100, examples=(0.7, 3.1), doc="half the width of the parabola"
    )

    def f(self, x: Array) -> Array:
        return _rounded_corner(x, self.beta)

    def df(self, x: Array) -> Array:
        return np.clip(x + self.beta, 0.0, 2 * self.beta) / (2 * self.beta)


@activation("sparse_plus")
class SparsePlus(Named):
    """ReLU with its corner rounded by a parabola between -1 and 1."""

    formula = "where(x >= 1, x, where(x <= -1, 0, (x + 1)**2 / 4))"
    reference = "jax.nn.sparse_plus"

    def f(self, x: Array) -> Array:
        return _rounded_corner(x, 1.0)

    def df(self, x: Array) -> Array:
        return np.clip(x + 1, 0.0, 2.0) / 2


def _rounded_corner(x: Array, b: float) -> Array:
    """(x + b)**2/(4b) for -b <= x <= b, which lies above both 0 and x; beyond, 0 and x."""
    t = np.clip(x + b, 0.0, 2 * b)
    y = t / (4 * b)
    y *= t
    return np.maximum(x, y)


@activation("squareplus")
class Squareplus(Named):
    """A hyperbola with the arms 0 and x: softplus without exponentials."""

    formula = "(x + sqrt(x**2 + b)) / 2"
    reference = "Barron 2021, arXiv:2112.11687; jax.nn.squareplus"

    b: float = param(
        4.0,
        least=0.0,
        most=1e100,
        gap=1e-100,
        examples=(0.7, 11.0, 0.0),
        doc="how wide the corner is rounded",
    )

    def f(self, x: Array) -> Array:
        if self.b == 0:
            return positive_part(x)
        half, _ = self._halves(x)
        return np.where(x >= 0, half, self.b / 4 / half)

    def df(self, x: Array) -> Array:
        return self.f_and_df(x)[1]

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        if self.b == 0:  # the arms alone
            positive_part(x, out=y)
            indicator(x > 0, x, out=dy)
            dy[x == 0] = 0.5  # between both sides, as that of the formula
            return
        half, root = self._halves(x)
        reflected = self.b / 4 / half
        right = x >= 0
        rate = reflected / root
        y[:] = np.where(right, half, reflected)
        dy[:] = np.where(right, 1 - rate, rate)

    def _halves(self, x: Array) -> tuple[Array, Array]:
        """(h + |x|)/2 and h, where h = sqrt(x*x + b) without overflow."""
        a = np.abs(x)
        near = np.minimum(a, 2.0**28 * sqrt(self.b))
        root = np.maximum(np.sqrt(near * near + self.b), a)
        return root / 2 + a / 2, root


class SoftCorner(Named):
    """The kernels of softplus(b*x)/b for b > 0."""

    @property
    def steepness(self) -> float:
        """The factor of x."""
        raise NotImplementedError

    def f(self, x: Array) -> Array:
        if self.steepness == 1:
            return softplus(x)
        size, rest = self._decay(x)
        half = exp_dd(size / 2, rest / 2)
        tail = np.where(
            size < -40, half / self.steepness * half, np.log1p(exp_dd(size, rest)) / self.steepness
        )
        return np.maximum(x, 0.0) + tail

    def df(self, x: Array) -> Array:
        if self.steepness == 1:
            return sigmoid(x)
        e = exp_dd(*self._decay(x))
        return np.where(x >= 0, 1.0, e) / (1 + e)

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        if self.steepness == 1:
            softplus_and_sigmoid(x, y, dy)
        else:
            super().fill(x, y, dy)

    def _decay(self, x: Array) -> tuple[Array, Array]:
        """-|beta * x| beyond 53 bits."""
        return two_product(-np.abs(x), self.steepness)


@activation("softplus")
class Softplus(Reflected, SoftCorner):
    """A smooth ReLU: the integral of the sigmoid."""

    formula = "softplus(beta * x) / beta"
    reference = "Dugas et al. 2000, NIPS; torch.nn.Softplus"

    beta: float = param(
        1.0,
        least=-1e100,
        most=1e100,
        gap=1e-100,
        nonzero=True,
        examples=(0.1, 1.7, -1.7),
        doc="how sharp the corner is",
    )

    @property
    def steepness(self) -> float:
        return self.beta
