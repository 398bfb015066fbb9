"""The gradient through time against PyTorch's autograd, on the same weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from actcli.find import find
from actcli.meanfield.cells import CELLS
from tests.peers.agreement import imported

torch = imported("torch")
PEERS = {"rnn": torch.nn.RNNCell, "lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_are_those_of_autograd(cell: str) -> None:
    layout, width, steps = CELLS[cell], 16, 50
    rows = layout.gates * width
    random = np.random.default_rng(1)
    weights = random.standard_normal((rows, width)) / width**0.5
    added = random.standard_normal((steps, rows))
    start, up = random.standard_normal((2, layout.parts, width))

    peer = PEERS[cell](rows, width, dtype=torch.float64)
    with torch.no_grad():
        peer.weight_ih.copy_(torch.eye(rows))
        peer.weight_hh.copy_(torch.tensor(weights))
        peer.bias_ih.zero_()
        peer.bias_hh.zero_()
    theirs = torch.tensor(start[:, None], requires_grad=True)
    state: Any = tuple(theirs) if cell == "lstm" else theirs[0]
    for row in added:
        state = peer(torch.tensor(row[None]), state)
    end = torch.stack(state) if cell == "lstm" else state[None]
    (expected,) = torch.autograd.grad((end * torch.tensor(up[:, None])).sum(), theirs)

    ours, taken = start, []
    for row in added:
        taken.append(layout.cell(find("tanh"), weights, row, ours))
        ours = taken[-1].state
    for step in reversed(taken):
        up = step.back(up)
    assert_allclose(ours, end.detach().numpy()[:, 0], rtol=1e-9)
    assert_allclose(up, expected.numpy()[:, 0], rtol=1e-9, atol=1e-9 * np.abs(up).max())
