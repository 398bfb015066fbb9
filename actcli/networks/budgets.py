"""What `collapse` may spend on a network, whatever the network is: about ten seconds and 500 MB."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.networks.layers import Layer

NUMBERS = 1 << 26
"""Numbers in one value of a network, and in all the inputs of one run of it."""

PRODUCT_WORK = 200_000_000_000
"""Multiply-adds of the product of a run whose fold is less work than the run."""

IDLE_WORK = 4_000_000_000
"""The same where the fold is more work: it is made to be looked at alone."""

IDLE_ENTRIES = 1 << 23
"""Entries of the matrix of such a fold, 64 MB."""

WRITTEN_OUT = 1 << 21
"""Entries of the matrix of a fold that is none, written out for its rank and its proof."""

DECOMPOSED = 1 << 29
"""Multiply-adds that the singular values of a matrix may cost."""

DECOMPOSED_TOGETHER = 1 << 30
"""The same for all the matrices of a network."""

MEASURED = 400_000_000
"""Multiply-adds of a run on all random inputs at which its fold is measured for the report."""

COMPARED = 4_000_000_000
"""The same of a whole network on those of the comparison before it is saved."""

KEPT = 1 << 22
"""Numbers that the linear layers of a model give on all inputs of that comparison."""

STRETCH = 1 << 25
"""Bytes of the values of a model that are computed together in it, roughly."""

MEASURED_AT_ONCE = 1 << 21
"""Numbers of the longest value of a run on the random inputs that go through it together."""

SOME = 3
"""Inputs that are measured whatever numbers are moved, where the multiply-adds allow them."""

MOVED = 60
"""Multiply-adds that take as long as moving one number in or out of a layer."""

RUNNABLE = 40_000_000_000
"""Multiply-adds on one input beyond which a model is not run."""

RUN_SECONDS = 5.0
"""Of the processor that onnxruntime may take to run a model once."""

LARGEST_MODEL = (1 << 31) - 1
"""Bytes that ONNX's encoding can hold in one message."""


class Purse:
    """What several may spend together."""

    def __init__(self, content: int) -> None:
        """Fill it."""
        self.content = content

    def pays(self, price: int) -> bool:
        """Take the price out, where it is in."""
        if price > self.content:
            return False
        self.content -= price
        return True


def inputs_within(budget: int, work: int, most: int) -> int:
    """How many random inputs a budget affords at so much work each: from one to `most`."""
    return max(1, min(most, budget // max(work, 1)))


def measured_inputs(layers: Sequence[Layer], most: int) -> int:
    """On how many random inputs a fold of the layers is measured.

    What moving numbers costs counts beside the multiply-adds, as long as some inputs are left.
    """
    work = sum(layer.multiply_adds for layer in layers)
    moved = MOVED * sum(layer.size_in + layer.size_out for layer in layers)
    return inputs_within(MEASURED, max(work, min(work + moved, MEASURED // SOME)), most)
