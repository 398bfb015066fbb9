"""The functions of formulas over Taylor coefficients that are balls, and the choices in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flint import arb, arb_series

ORDER = 4
"""f, f', f''/2 and f'''/6."""

ONE = arb_series([1])


class UndecidedError(ArithmeticError):
    """The box holds a place where the branch changes, or something may leave its domain."""


class OutsideError(ArithmeticError):
    """Nowhere on the box the formula has a value."""


@dataclass
class Choices:
    """Those made on the way to a result."""

    trace: list[Any] = field(default_factory=list)
    tied: bool = False
    """Whether one was between equal numbers."""


class Functions:
    """By their names in formulas: `f_exp` is exp."""

    def __init__(self) -> None:
        self.choices = Choices()

    def _quotient(self, u: Any, v: Any) -> Any:
        if all(v[k].is_zero() for k in range(ORDER)):
            raise OutsideError
        if v[0].contains(0):
            self._tie(v)
            raise UndecidedError
        return u / v

    def _tie(self, u: Any) -> None:
        self.choices.tied = self.choices.tied or u[0].is_zero()

    def _sign(self, u: Any) -> int:
        """The sign on the box; 0 where u is identically 0."""
        if u[0] > 0:
            sign = 1
        elif u[0] < 0:
            sign = -1
        elif all(u[k].is_zero() for k in range(ORDER)):
            sign = 0
        else:
            self._tie(u)
            raise UndecidedError
        self.choices.trace.append(sign)
        return sign

    def _floor(self, u: Any) -> Any:
        low, high = u[0].lower().floor(), u[0].upper().floor()
        if not low.is_finite() or not low.is_exact() or low != high:
            raise UndecidedError
        if u[0].contains(low) and not all(u[k].is_zero() for k in range(1, ORDER)):
            self.choices.tied = self.choices.tied or u[0] == low
            raise UndecidedError
        self.choices.trace.append(low)
        return arb_series([low])

    def f_floor(self, u: Any) -> Any:
        return self._floor(u)

    def f_max(self, *us: Any) -> Any:
        best = us[0]
        for u in us[1:]:
            best = best if self._sign(best - u) >= 0 else u
        return best

    def f_min(self, *us: Any) -> Any:
        return -self.f_max(*(-u for u in us))

    def f_abs(self, u: Any) -> Any:
        return u if self._sign(u) >= 0 else -u

    def f_relu(self, u: Any) -> Any:
        return u if self._sign(u) > 0 else arb_series([0])

    def f_sign(self, u: Any) -> Any:
        return arb_series([self._sign(u)])

    def f_sqrt(self, u: Any) -> Any:
        if u[0] < 0:
            raise OutsideError
        if all(u[k].is_zero() for k in range(ORDER)):
            return arb_series([0])
        if not u[0] > 0:
            self._tie(u)
            raise UndecidedError
        return u.sqrt()

    def f_log(self, u: Any) -> Any:
        if u[0] <= 0:
            raise OutsideError
        if not u[0] > 0:
            self._tie(u)
            raise UndecidedError
        return u.log()

    def f_log1p(self, u: Any) -> Any:
        return self.f_log(u + 1)

    def f_exp(self, u: Any) -> Any:
        return u.exp()

    def f_expm1(self, u: Any) -> Any:
        return u.exp() - 1

    def f_sin(self, u: Any) -> Any:
        return u.sin()

    def f_cos(self, u: Any) -> Any:
        return u.cos()

    def f_tan(self, u: Any) -> Any:
        return self._quotient(u.sin(), u.cos())

    def f_atan(self, u: Any) -> Any:
        return u.atan()

    def f_erf(self, u: Any) -> Any:
        return u.erf()

    def f_erfc(self, u: Any) -> Any:
        return u.erfc()

    def f_norm_cdf(self, u: Any) -> Any:
        return (-u / arb(2).sqrt()).erfc() / 2

    def f_sinh(self, u: Any) -> Any:
        return (u.exp() - (-u).exp()) / 2

    def f_cosh(self, u: Any) -> Any:
        return (u.exp() + (-u).exp()) / 2

    def f_sigmoid(self, u: Any) -> Any:
        if u[0].mid() < 0:
            return 1 - self.f_sigmoid(-u)
        return self._quotient(ONE, (-u).exp() + 1)

    def f_tanh(self, u: Any) -> Any:
        return 2 * self.f_sigmoid(2 * u) - 1

    def f_asinh(self, u: Any) -> Any:
        if u[0].mid() < 0:
            return -self.f_asinh(-u)
        return (u + (u * u + 1).sqrt()).log()

    def f_softplus(self, u: Any) -> Any:
        if u[0].mid() > 0:
            return u + self.f_softplus(-u)
        return self.f_log(u.exp() + 1)

    # -- activations that papers use inside of others

    def f_silu(self, u: Any) -> Any:
        return u * self.f_sigmoid(u)

    def f_gelu(self, u: Any) -> Any:
        return u * self.f_norm_cdf(u)

    def f_elu(self, u: Any) -> Any:
        return u if self._sign(u) > 0 else u.exp() - 1

    def f_mish(self, u: Any) -> Any:
        return u * self.f_tanh(self.f_softplus(u))
