"""Arrays of doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from actcli.errors import UsageError
from actcli.numeric.late import np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = "NDArray[np.float64]"


def as_real(x: ArrayLike) -> Array:
    """`x` as float64.

    Raises:
        UsageError: x holds something that is not a real number.
    """
    array = np.asarray(x)
    if array.dtype.kind in "cSUmMO":
        raise UsageError(f"expected real numbers, not {array.dtype}")
    return array.astype(np.float64, copy=False)
