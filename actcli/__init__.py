"""Exact answers about activation functions.

    >>> import actcli
    >>> gelu = actcli.find("gelu")
    >>> gelu([-1.0, 0.0, 1.0])
    array([-0.15865525,  0.        ,  0.84134475])
    >>> print(actcli.saturation("relu"))
    relu saturates below 0 (hard, at 0); active above
     low   high   hardness   kind      limit   value low   value high
    ─────────────────────────────────────────────────────────────────
    -inf      0   hard       bounded       0           0            0

The names below are imported when they are first used, so that `import actcli` costs nothing.
"""

from __future__ import annotations

from actcli.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HOME = {
    "ActcliError": "actcli.errors",
    "Activation": "actcli.activations.base",
    "Answer": "actcli.api.answer",
    "Line": "actcli.activations.base",
    "UsageError": "actcli.errors",
    "collapse": "actcli.api.questions",
    "compare": "actcli.api.questions",
    "facts": "actcli.api.questions",
    "find": "actcli.find",
    "gain": "actcli.api.questions",
    "info": "actcli.api.questions",
    "inspect": "actcli.api.questions",
    "names": "actcli.api.questions",
    "plot": "actcli.api.questions",
    "propagate": "actcli.api.questions",
    "saturation": "actcli.api.questions",
    "softmax": "actcli.api.questions",
    "table": "actcli.api.questions",
    "train": "actcli.api.questions",
}

__all__ = [
    "ActcliError",
    "Activation",
    "Answer",
    "Line",
    "UsageError",
    "__version__",
    "collapse",
    "compare",
    "facts",
    "find",
    "gain",
    "info",
    "inspect",
    "names",
    "plot",
    "propagate",
    "saturation",
    "softmax",
    "table",
    "train",
]

if TYPE_CHECKING:
    from actcli.activations.base import Activation, Line
    from actcli.api.answer import Answer
    from actcli.api.questions import (
        collapse,
        compare,
        facts,
        gain,
        info,
        inspect,
        names,
        plot,
        propagate,
        saturation,
        softmax,
        table,
        train,
    )
    from actcli.errors import ActcliError, UsageError
    from actcli.find import find


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'actcli' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
