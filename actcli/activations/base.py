"""What an activation is: a function of one real variable and its derivative."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Self

from actcli.numeric.arrays import Array, as_real
from actcli.numeric.late import np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

BLOCK = 1 << 15
"""Points a kernel sees at once: few enough that its temporaries stay in the cache."""


class Line(NamedTuple):
    """The line `slope * x + intercept` that a function approaches at one end."""

    slope: float
    intercept: float = 0.0

    def __call__(self, x: float) -> float:
        """The height of the line at x."""
        return self.slope * x + self.intercept if self.slope else self.intercept


class Activation(ABC):
    """A function of one real variable with its derivative.

    A subclass writes the kernels `f` and `df` for one block: a 1-D float64 array that they must
    not change, with numpy's warnings off; they return a new array. Where the two share work, or
    are so cheap that copying their results would show, it also writes `fill`, which puts both into
    memory it is given. Callers use `value` and `derivative`, which take any real array-like of any
    shape and give back float64 in the shape that came in: NaN for NaN, and the limit at +-inf.
    """

    label: str = ""
    """The name that was asked for, where that is not what `str` says by itself."""

    def known_as(self, label: str) -> Self:
        """The same function, equal to this one, under the name that answers are to use."""
        other = object.__new__(type(self))
        vars(other).update(vars(self), label=label)
        return other

    @property
    @abstractmethod
    def formula(self) -> str:
        """The definition, in the formula language."""

    @property
    def params(self) -> Mapping[str, float]:
        """The parameters' values by name, in order of declaration."""
        return {}

    @property
    def sampled(self) -> Activation:
        """The same function without a promise on its digits, where that is faster to ask.

        For what only samples: a search, a simulation, a picture.
        """
        return self

    @abstractmethod
    def f(self, x: Array) -> Array:
        """The kernel of `value`."""

    @abstractmethod
    def df(self, x: Array) -> Array:
        """The kernel of `derivative`."""

    def fill(self, x: Array, y: Array, dy: Array) -> None:
        """The kernel of `value_and_derivative`: f(x) goes into y and f'(x) into dy."""
        y[:] = self.f(x)
        dy[:] = self.df(x)

    def f_and_df(self, x: Array) -> tuple[Array, Array]:
        """What `fill` writes, as new arrays."""
        y, dy = np.empty_like(x), np.empty_like(x)
        self.fill(x, y, dy)
        return y, dy

    def value(self, x: ArrayLike) -> Array:
        """f(x), elementwise."""
        (value,) = _on_blocks(lambda block, y: np.copyto(y, self.f(block)), 1, x)
        return value

    def __call__(self, x: ArrayLike) -> Array:
        """f(x), elementwise."""
        return self.value(x)

    def derivative(self, x: ArrayLike) -> Array:
        """f'(x), elementwise; at a kink by PyTorch's convention."""
        (derivative,) = _on_blocks(lambda block, dy: np.copyto(dy, self.df(block)), 1, x)
        return derivative

    def value_and_derivative(self, x: ArrayLike) -> tuple[Array, Array]:
        """f(x) and f'(x) in one pass."""
        value, derivative = _on_blocks(self.fill, 2, x)
        return value, derivative


def _on_blocks(kernel: Callable[..., None], results: int, x: ArrayLike) -> list[Array]:
    """What the kernel writes for an array of any shape, block by block; scalars for a scalar."""
    points = as_real(x)
    flat = points.reshape(-1)
    wholes = [np.empty_like(flat) for _ in range(results)]
    with np.errstate(all="ignore"):
        for start in range(0, flat.size, BLOCK):
            block = slice(start, start + BLOCK)
            kernel(flat[block], *(whole[block] for whole in wholes))
    return [whole.reshape(points.shape)[()] for whole in wholes]
