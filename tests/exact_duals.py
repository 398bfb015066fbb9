"""Multiprecision pairs (value, derivative): every function and every rule of differentiation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from actcli.activations.registry import Named
from actcli.formula.parse import parse
from actcli.formula.program import Program, Step
from tests.exact_numbers import Mpfr, Mpmath

Dual = tuple[Any, Any]
Walk = Callable[[Dual, Mapping[str, Dual]], Dual]


@cache
def program_of(formula: str, parameters: tuple[str, ...]) -> Program:
    return parse(formula, parameters)


class ExactDuals:
    """The algebra of the pairs; truth values are plain bools."""

    def __init__(self, numbers: Mpmath | Mpfr) -> None:
        self.of: Any = numbers
        self._written: dict[int, tuple[Program, Walk]] = {}

    def walk(self, program: Program, x: Dual, params: Mapping[str, Dual]) -> Dual:
        """The formula's result, as by the program's own walk, some times as fast."""
        known, walk = self._written.get(id(program), (None, _never))
        if known is not program:
            walk = self._walk_of(program)
            self._written[id(program)] = program, walk
        result: Dual = walk(x, params)
        return result

    def _walk_of(self, program: Program) -> Walk:
        """A function that takes one step after another, written and compiled."""
        names: dict[str, Any] = {"algebra": self}
        lines = [self._line(step, names) for step in program.steps]
        body = "".join(f"    r{n} = {line}\n" for n, line in enumerate(lines))
        exec(f"def walk(x, params):\n{body}    return r{len(lines) - 1}\n", names)
        walk: Walk = names["walk"]
        return walk

    def _line(self, step: Step, names: dict[str, Any]) -> str:
        """The expression for a step; literals and classes get names."""
        given = [f"r{n}" for n in step.arguments]
        name = f"k{len(names)}"
        match step.operation:
            case "x":
                return "x"
            case "parameter":
                return f"params[{step.name!r}]"
            case "constant":
                return f"algebra.constant({step.name!r})"
            case "number":
                names[name] = self.number(step.number)
                return name
            case "activation":
                names[name] = step.activation
                params = zip(step.keys, given[1:], strict=True)
                pairs = ", ".join(f"{key!r}: {value}" for key, value in params)
                return f"algebra.activation({name}, {given[0]}, {{{pairs}}})"
            case operation:
                return f"algebra.{_method(operation)}({', '.join(given)})"

    def number(self, value: float) -> Dual:
        return self.of.real(value), self.of.real(0)

    def constant(self, name: str) -> Dual:
        return getattr(self.of, name)(), self.of.real(0)

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        return getattr(self, _method(operation))(*arguments)

    def activation(self, cls: type[Named], x: Dual, params: Mapping[str, Dual]) -> Dual:
        values = {p.name: self.number(p.default) for p in cls.parameters()} | dict(params)
        named = cls(**{name: float(value) for name, (value, _) in values.items()})
        return self.walk(program_of(named.formula, tuple(values)), x, values)

    def _add(self, a: Dual, b: Dual) -> Dual:
        return a[0] + b[0], a[1] + b[1]

    def _subtract(self, a: Dual, b: Dual) -> Dual:
        return a[0] - b[0], a[1] - b[1]

    def _negate(self, a: Dual) -> Dual:
        return -a[0], -a[1]

    def _multiply(self, a: Dual, b: Dual) -> Dual:
        return a[0] * b[0], a[0] * b[1] + a[1] * b[0]

    def _divide(self, a: Dual, b: Dual) -> Dual:
        if not b[0]:
            return (self.of.nan if not a[0] else self.of.sign(a[0]) * self.of.inf), self.of.nan
        return a[0] / b[0], (a[1] - a[0] / b[0] * b[1]) / b[0]

    def _modulo(self, a: Dual, b: Dual) -> Dual:
        if not b[0]:
            return self.of.nan, self.of.nan
        whole = self.of.floor(a[0] / b[0])
        return a[0] - whole * b[0], a[1] - whole * b[1]

    def _power(self, a: Dual, b: Dual) -> Dual:
        (u, du), (v, dv) = a, b
        if dv == 0:
            return self._raise(u, v), (v * self._raise(u, v - 1) * du if v else self.of.real(0))
        if u <= 0:
            return self._raise(u, v), self.of.nan
        value = self._raise(u, v)
        return value, value * (dv * self.of.log(u) + v * du / u)

    def _raise(self, u: Any, v: Any) -> Any:
        if u == 0:
            return self.of.real(0) if v > 0 else self.of.real(1) if v == 0 else self.of.inf
        if abs(v) < 1000 and v == int(v):
            return u ** int(v)
        if u > 0:
            return self.of.exp(v * self.of.log(u))
        if v != self.of.floor(v):
            return self.of.nan
        size = self.of.exp(v * self.of.log(-u))
        return size if self.of.floor(v / 2) * 2 == v else -size

    def _where(self, condition: bool, a: Dual, b: Dual) -> Dual:
        return a if condition else b

    def _max(self, a: Dual, b: Dual) -> Dual:
        return self._nan_of(a, b) or (a if a[0] >= b[0] else b)

    def _min(self, a: Dual, b: Dual) -> Dual:
        return self._nan_of(a, b) or (a if a[0] <= b[0] else b)

    def _nan_of(self, a: Dual, b: Dual) -> Dual | None:
        return (self.of.nan, self.of.nan) if self.of.is_nan(a[0]) or self.of.is_nan(b[0]) else None

    def _abs(self, a: Dual) -> Dual:
        return abs(a[0]), self.of.sign(a[0]) * a[1]

    def _sign(self, a: Dual) -> Dual:
        return self.of.real(self.of.sign(a[0])), self.of.real(0)

    def _floor(self, a: Dual) -> Dual:
        return self.of.floor(a[0]), self.of.real(0)

    def _sqrt(self, a: Dual) -> Dual:
        if a[0] < 0 or self.of.is_nan(a[0]):
            return self.of.nan, self.of.nan
        root = self.of.sqrt(a[0])
        return root, a[1] / (2 * root) if root else self.of.inf * a[1]

    def _exp(self, a: Dual) -> Dual:
        e = self.of.exp(a[0])
        return e, e * a[1]

    def _expm1(self, a: Dual) -> Dual:
        return self.of.expm1(a[0]), self.of.exp(a[0]) * a[1]

    def _log(self, a: Dual) -> Dual:
        if not a[0] > 0:
            return (-self.of.inf, self.of.inf * a[1]) if a[0] == 0 else (self.of.nan, self.of.nan)
        return self.of.log(a[0]), a[1] / a[0]

    def _log1p(self, a: Dual) -> Dual:
        if not a[0] > -1:
            return (-self.of.inf, self.of.inf * a[1]) if a[0] == -1 else (self.of.nan, self.of.nan)
        return self.of.log1p(a[0]), a[1] / (1 + a[0])

    def _sin(self, a: Dual) -> Dual:
        return self.of.sin(a[0]), self.of.cos(a[0]) * a[1]

    def _cos(self, a: Dual) -> Dual:
        return self.of.cos(a[0]), -self.of.sin(a[0]) * a[1]

    def _tan(self, a: Dual) -> Dual:
        return self.of.tan(a[0]), a[1] / self.of.cos(a[0]) ** 2

    def _sinh(self, a: Dual) -> Dual:
        return self.of.sinh(a[0]), self.of.cosh(a[0]) * a[1]

    def _cosh(self, a: Dual) -> Dual:
        return self.of.cosh(a[0]), self.of.sinh(a[0]) * a[1]

    def _tanh(self, a: Dual) -> Dual:
        e = self.of.exp(-2 * abs(a[0]))
        return self.of.tanh(a[0]), 4 * e / (1 + e) ** 2 * a[1]

    def _atan(self, a: Dual) -> Dual:
        return self.of.atan(a[0]), a[1] / (1 + a[0] ** 2)

    def _asinh(self, a: Dual) -> Dual:
        return self.of.asinh(a[0]), a[1] / self.of.sqrt(1 + a[0] ** 2)

    def _erf(self, a: Dual) -> Dual:
        return self.of.erf(a[0]), self._bell(a[0]) * a[1]

    def _erfc(self, a: Dual) -> Dual:
        return self.of.erfc(a[0]), -self._bell(a[0]) * a[1]

    def _bell(self, u: Any) -> Any:
        """The derivative of erf."""
        return 2 / self.of.sqrt(self.of.pi()) * self.of.exp(-(u**2))

    def _norm_cdf(self, a: Dual) -> Dual:
        density = self.of.exp(-(a[0] ** 2) / 2) / self.of.sqrt(2 * self.of.pi())
        return self.of.erfc(-a[0] / self.of.sqrt(self.of.real(2))) / 2, density * a[1]

    def _sigmoid(self, a: Dual) -> Dual:
        e = self.of.exp(-abs(a[0]))
        return (1 if a[0] >= 0 else e) / (1 + e), e / (1 + e) ** 2 * a[1]

    def _softplus(self, a: Dual) -> Dual:
        e = self.of.exp(-abs(a[0]))
        value = max(a[0], self.of.real(0)) + self.of.log1p(e)
        return value, (1 if a[0] >= 0 else e) / (1 + e) * a[1]

    def _less(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] < b[0])

    def _less_or_equal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] <= b[0])

    def _greater(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] > b[0])

    def _greater_or_equal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] >= b[0])

    def _equal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] == b[0])

    def _unequal(self, a: Dual, b: Dual) -> bool:
        return bool(a[0] != b[0])

    def _and(self, a: bool, b: bool) -> bool:
        return a and b

    def _or(self, a: bool, b: bool) -> bool:
        return a or b

    def _not(self, a: bool) -> bool:
        return not a


def _method(operation: str) -> str:
    return _METHODS.get(operation, f"_{operation}")


def _never(x: Dual, params: Mapping[str, Dual]) -> Dual:
    raise AssertionError


_METHODS = {
    "+": "_add",
    "-": "_subtract",
    "*": "_multiply",
    "/": "_divide",
    "%": "_modulo",
    "**": "_power",
    "<": "_less",
    "<=": "_less_or_equal",
    ">": "_greater",
    ">=": "_greater_or_equal",
    "==": "_equal",
    "!=": "_unequal",
}
ALGEBRA = ExactDuals(Mpmath())
MPFR_ALGEBRA = ExactDuals(Mpfr())
