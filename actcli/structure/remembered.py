"""A function that is asked about the same places again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import ctx

from actcli.expression.jet_algebra import JetAlgebra
from actcli.expression.jets import Jet
from actcli.structure.function import ProvedFunction


class Remembered(ProvedFunction):
    """The same function, which does not walk its formula twice for a double or a box of them."""

    def __init__(self, function: ProvedFunction) -> None:
        self._function = function
        self._jets: dict[Any, tuple[Jet, Mapping[int, Any]]] = {}

    def _once(self, key: Any, make: Callable[[], Jet]) -> Jet:
        key = (*key, ctx.prec)
        if key not in self._jets:
            self._jets[key] = make(), self._function.choices
        jet, self.choices = self._jets[key]
        return jet

    def at(self, x: Any, side: int = 0) -> Jet:
        """The jet at an exact number, or just beside it."""
        if not isinstance(x, float):
            return self._function.at(x, side)
        return self._once((x, side), lambda: self._function.at(x, side))

    def on(self, low: Any, high: Any, forced: Mapping[int, Any] | None = None) -> Jet:
        """The jet on the open box (low, high)."""
        if forced is not None or not isinstance(low, float):
            return self._function.on(low, high, forced)
        return self._once((low, high, "box"), lambda: self._function.on(low, high))

    def _walk(self, algebra: JetAlgebra, x: Jet) -> Jet:
        return self._function._walk(algebra, x)
