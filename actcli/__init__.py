"""Exact answers about activation functions.

    >>> import actcli
    >>> gelu = actcli.find("gelu")
    >>> gelu.value([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])

The names below are imported when they are first used, so that `import actcli` costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"

_HOME = {
    "ActcliError": "actcli.errors",
    "Activation": "actcli.activations.base",
    "Line": "actcli.activations.base",
    "UsageError": "actcli.errors",
    "compare": "actcli.functions.compare",
    "facts": "actcli.functions.facts",
    "find": "actcli.find",
    "gain": "actcli.meanfield.gain",
    "propagate": "actcli.meanfield.propagate",
    "saturation": "actcli.functions.saturation",
}

__all__ = [
    "ActcliError",
    "Activation",
    "Line",
    "UsageError",
    "__version__",
    "compare",
    "facts",
    "find",
    "gain",
    "propagate",
    "saturation",
]

if TYPE_CHECKING:
    from actcli.activations.base import Activation, Line
    from actcli.errors import ActcliError, UsageError
    from actcli.find import find
    from actcli.functions.compare import compare
    from actcli.functions.facts import facts
    from actcli.functions.saturation import saturation
    from actcli.meanfield.gain import gain
    from actcli.meanfield.propagate import propagate


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'actcli' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
