"""Linear functions, steps and powers."""

from __future__ import annotations

from actcli.activations.registry import Named, activation, param
from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.piecewise import constant


@activation("identity", "linear")
class Identity(Named):
    """The function that does nothing."""

    formula = "x"
    reference = "torch.nn.Identity"
    torch_gain = 1.0

    def f(self, x: Array) -> Array:
        return x.copy()

    def df(self, x: Array) -> Array:
        return constant(1.0, x)


@activation("step", "heaviside", "binary_step")
class Step(Named):
    """Heaviside step: 0 left of 0, 1 right of it."""

    formula = "where(x > 0, 1, where(x < 0, 0, at_zero))"
    reference = "McCulloch and Pitts 1943; numpy.heaviside"

    at_zero: float = param(0.0, least=0.0, most=1.0, examples=(0.5, 1.0), doc="the value at 0")

    def f(self, x: Array) -> Array:
        return np.heaviside(x, self.at_zero)

    def df(self, x: Array) -> Array:
        return constant(0.0, x)


@activation("sign", "sgn")
class Sign(Named):
    """Sign: -1, 0 or 1."""

    formula = "sign(x)"
    reference = "Rosenblatt 1958; torch.sign"

    def f(self, x: Array) -> Array:
        return np.sign(x)

    def df(self, x: Array) -> Array:
        return constant(0.0, x)


@activation("abs", "absolute")
class Abs(Named):
    """Absolute value."""

    formula = "abs(x)"
    reference = "torch.abs"

    def f(self, x: Array) -> Array:
        return np.abs(x)

    def df(self, x: Array) -> Array:
        return np.sign(x)


@activation("square", "quadratic")
class Square(Named):
    """The square of x."""

    formula = "x**2"
    reference = "torch.square"

    def f(self, x: Array) -> Array:
        return x * x

    def df(self, x: Array) -> Array:
        return 2 * x


@activation("cube", "cubic")
class Cube(Named):
    """The cube of x."""

    formula = "x**3"
    reference = "Chen and Manning 2014, EMNLP"

    def f(self, x: Array) -> Array:
        return x * x * x

    def df(self, x: Array) -> Array:
        return 3 * x * x
