"""What a chart shows, in data coordinates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from actcli.numeric.arrays import Array
from actcli.numeric.late import np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Curve(NamedTuple):
    """One line of a chart; NaN in `y` leaves a gap.

    `series` counts the subjects of the chart (one activation, one series): it picks the colour and
    the marker. A `secondary` curve (a derivative) is told from the primary one of its series.
    """

    label: str
    x: Array
    y: Array
    series: int = 0
    secondary: bool = False
    marks: Sequence[tuple[float, float]] = ()
    """Points worth a mark: kinks."""


class Shade(NamedTuple):
    """A range of x that is shaded: where a function is saturated. An open end is infinite."""

    low: float
    high: float
    series: int = 0
    label: str = ""


class Chart(NamedTuple):
    """What a chart shows, in data coordinates; how it is drawn is the renderer's business."""

    curves: Sequence[Curve]
    x_range: tuple[float, float]
    y_range: tuple[float, float] | None = None
    """None: what the curves need."""
    title: str = ""
    log_x: bool = False
    log_y: bool = False
    shades: Sequence[Shade] = ()
    x_label: str = ""
    y_label: str = ""


class Panel(NamedTuple):
    """One map of classes over the plane."""

    title: str
    classify: Callable[[Array], NDArray[np.int64]]
    """Points of shape (n, 2) to the classes' numbers."""


class Regions(NamedTuple):
    """Maps of classes side by side, the same points on top of each."""

    panels: Sequence[Panel]
    points: Array
    """Of shape (n, 2)."""
    labels: NDArray[np.int64]
    """The class of each point."""
    classes: Sequence[str]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    title: str = ""
    x_label: str = ""
    y_label: str = ""
