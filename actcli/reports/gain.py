"""Gains and the moments behind them, each with what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actcli.meanfield.gain import Gain
from actcli.meanfield.moments import undecided
from actcli.numeric.display import short
from actcli.results import Report, Row

_MEANINGS = {
    "mean": "E f",
    "second_moment": "E f^2",
    "variance": "Var f",
    "mean_derivative": "E f'",
    "second_moment_derivative": "E f'^2",
    "forward_gain": "var W = gain^2/fan_in keeps signals (He)",
    "standard_gain": "gain*(f - mean) has variance 1 (NFNet)",
    "backward_gain": "var W = gain^2/fan_out keeps gradients",
    "torch_gain": "torch.nn.init.calculate_gain",
}
"""The numbers of a `Gain`, in order, as a person reads them."""

_SHOWN = 10
"""Digits that a person sees: gains are typed into other programs."""


class GainReport(Report[Gain]):
    """A sheet of numbers."""

    def rows(self) -> Iterator[Row]:
        """One row."""
        found = self.result
        numbers = {key: getattr(found, key) for key in _MEANINGS}
        yield {"activation": found.activation, "q": found.q, **numbers}

    def sentences(self) -> Sequence[str]:
        """Which function this is, for which inputs, and what is not proved."""
        found = self.result
        same = found.formula == found.activation
        name = found.formula if same else f"{found.formula} ({found.activation})"
        first = f"f(x) = {name} for x ~ N(0, {found.q:g})"
        return [first, undecided(found.open)] if found.open else [first]

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The numbers, and what each is for."""
        numbers = [self._shown(key) for key in _MEANINGS]
        width = max(map(len, numbers)) + 2
        return [
            (key.replace("_", " "), f"{number:{width}}{meaning}")
            for (key, meaning), number in zip(_MEANINGS.items(), numbers, strict=True)
        ]

    def _shown(self, key: str) -> str:
        value = getattr(self.result, key)
        if value is None:
            return "-"
        return short(value, _SHOWN, most=self.result.certain_digits(key))
