"""By how much a layer has to scale its weights so that the signal keeps its size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actcli.activation import Activation
from actcli.analysis.moments import jumps, moments, variance
from actcli.answer import Answer, Row
from actcli.catalogue.registry import Named
from actcli.errors import UsageError

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


@dataclass(frozen=True)
class Gain(Answer):
    """The moments of f(x) and f'(x) for x ~ N(0, q), and the gains that follow.

    None is an infinite number, or a gain that would have to be.
    """

    activation: str
    formula: str
    params: Mapping[str, float]
    q: float
    """The variance of the inputs."""
    mean: float
    second_moment: float
    variance: float
    mean_derivative: float | None
    """E f', a jump counted as what it adds to f."""
    second_moment_derivative: float | None
    forward_gain: float | None
    standard_gain: float | None
    backward_gain: float | None
    torch_gain: float | None
    """None where PyTorch knows none."""

    def rows(self) -> Iterator[Row]:
        """One row."""
        numbers = {key: getattr(self, key) for key in _MEANINGS}
        yield {"activation": self.activation, "q": self.q, **numbers}

    def sentences(self) -> Sequence[str]:
        """Which function this is, and for which inputs."""
        same = self.formula == self.activation
        name = self.formula if same else f"{self.formula} ({self.activation})"
        return [f"f(x) = {name} for x ~ N(0, {self.q:g})"]

    def sheet(self) -> Sequence[tuple[str, str]]:
        """The numbers, and what each is for."""
        numbers = [_number(getattr(self, key)) for key in _MEANINGS]
        width = max(map(len, numbers)) + 2
        return [
            (key.replace("_", " "), f"{number:{width}}{meaning}")
            for (key, meaning), number in zip(_MEANINGS.items(), numbers, strict=True)
        ]


def gain(activation: Activation, q: float = 1.0) -> Gain:
    """The gains of an activation for inputs of mean 0 and variance q.

    Raises:
        UsageError: q is not a variance.
        ActcliError: the moments are infinite.
    """
    if not (math.isfinite(q) and q > 0):
        raise UsageError(f"q must be a finite number > 0, not {q:g}")
    found = moments(activation, q)
    spread = variance(activation, q)
    leaps = bool(jumps(activation, q))
    slope = found.pull / q if leaps else found.slope
    second_slope = math.inf if leaps else found.second_slope
    return Gain(
        activation=str(activation),
        formula=activation.formula,
        params=activation.params,
        q=q,
        mean=found.mean,
        second_moment=found.second,
        variance=spread,
        mean_derivative=_finite(slope),
        second_moment_derivative=_finite(second_slope),
        forward_gain=_inverse_root(found.second),
        standard_gain=_inverse_root(spread),
        backward_gain=_inverse_root(second_slope),
        torch_gain=activation.torch_gain if isinstance(activation, Named) else None,
    )


def notes(activation: Activation, q: float) -> Iterator[str]:
    """What a reader of the gains has to know beside them."""
    leaps = jumps(activation, q)
    if leaps:
        where = ", ".join(f"{place:g}" for place in leaps[:3]) + (", ..." if leaps[3:] else "")
        yield (
            f"{activation} jumps at x = {where}: E f' counts the jump, E f'^2 is infinite "
            "and there is no backward gain"
        )
    elif math.isnan(moments(activation, q).second_slope):
        yield f"E f'^2 of {activation} is lost in roundoff or in too many waves"


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _inverse_root(number: float) -> float | None:
    """1/sqrt; None for 0 and for what is infinite."""
    root = math.sqrt(number)
    return 1 / root if root and math.isfinite(1 / root) and math.isfinite(root) else None


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number + 0.0:.10g}"
