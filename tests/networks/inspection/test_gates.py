"""What goes into the gates of recurrent operators, against sums by hand."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from actcli.networks.inspection.inspect import plan_for_model
from actcli.networks.inspection.watching import Lens
from tests.networks.inspection.models import OPSET, constant, sigmoid

STEPS, BATCH, SIZE, UNITS = 5, 3, 4, 6
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
FLOAT = TensorProto.FLOAT


Arrays = dict[str, NDArray[Any]]


def by_hand(
    kind: str, x: np.ndarray, given: Arrays, direction: int, after: bool
) -> dict[str, np.ndarray]:
    """What goes into the gates, sequence by sequence and step by step, and the hidden states."""
    w, r, b = (given[key][direction].astype(float) for key in "WRB")
    wb, rb = np.split(b, 2)
    peep = given["P"][direction].astype(float) if "P" in given else np.zeros(3 * UNITS)
    pi, po, pf = np.split(peep, 3)
    found: dict[str, list[np.ndarray]] = {}
    states = np.zeros((STEPS, BATCH, UNITS))
    lengths = given.get("sequence_lens", [STEPS] * BATCH)
    for n in range(BATCH):
        h = given["initial_h"][direction, n].astype(float)
        c = given["initial_c"][direction, n].astype(float) if kind == "LSTM" else None
        for t in list(range(lengths[n]))[:: -1 if direction else 1]:
            from_x, from_h = w @ x[t, n] + wb, r @ h + rb
            if kind == "LSTM":
                i, o, f, g = np.split(from_x + from_h, 4)
                i, f = i + pi * c, f + pf * c
                c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
                o = o + po * c
                h = sigmoid(o) * np.tanh(c)
                gates = {"i": i, "o": o, "f": f, "c": g, "cell": c}
            elif kind == "GRU":
                z, reset, new = np.split(from_x, 3)
                hz, hr, hn = np.split(from_h, 3)
                z, reset = z + hz, reset + hr
                rows = slice(2 * UNITS, None)
                again = r[rows] @ (sigmoid(reset) * h) + rb[rows]
                new = new + (sigmoid(reset) * hn if after else again)
                h = (1 - sigmoid(z)) * np.tanh(new) + sigmoid(z) * h
                gates = {"z": z, "r": reset, "h": new}
            else:
                gates = {"h": from_x + from_h}
                h = np.tanh(gates["h"])
            states[t, n] = h
            for name, value in gates.items():
                found.setdefault(name, []).append(value)
    return {"states": states, **{name: np.array(rows) for name, rows in found.items()}}


@pytest.mark.parametrize(
    ("kind", "direction", "ragged"),
    [*product(GATES, ("forward", "reverse", "bidirectional"), (False, True))],
)
def test_gates_are_those_by_hand(kind: str, direction: str, ragged: bool, tmp_path: Path) -> None:
    rng = np.random.default_rng(len(kind + direction) + ragged)
    sides = {"forward": [0], "reverse": [1], "bidirectional": [0, 1]}[direction]
    both, count = len(sides), GATES[kind]
    shapes = {
        "W": (both, count * UNITS, SIZE),
        "R": (both, count * UNITS, UNITS),
        "B": (both, 2 * count * UNITS),
        "initial_h": (both, BATCH, UNITS),
        **({"initial_c": (both, BATCH, UNITS), "P": (both, 3 * UNITS)} if kind == "LSTM" else {}),
    }
    given: Arrays = {
        name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()
    }
    names = [*("x", "W", "R", "B"), "lens" if ragged else "", *list(shapes)[3:]]
    cell = helper.make_node(kind, names, ["", "last"], hidden_size=UNITS, direction=direction)
    if kind == "GRU":
        cell.attribute.append(helper.make_attribute("linear_before_reset", int(ragged)))
    lengths = np.array([3, 5, 2], np.int32)
    constants = [constant(name, value) for name, value in given.items()]
    constants.append(onnx.numpy_helper.from_array(lengths, "lens"))
    graph = helper.make_graph(
        [cell],
        "net",
        [helper.make_tensor_value_info("x", FLOAT, [STEPS, BATCH, SIZE])],
        [helper.make_tensor_value_info("last", FLOAT, [both, BATCH, UNITS])],
        constants,
    )
    onnx.save(helper.make_model(graph, opset_imports=OPSET, ir_version=9), tmp_path / "m.onnx")
    x = rng.standard_normal((STEPS, BATCH, SIZE)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    results = (
        plan_for_model(tmp_path / "m.onnx", [tmp_path / "x.npy"], Lens()).carried_out().results()
    )
    if ragged:
        given["sequence_lens"] = lengths
    found = {one.place: one for one in results}
    for place, side in enumerate(sides):
        here = {
            name: value[[place] * 2] for name, value in given.items() if name != "sequence_lens"
        }
        here |= {"sequence_lens": lengths} if ragged else {}
        hand = by_hand(kind, x, here, side, after=ragged)
        hand.pop("states")
        for gate, values in hand.items():
            one = found[next(key for key in found if key.endswith(f".{gate}{'.reverse' * side}"))]
            assert one.count == values.size
            assert one.activation == ("sigmoid" if gate in "iofzr" else "tanh")
            assert (one.min, one.max) == pytest.approx((values.min(), values.max()), rel=1e-5)
            assert one.mean == pytest.approx(values.mean(), rel=1e-5, abs=1e-6)
            assert one.std == pytest.approx(values.std(), rel=1e-5)
