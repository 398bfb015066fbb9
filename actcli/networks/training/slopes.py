"""The derivative of an activation by one of its parameters, for whatever formula it has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from actcli.activations.base import Activation
from actcli.activations.registry import Named
from actcli.formula.parse import parse
from actcli.formula.program import Program
from actcli.formula.values import arrays
from actcli.formula.values.arrays import DoubleDuals
from actcli.formula.values.duals import Dual
from actcli.numeric.arrays import Array


def by_parameter(activation: Activation, name: str, x: Array) -> Array:
    """df/dp at every x: the formula walked over dual numbers whose rate is that with p.

    x may have any shape. Where the formula changes branch, that of the chosen branch.
    """
    params = {
        key: Dual(arrays.number(value), 1.0 if key == name else None)
        for key, value in activation.params.items()
    }
    with np.errstate(all="ignore"):
        dual = _program(activation.formula, tuple(params)).walk(
            _ByParameter(arrays), Dual(x), params
        )
        slope: Array = np.zeros_like(x) + dual.rate_or_zero
        return slope


@lru_cache(maxsize=64)
def _program(formula: str, parameters: tuple[str, ...]) -> Program:
    return parse(formula, parameters)


class _ByParameter(DoubleDuals):
    """Dual numbers that follow a parameter into the catalogue's functions too."""

    def activation(
        self, cls: type[Named], x: Dual[Array], params: Mapping[str, Dual[Array]]
    ) -> Dual[Array]:
        """By its kernels where only x changes, by its formula where a parameter does."""
        if all(number.rate is None for number in params.values()):
            return super().activation(cls, x, params)
        given = {p.name: self.number(p.default) for p in cls.parameters()}
        named = cls(**{key: float(number.value) for key, number in params.items()})
        return _program(named.formula, tuple(given)).walk(self, x, given | dict(params))
