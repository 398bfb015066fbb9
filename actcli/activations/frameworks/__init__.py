"""What the frameworks mean by their names: one table each.

A row reads "this, here, is called so, there": `leaky_relu:negative_slope=0.2` is what keras calls
`leaky_relu`. Where a framework asks for a parameter and has no default (`torch.threshold`), ours
stands for it.

Sources: the frameworks themselves, at the versions in their titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from actcli.activations.frameworks.framework import Framework
from actcli.activations.frameworks.jax import FLAX, JAX
from actcli.activations.frameworks.keras import KERAS, TF
from actcli.activations.frameworks.onnx import ONNX
from actcli.activations.frameworks.pytorch import HF, TIMM, TORCH
from actcli.activations.frameworks.vectors import NOT_ELEMENTWISE, why_not_elementwise

__all__ = [
    "FRAMEWORKS",
    "NOT_ELEMENTWISE",
    "Framework",
    "Slope",
    "Spelling",
    "spellings",
    "why_not_elementwise",
]

FRAMEWORKS: Mapping[str, Framework] = {
    "torch": TORCH,
    "jax": JAX,
    "flax": FLAX,
    "keras": KERAS,
    "tf": TF,
    "onnx": ONNX,
    "hf": HF,
    "timm": TIMM,
}
"""The frameworks, by the name that stands before the dot."""


class Slope(NamedTuple):
    """A derivative at a kink."""

    x: float
    derivative: float
    """f'(x) there."""


class Spelling(NamedTuple):
    """What a framework calls an activation, and what is different about it there."""

    framework: str
    """As in `torch.gelu`."""
    names: tuple[str, ...]
    """Without the framework."""
    params: Mapping[str, float]
    """The defaults there that differ from ours."""
    slopes: tuple[Slope, ...]
    """f' there where it differs from ours, for the default parameters."""


def spellings(name: str) -> Iterator[Spelling]:
    """What the frameworks call the activation of that name in the catalogue."""
    for key, framework in FRAMEWORKS.items():
        for meaning, there in framework.rows.items():
            here, _, tail = meaning.partition(":")
            if here == name:
                pairs = (pair.split("=") for pair in tail.split(",") if pair)
                params = {parameter: float(number) for parameter, number in pairs}
                slopes = framework.slopes.get(name, {}).items()
                there_slopes = tuple(Slope(x, slope) for x, slope in slopes)
                yield Spelling(key, tuple(there.split()), params, there_slopes)
