"""What the frameworks mean by their names: one table each.

A row reads "this, here, is called so, there": `leaky_relu:negative_slope=0.2` is what keras calls
`leaky_relu`. Where a framework asks for a parameter and has no default (`torch.threshold`), ours
stands for it.

Sources: the frameworks themselves, at the versions in their titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from actcli.activations.frameworks.framework import Framework, Signature
from actcli.activations.frameworks.ggml import GGML
from actcli.activations.frameworks.jax import FLAX, JAX
from actcli.activations.frameworks.keras import KERAS, TF
from actcli.activations.frameworks.mlx import MLX
from actcli.activations.frameworks.nnlib import NNLIB
from actcli.activations.frameworks.onnx import ONNX
from actcli.activations.frameworks.paddle import PADDLE
from actcli.activations.frameworks.pytorch import HF, TIMM, TORCH
from actcli.activations.frameworks.vectors import why_not_elementwise
from actcli.activations.registry import Named
from actcli.errors import UsageError, quoted

FRAMEWORKS: Mapping[str, Framework] = {
    "torch": TORCH,
    "jax": JAX,
    "flax": FLAX,
    "keras": KERAS,
    "tf": TF,
    "onnx": ONNX,
    "hf": HF,
    "timm": TIMM,
    "paddle": PADDLE,
    "mlx": MLX,
    "ggml": GGML,
    "nnlib": NNLIB,
}
"""The frameworks, by the name that stands before the dot."""

OTHER_NAMES = {
    "pytorch": "torch",
    "nn": "torch",
    "f": "torch",
    "tensorflow": "tf",
    "linen": "flax",
    "nnx": "flax",
    "transformers": "hf",
    "onnxruntime": "onnx",
    "paddlepaddle": "paddle",
    "flux": "nnlib",
    "lux": "nnlib",
}
"""What else may stand before the first dot."""


def framework_of(rooms: Sequence[str]) -> str | None:
    """The framework that a path such as `tf.keras.layers` leads to: the innermost one named."""
    names = [room.lower() for room in rooms]
    inner = next((name for name in reversed(names) if name in FRAMEWORKS), None)
    return inner or OTHER_NAMES.get(names[0])


def name_there(key: str, name: str) -> str:
    """A framework's own spelling of one of its names.

    Raises:
        UsageError: there is no such name, it may be two, or it is no function of one number.
    """
    framework = FRAMEWORKS[key]
    meanings = framework.meanings(name)
    if not meanings:
        close = framework.suggestions(name)
        advice = f"did you mean {' or '.join(close)}?" if close else f"it has {framework.listed}"
        raise UsageError(f"{key} has no activation {quoted(name)}: {advice}")
    if len({*meanings.values()}) > 1:
        said = " or ".join(f"{key}.{there} ({here})" for there, here in meanings.items())
        raise UsageError(f"{quoted(name)} is ambiguous: it may be {said}")
    there, meaning = next(iter(meanings.items()))
    if meaning in framework.not_elementwise:
        raise UsageError(f"{key}.{name} {why_not_elementwise(meaning)}")
    return there


class Slope(NamedTuple):
    """A derivative at a kink."""

    x: float
    derivative: float
    """f'(x) there."""


class Spelling(NamedTuple):
    """What a framework calls an activation, and what is different about it there."""

    framework: str
    """As in `torch.gelu`."""
    names: tuple[str, ...]
    """Without the framework."""
    params: Mapping[str, float]
    """The defaults there that differ from ours."""
    slopes: tuple[Slope, ...]
    """f' there where it differs from ours, for the default parameters."""
    calls: tuple[str, ...]
    """The code that is this activation, with its parameters; none where the framework has none."""
    reason: str
    """Why there is no such code."""


def spellings(activation: Named) -> Iterator[Spelling]:
    """What the frameworks call an activation of the catalogue."""
    for key, framework in FRAMEWORKS.items():
        for meaning, row in groupby(framework.signatures, key=lambda one: one.meaning):
            here, _, tail = meaning.partition(":")
            if here == activation.name:
                pairs = (pair.split("=") for pair in tail.split(",") if pair)
                there = {parameter: float(number) for parameter, number in pairs}
                yield _spelling(key, framework, activation, [*row], there)
        if activation.name in framework.near:
            names, reason = framework.near[activation.name]
            yield Spelling(
                framework=key,
                names=tuple(names.split()),
                params={},
                slopes=(),
                calls=(),
                reason=reason,
            )


def _spelling(
    key: str,
    framework: Framework,
    activation: Named,
    row: Sequence[Signature],
    there: Mapping[str, float],
) -> Spelling:
    params, known = activation.params, type(activation)().params
    own = {**known, **there}
    changed = {name: value for name, value in params.items() if value != own[name]}
    one_each = {one.name: one for one in reversed(row)}
    takers = [one for one in reversed(one_each.values()) if {*changed} <= {*one.takes.values()}]
    able = [one for one in takers if framework.admits(one.name, params)]
    slopes = framework.slopes.get(activation.name, {}) if params in (known, own) else {}
    lacking = f"no {' or '.join(changed)} there"
    refused = f"not with {', '.join(f'{key} = {value:g}' for key, value in changed.items())}"
    return Spelling(
        framework=key,
        names=tuple(dict.fromkeys(one.name for one in row)),
        params=there,
        slopes=tuple(Slope(x, slope) for x, slope in slopes.items()),
        calls=tuple(framework.written(one, params, own) for one in able),
        reason="" if able else refused if takers else lacking,
    )
