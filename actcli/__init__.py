"""Exact answers about activation functions.

    >>> import actcli
    >>> gelu = actcli.find("gelu")
    >>> gelu.value([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])

The names below are imported when they are first used, so that `import actcli` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "ActcliError": "actcli.errors",
    "Activation": "actcli.activation",
    "Line": "actcli.activation",
    "UsageError": "actcli.errors",
    "compare": "actcli.analysis.compare",
    "facts": "actcli.analysis.facts",
    "find": "actcli.names",
    "gain": "actcli.analysis.gain",
    "propagate": "actcli.analysis.propagate",
    "saturation": "actcli.analysis.saturation",
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
    from actcli.activation import Activation, Line
    from actcli.analysis.compare import compare
    from actcli.analysis.facts import facts
    from actcli.analysis.gain import gain
    from actcli.analysis.propagate import propagate
    from actcli.analysis.saturation import saturation
    from actcli.errors import ActcliError, UsageError
    from actcli.names import find


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'actcli' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
