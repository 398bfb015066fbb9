"""What is decided before training begins."""

from __future__ import annotations

from dataclasses import dataclass

from actcli.errors import UsageError
from actcli.networks.training.optimisers import OPTIMISERS

LEARNING_RATES = {"sgd": 0.1, "momentum": 0.02, "adam": 0.03}
"""Each optimiser's, where none is given."""


@dataclass(frozen=True)
class Settings:
    """How networks are built and trained; the same for every activation."""

    hidden: tuple[int, ...] = (8, 8)
    """Widths; none is a perceptron."""
    init: str | None = None
    """A scheme of `propagate`; None is the critical one where there is one."""
    optimizer: str = "adam"
    lr: float | None = None
    """None: as `LEARNING_RATES` says."""
    epochs: int = 200
    batch: int | None = 32
    """Points of a step; None takes all."""
    weight_decay: float = 0.0
    dropout: float = 0.0
    """The share of hidden activations that a step leaves out."""
    learn_params: bool = False
    repeat: int = 1
    """How many networks, whose seeds follow each other."""
    seed: int = 0
    test_share: float = 0.25
    folds: int | None = None
    """Cross-validation in place of one split."""
    eps: float = 1e-3
    """Saturated is where |f'| is less."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            UsageError: an option is out of bounds.
        """
        if self.optimizer not in OPTIMISERS:
            raise UsageError(f"optimizer must be {', '.join(OPTIMISERS)}, not {self.optimizer!a}")

    @property
    def rate(self) -> float:
        """The learning rate."""
        return LEARNING_RATES[self.optimizer] if self.lr is None else self.lr
