"""The kinks of an activation where they serve as marks: in a picture, among points to look at."""

from __future__ import annotations

from actcli.activation import Activation
from actcli.errors import CrowdedError


def marked_kinks(activation: Activation) -> tuple[float, ...]:
    """The declared kinks; none where there are so many that marks would say nothing."""
    try:
        return activation.kinks
    except CrowdedError:
        return ()
