"""What the user says of a weight file that the file itself does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actcli.activations.base import Activation

LAYOUTS = ("out-in", "in-out")
"""Outputs by inputs as in PyTorch, inputs by outputs as in Keras."""


@dataclass(frozen=True)
class Hints:
    """Each is empty where nothing is said."""

    layout: str = "auto"
    """How all matrices lie."""
    layouts: Mapping[str, str] = field(default_factory=dict)
    """How single matrices lie, by their names."""
    pairs: Mapping[str, str] = field(default_factory=dict)
    """The biases of weights, both by name."""
    order: Sequence[str] = ()
    """The weights as they follow one another."""
    bias_in: str = ""
    """`first` or `last`: each matrix holds its bias as that column (row, where in-out); `none`."""
    activation: Activation | None = None
    """What stands between the layers."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said."""
        return self == Hints()
