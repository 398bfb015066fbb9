"""What goes into the gates inside ONNX's LSTM, GRU and RNN: unrolled from weights and outputs.

The hidden states are what onnxruntime put out, so only the cell of an LSTM is followed step by
step. The equations are those of the ONNX operators, whose names the arrays have here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actcli.activations.base import Activation
from actcli.find import find
from actcli.networks.files.onnx.activation import activation_of
from actcli.networks.files.onnx.place import attribute_of
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from onnx import NodeProto

Known = Mapping[str, NDArray[Any]]

INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")

USUAL = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh"), "RNN": ("Tanh",)}
"""The activations of an operator, by default."""

GATES = {
    "LSTM": {"i": 0, "o": 0, "f": 0, "c": 1, "cell": 2},
    "GRU": {"z": 0, "r": 0, "h": 1},
    "RNN": {"h": 0},
}
"""The gates of an operator in the order of its weights, and which of its activations each has."""


class GatesUnseenError(Exception):
    """The gates cannot be unrolled; the message says why."""


class Step(NamedTuple):
    """One time step of one direction: of shape (batch, gates, units), and (batch, units)."""

    x: Array
    """What the input gives to each gate, biases included, but for a recurrent one that is reset."""
    h: Array
    """The hidden state before."""
    live: NDArray[np.bool_]
    """Which sequences of the batch have not ended."""


class Gates:
    """The gates of one node."""

    def __init__(self, node: NodeProto) -> None:
        """Read its attributes.

        Raises:
            GatesUnseenError: it has some that are not followed here.
        """
        kind = node.op_type
        self._kind = kind
        self._names = dict(zip(INPUTS, node.input, strict=False))
        self.output = node.output[0]
        direction = attribute_of(node, "direction", "forward")
        self._reverse = {"forward": (False,), "reverse": (True,)}.get(direction, (False, True))
        self._is_batch_first = bool(attribute_of(node, "layout", 0))
        self._resets_after = bool(attribute_of(node, "linear_before_reset", 0))
        self._clip = attribute_of(node, "clip", None)
        if attribute_of(node, "input_forget", 0):
            raise GatesUnseenError(f"{kind} with input_forget is not followed")
        self._activations = self._read_activations(node)

    def _read_activations(self, node: NodeProto) -> list[Activation]:
        from onnx.helper import make_node

        names = [name.decode() for name in attribute_of(node, "activations", ())]
        names = names or [*USUAL[self._kind]] * len(self._reverse)
        for given in ("activation_alpha", "activation_beta"):
            if len(attribute_of(node, given, ())):
                raise GatesUnseenError(f"{self._kind} with {given} is not followed")
        found = [activation_of(make_node(name, ["x"], ["y"])) for name in names]
        if None in found:
            raise GatesUnseenError(f"{self._kind} with {', '.join(names)} is not followed")
        return [find(str(text)) for text in found]

    @property
    def fetched(self) -> list[str]:
        """The values that have to be known."""
        return [name for name in (*self._names.values(), self.output) if name]

    @property
    def places(self) -> Iterator[tuple[str, Activation]]:
        """The names of the gates and what is applied in each."""
        for direction, is_reverse in enumerate(self._reverse):
            side = ".reverse" if is_reverse else ""
            for gate, which in GATES[self._kind].items():
                one = self._activations[direction * len(USUAL[self._kind]) + which]
                yield f"{self.output}.{gate}{side}", one

    def values(self, known: Known) -> dict[str, NDArray[np.float32]]:
        """What goes into each gate, of shape (steps of all sequences, units), by place."""
        known = {name: value.astype(np.float64) for name, value in known.items()}
        names = [name for name, _ in self.places]
        found: dict[str, NDArray[np.float32]] = {}
        count = len(GATES[self._kind])
        for direction in range(len(self._reverse)):
            rows: list[list[Array]] = [[] for _ in range(count)]
            carried: list[Array] = []
            for step in self._steps(known, direction):
                gates = self._gates(known, direction, step, carried)
                for part, value in zip(rows, gates, strict=True):
                    part.append(value[step.live])
            for name, part in zip(names[direction * count :], rows, strict=False):
                found[name] = np.concatenate(part).astype(np.float32)
        return found

    def _given(self, known: Known, name: str) -> Any:
        value = self._names.get(name)
        return known[value] if value else None

    def _steps(self, known: Known, direction: int) -> Iterator[Step]:
        """The steps of a direction, in the order of its time."""
        x, y, h0 = (self._given(known, "X"), known[self.output], self._given(known, "initial_h"))
        if self._is_batch_first:
            x, y = x.swapaxes(0, 1), y.transpose(1, 2, 0, 3)
            h0 = h0 if h0 is None else h0.swapaxes(0, 1)
        h = y[:, direction]
        length, batch, size = h.shape
        lengths = self._given(known, "sequence_lens")
        lengths = np.full(batch, length) if lengths is None else lengths
        start = np.zeros((batch, size)) if h0 is None else h0[direction]
        w = self._given(known, "W")[direction]
        b = self._given(known, "B")
        from_input = x @ w.T
        if b is not None:
            from_input = from_input + b[direction][: len(w)]
        is_reverse = self._reverse[direction]
        for t in range(length)[:: -1 if is_reverse else 1]:
            before = t + 1 if is_reverse else t - 1
            inside = before < lengths if is_reverse else np.full(batch, before >= 0)
            state = np.where(inside[:, None], h[before % length], start)
            yield Step(from_input[t].reshape(batch, -1, size), state, t < lengths)

    def _gates(
        self, known: Known, direction: int, step: Step, carried: list[Array]
    ) -> Sequence[Array]:
        """What goes into the gates at a step; `carried` is the cell's state, and is moved on."""
        count, size = step.x.shape[1:]
        r = self._given(known, "R")[direction].reshape(count, size, size)
        b = self._given(known, "B")
        bias = np.zeros((count, size)) if b is None else b[direction].reshape(2, count, size)[1]
        again = np.einsum("bi,goi->bgo", step.h, r) + bias
        if self._kind == "GRU":
            return self._gru(step, again, r[2], bias[2], direction)
        gates = self._clipped(step.x + again)
        if self._kind == "RNN":
            return [gates[:, 0]]
        return self._lstm(known, direction, step, gates, carried)

    def _gru(
        self, step: Step, again: Array, r: Array, bias: Array, direction: int
    ) -> Sequence[Array]:
        z, reset = (self._clipped(step.x[:, i] + again[:, i]) for i in (0, 1))
        share = self._applied(direction, 0)(reset)
        after = share * again[:, 2] if self._resets_after else (share * step.h) @ r.T + bias
        return [z, reset, self._clipped(step.x[:, 2] + after)]

    def _lstm(
        self, known: Known, direction: int, step: Step, gates: Array, carried: list[Array]
    ) -> Sequence[Array]:
        batch, _, size = gates.shape
        if not carried:
            start = self._given(known, "initial_c")
            if start is not None and self._is_batch_first:
                start = start.swapaxes(0, 1)
            carried.append(np.zeros((batch, size)) if start is None else start[direction])
        p = self._given(known, "P")
        peep = np.zeros((3, size)) if p is None else p[direction].reshape(3, size)
        i, o, f, c = (gates[:, n] for n in range(4))
        i, f = (self._clipped(gate + peep[n] * carried[0]) for gate, n in ((i, 0), (f, 2)))
        sigma, g = self._applied(direction, 0), self._applied(direction, 1)
        cell = sigma(f) * carried[0] + sigma(i) * g(c)
        carried[0] = np.where(step.live[:, None], cell, carried[0])
        return [i, self._clipped(o + peep[1] * cell), f, c, cell]

    def _applied(self, direction: int, which: int) -> Callable[[Array], Array]:
        return self._activations[direction * len(USUAL[self._kind]) + which].value

    def _clipped(self, gate: Array) -> Array:
        return gate if self._clip is None else np.clip(gate, -self._clip, self._clip)
