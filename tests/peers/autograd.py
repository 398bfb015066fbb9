"""A function of PyTorch as a peer: what torch, transformers and timm share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.peers.agreement import Array, Peer, imported


def peer(function: Any) -> Peer:
    torch = imported("torch")

    def called(x: Array) -> tuple[Array, Array]:
        at = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        values = function(at)
        (slopes,) = torch.autograd.grad(values.sum(), at)
        return np.asarray(values.detach()), np.asarray(slopes)

    return called
