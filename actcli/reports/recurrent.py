"""The gradient through time in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.meanfield.recurrent import Recurrent

_GATES = {"lstm": "forget", "gru": "update"}


def sentences(answer: Recurrent) -> Sequence[str]:
    """What is left of the gradient, and how long the memory is."""
    return list(_sentences(answer))


def _sentences(answer: Recurrent) -> Iterator[str]:
    last, gate = answer.steps[-1], _GATES.get(answer.cell)
    name = answer.cell if gate is None else f"{answer.cell} ({gate} bias {answer.bias:g})"
    error = "" if last.gradient_error is None else f" +- {last.gradient_error:.1g}"
    yield (
        f"{name}: the gradient {last.back} steps back is {last.gradient:.2g}{error} of today's "
        f"({answer.activation}, sigma_w = {answer.sigma_w:.6g}, input noise {answer.sigma_b:.6g}; "
        f"{answer.trials} networks of width {answer.width})."
    )
    if gate is None:
        if answer.factor is not None:
            yield (
                f"Exact, where the variance has settled: chi_1 = {answer.factor:.6g} a step, "
                f"{last.gradient_exact:.2g} in all."
            )
        return
    yield (
        f"Through the {gate} gates alone: exact {last.gradient_exact:.2g}, simulated "
        f"{last.path:.2g}; {answer.gates_saturated:.1%} of these gates are saturated "
        f"(slope < {answer.eps:g})."
    )
    half = "no end" if answer.half_life is None else f"{answer.half_life:.3g} steps"
    chrono = (
        ""
        if answer.chrono_bias is None
        else f"; a bias of {answer.chrono_bias:.3g} remembers {last.back} steps (chrono)"
    )
    yield f"At rest the memory has a half-life of {half}{chrono}."
