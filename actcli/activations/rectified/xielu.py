"""The expanded integral of ELU."""

from __future__ import annotations

from actcli.activations.rectified.expm1_line import expm1_line, expm1_line_derivative
from actcli.activations.registry import Named, activation, param
from actcli.errors import UsageError
from actcli.numeric.arrays import Array
from actcli.numeric.late import np


@activation("xielu")
class XIELU(Named):
    """Expanded integral of ELU: a parabola on the right, an integrated exponential on the left."""

    formula = "where(x > 0, alpha_p * x**2, alpha_n * (expm1(min(x, -1e-6)) - x)) + beta * x"
    reference = "Huang and Schlag 2024, arXiv:2411.13010; transformers XIELUActivation"

    alpha_p: float = param(
        0.8, above=0.0, most=1e300, examples=(0.3,), doc="the curvature on the right"
    )
    alpha_n: float = param(0.8, above=0.0, examples=(1.3,), doc="the curvature on the left")
    beta: float = param(0.5, above=0.0, examples=(0.3,), doc="the slope right of 0")

    def check(self) -> None:
        if self.alpha_n <= self.beta:
            raise UsageError(
                f"xielu: alpha_n must be greater than beta, not {self.alpha_n:g} and {self.beta:g}"
            )

    def f(self, x: Array) -> Array:
        """The kernel; from -1e-6 to 0 the exponential is replaced by its level at -1e-6."""
        bent = np.minimum(x, -1e-6)
        left = expm1_line(bent, self.alpha_n, self.beta)
        left += (self.alpha_n - self.beta) * np.where(x > bent, bent - x, 0.0)
        return np.where(x > 0, x * (self.alpha_p * x + self.beta), left)

    def df(self, x: Array) -> Array:
        left = expm1_line_derivative(x, self.alpha_n, self.beta)
        left[x >= -1e-6] = self.beta - self.alpha_n
        return np.where(x > 0, 2 * self.alpha_p * x + self.beta, left)
