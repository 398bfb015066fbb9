"""Training against PyTorch, from the same initial weights and the same batches, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from actcli.find import find
from actcli.networks.training.data import Labels, generated
from actcli.networks.training.epochs import Epochs, batches
from actcli.networks.training.initial import initial
from actcli.networks.training.loss import cross_entropy
from actcli.networks.training.settings import Settings
from tests.peers.agreement import imported

torch = imported("torch")
functional = torch.nn.functional
torch.set_num_threads(1)

STEPS, LR, SEED = 200, 0.05, 3
PEERS = {
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
    "prelu": None,
    "elu": functional.elu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "mish": functional.mish,
    "x*tanh(x)": lambda x: x * torch.tanh(x),
}
OPTIMISERS = {
    "sgd": lambda groups: torch.optim.SGD(groups, lr=LR),
    "momentum": lambda groups: torch.optim.SGD(groups, lr=LR, momentum=0.9),
    "adam": lambda groups: torch.optim.Adam(groups, lr=LR),
}


def drawn() -> list[Labels]:
    rng = np.random.default_rng((SEED, 2))
    found: list[Labels] = []
    while len(found) < STEPS:
        found += batches(rng, 400, 32)
    return found[:STEPS]


@pytest.mark.parametrize("decay", [0.0, 0.01])
@pytest.mark.parametrize("optimizer", OPTIMISERS)
@pytest.mark.parametrize("name", PEERS)
def test_the_loss_after_200_steps(name: str, optimizer: str, decay: float) -> None:
    data = generated("circle")
    x, labels = torch.tensor(data.x), torch.tensor(data.labels)
    learned = ("weight",) if name == "prelu" else ()
    network = initial(find(name), (2, 8, 8, 2), "he", 2**0.5, SEED)
    theirs = [torch.tensor(array, requires_grad=True) for array in network.arrays]
    slope = torch.tensor([0.25], dtype=torch.float64, requires_grad=True)
    f: Any = PEERS[name] or (lambda z: functional.prelu(z, slope))
    groups = [{"params": theirs, "weight_decay": decay}]
    if learned:
        groups.append({"params": [slope], "weight_decay": 0.0})
    move = OPTIMISERS[optimizer](groups)
    settings = Settings(optimizer=optimizer, lr=LR, weight_decay=decay, batch=32)
    ours = Epochs(network, cross_entropy, settings, SEED, learned)

    def outputs(points: Any) -> Any:
        for place in (0, 2):
            points = f(functional.linear(points, theirs[place], theirs[place + 1]))
        return functional.linear(points, theirs[4], theirs[5])

    for batch in drawn():
        move.zero_grad()
        functional.cross_entropy(outputs(x[batch]), labels[batch]).backward()
        move.step()
        ours.step(data.x[batch], data.target[batch])
    expected = functional.cross_entropy(outputs(x), labels).item()
    found, _ = cross_entropy(network(data.x), data.target)
    print(f"{name} {optimizer} decay {decay}: {found!r} {expected!r}")
    assert found == pytest.approx(expected, rel=1e-9)
    if learned:
        assert network.activation.params["weight"] == pytest.approx(slope.item(), rel=1e-9)
        assert slope.item() != 0.25
