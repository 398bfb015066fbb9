"""Why a network is no affine map, in words: the witness, and the best that one map can do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from actcli.networks.folding.linearity import AffineGap, Refutation
from actcli.numeric.display import short

SHORT = 4
"""Outputs of a network up to which a person is shown them at a witness."""


def about_break(broken: Refutation) -> Iterator[str]:
    """By hand, and at the inputs that were found."""
    names = ", ".join(broken.by)
    yield f"Why {names} {'is' if len(broken.by) == 1 else 'are'} no matrix:"
    for reason in broken.why:
        yield f"  By hand: {reason}."
    yield f"  Witness: u = {_vector(broken.u)}, v = {_vector(broken.v)}."
    for point, output in (broken.outputs or {}).items():
        if len(output) <= SHORT:
            yield f"    {point} = ({', '.join(f'{short(number)}' for number in output)})"
    defects = {
        "f(u+v) - f(u) - f(v) + f(0)": broken.additivity,
        "f(2v) - 2 f(v) + f(0)": broken.homogeneity,
        "f(v) + f(-v) - 2 f(0)": broken.evenness,
    }
    for expression, defect in defects.items():
        yield f"    {expression}: {short(defect)} (0 for every affine map)"


def about_gap(gap: AffineGap) -> str:
    """How much of the network the best single affine map is."""
    return (
        f"The best single affine map leaves {100 * gap.unexplained:.3g} % of the outputs' variance "
        f"unexplained; at one of {gap.inputs} random inputs it is off by {gap.largest:.3g}."
    )


def _vector(entries: NDArray[np.int64]) -> str:
    """A vector in full, or by the entries that are not 0."""
    if len(entries) <= 12:
        return f"({', '.join(map(str, entries))})"
    places = np.flatnonzero(entries)
    if len(places) > 8:
        return f"{len(entries)} small integers"
    return " + ".join(f"{entries[place]} e{place + 1}" for place in places)
