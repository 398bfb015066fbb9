"""Whether the fold of a run is worth what making it costs."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.budgets import bytes_text
from actcli.networks.budgets import IDLE_ENTRIES, IDLE_WORK, NUMBERS, PRODUCT_WORK
from actcli.networks.folding.fold import is_single
from actcli.networks.folding.forms import NO_FORM, cheapest
from actcli.networks.layers import Linear

DOUBLE = 8
"""Bytes of a number in the product."""


def too_long(layers: Sequence[Linear]) -> str | None:
    """Why the layers are not even run: a value in them is too long; None: they are."""
    longest = max(max(layer.size_in, layer.size_out) for layer in layers)
    if longest > NUMBERS:
        return f"a value of {longest:,} numbers, more than {NUMBERS:,}: not looked at"
    return None


def too_large(layers: Sequence[Linear]) -> str | None:
    """Why the layers' matrix is not made; None: it is."""
    if is_single(layers):
        return None
    form = cheapest(layers)
    if form is NO_FORM:
        return "their images have no fixed size, so that there is no matrix"
    pays = form.work < sum(layer.multiply_adds for layer in layers)
    if not pays and form.entries > IDLE_ENTRIES:
        return f"their matrix would need {bytes_text(DOUBLE * form.entries)}: not made"
    if form.making > (PRODUCT_WORK if pays else IDLE_WORK):
        return f"their matrix would take {form.making:,.3g} multiply-adds to make: not made"
    return None
