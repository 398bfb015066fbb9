"""Recurrent cells, forward and backward by hand, in PyTorch's conventions.

The weights of the gates lie one upon the other: (gates x width, width). The input of a step and the
bias are given as what they add to all pre-activations: (gates x width,).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from actcli.numeric.late import np

if TYPE_CHECKING:
    from actcli.activations.base import Activation
    from actcli.meanfield.fresh_weights import FreshWeights
    from actcli.numeric.arrays import Array


class CellStep(NamedTuple):
    """One step in time."""

    state: Array
    """(parts, width): h; of an LSTM h and c."""
    back: Callable[[Array], Array]
    """From the gradient by the state behind the step to that by the state before it."""
    keep: Array | None
    """By what each unit multiplies its memory: the gate's sigmoid; None where there is no gate."""
    keep_input: Array | None
    """The pre-activation of that gate."""


Weights: TypeAlias = "Array | FreshWeights"

Cell: TypeAlias = "Callable[[Activation, Weights, Array, Array], CellStep]"
"""activation, weights, what is added, state -> the step."""


def rnn(activation: Activation, weights: Weights, added: Array, state: Array) -> CellStep:
    """The plain cell: h' = f(W h + b)."""
    value, slope = activation.value_and_derivative(weights @ state[0] + added)
    return CellStep(value[None], lambda up: ((slope * up[0]) @ weights)[None], None, None)


def lstm(activation: Activation, weights: Weights, added: Array, state: Array) -> CellStep:
    """Memory c' = s(F) c + s(I) f(G), h' = s(O) f(c'); the order is I, F, G, O."""
    h, c = state
    inputs = np.split(weights @ h + added, 4)
    i, forget, o = (_sigmoid(inputs[at]) for at in (0, 1, 3))
    g, g_slope = activation.value_and_derivative(inputs[2])
    cell = forget * c + i * g
    shown, shown_slope = activation.value_and_derivative(cell)

    def back(up: Array) -> Array:
        by_cell = up[1] + up[0] * o * shown_slope
        gates = [
            by_cell * g * i * (1 - i),
            by_cell * c * forget * (1 - forget),
            by_cell * i * g_slope,
            up[0] * shown * o * (1 - o),
        ]
        return np.stack([np.concatenate(gates) @ weights, by_cell * forget])

    return CellStep(np.stack([o * shown, cell]), back, forget, inputs[1])


def gru(activation: Activation, weights: Weights, added: Array, state: Array) -> CellStep:
    """State h' = (1 - s(Z)) f(b_n + s(R) W_n h) + s(Z) h; the order is R, Z, N."""
    h = state[0]
    own = np.split(weights @ h, 3)
    given = np.split(added, 3)
    keep_input = own[1] + given[1]
    r, z = _sigmoid(own[0] + given[0]), _sigmoid(keep_input)
    n, slope = activation.value_and_derivative(given[2] + r * own[2])

    def back(up: Array) -> Array:
        inner = up[0] * (1 - z) * slope
        gates = [inner * own[2] * r * (1 - r), up[0] * (h - n) * z * (1 - z), inner * r]
        down: Array = np.concatenate(gates) @ weights + up[0] * z
        return down[None]

    return CellStep(((1 - z) * n + z * h)[None], back, z, keep_input)


def _sigmoid(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    found: Array = np.where(x >= 0, 1.0, small) / (1 + small)
    return found


class Layout(NamedTuple):
    """How a cell is built."""

    cell: Cell
    gates: int
    parts: int
    """Of the state; the last is the memory."""
    keeps: int | None = None
    """Which gate keeps the memory."""
    gate: str = ""
    """What that gate is called."""


CELLS = {
    "rnn": Layout(rnn, 1, 1),
    "lstm": Layout(lstm, 4, 2, keeps=1, gate="forget"),
    "gru": Layout(gru, 3, 1, keeps=1, gate="update"),
}
