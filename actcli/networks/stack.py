"""The described stack: `784 512 relu 10`, `32x32x3 conv:8x3x3 avgpool:2 flatten 10`.

Weights are random integers over a power of two, spread as 1/sqrt(inputs): short decimals, so that
small stacks compute exactly and can be followed by hand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from actcli.activations.base import Activation
from actcli.errors import UsageError, quoted
from actcli.networks.folding.linearity import line_of, refuted_by_hand
from actcli.networks.layers import (
    Activated,
    Dense,
    Layer,
    LayerNorm,
    MaxPool,
    Rearrange,
    Scale,
    Shape,
    Softmax,
    batch_norm,
    shape_text,
)
from actcli.networks.layers.convolution import Conv, average_pool
from actcli.networks.layers.sliding_window import SlidingWindow
from actcli.networks.network import Network, path
from actcli.numeric.arrays import Array

LARGEST = 1 << 28
"""Numbers in one layer: the limit keeps a slip of the keyboard from filling the memory."""

_IMAGE = re.compile(r"(\d+)x(\d+)(?:x(\d+))?")
_KERNEL = re.compile(r"(\d+)x(\d+)x(\d+)((?:,\w+=\d+)*)")


def stack(
    words: Sequence[str],
    find: Callable[[str], Activation],
    *,
    seed: int = 0,
    bias: bool = True,
) -> Network:
    """The network that the words describe; `find` knows the activations.

    Raises:
        UsageError: a word is not understood, or a layer does not fit the one before.
    """
    shape = _input(words[0])
    if len(words) < 2:
        raise UsageError("a stack is an input and its layers, such as: actcli collapse 4 8 8 3")
    rng = np.random.default_rng(seed)
    layers: list[Layer] = []
    for number, word in enumerate(words[1:], start=1):
        place = _Place(f"layer {number} ({word})", shape, rng, bias)
        layers.append(place.layer(word, find))
        shape = layers[-1].output_shape
    return path(" ".join(words), layers)


def _input(word: str) -> Shape:
    image = _IMAGE.fullmatch(word)
    sizes = [_whole(size) for size in image.groups(default="1")] if image else []
    if word.isascii() and word.isdigit():
        sizes = [_whole(word)]
    if not sizes:
        raise UsageError(
            f"a stack begins with the size of its input, such as 784 or 32x32x3, not {quoted(word)}"
        )
    if 0 in sizes or math.prod(sizes) > LARGEST:
        raise UsageError(f"an input of {word} numbers is out of bounds: 1 to {LARGEST}")
    return (sizes[2], sizes[0], sizes[1]) if image else (sizes[0],)


@dataclass(frozen=True)
class _Place:
    """Where a layer goes: what comes in there, and what its weights are drawn from."""

    where: str
    shape: Shape
    rng: np.random.Generator
    bias: bool

    def layer(self, word: str, find: Callable[[str], Activation]) -> Layer:
        """The layer that the word names, here."""
        name, _, tail = word.partition(":")
        makers: dict[str, Callable[[str], Layer]] = {
            "conv": self._conv,
            "avgpool": self._average_pool,
            "maxpool": lambda size: MaxPool(self.shape, self._window(size)),
        }
        plain: dict[str, Callable[[], Layer]] = {
            "globalavgpool": self._global_average_pool,
            "batchnorm": self._batch_norm,
            "flatten": lambda: Rearrange(self.shape, (math.prod(self.shape),)),
            "dropout": lambda: Rearrange(self.shape, self.shape, "dropout"),
            "softmax": lambda: Softmax(self.shape),
            "layernorm": lambda: LayerNorm(self.shape),
        }
        if word.isascii() and word.isdigit():
            return self._dense(_whole(word))
        if name in makers:
            return makers[name](tail)
        if name in plain:
            if tail:
                self._refuse(f"{name} takes nothing after it")
            return plain[name]()
        return activated(self.shape, find(word))

    def _refuse(self, problem: str) -> NoReturn:
        raise UsageError(f"{self.where}: {problem}")

    def _weights(self, *shape: int) -> Array:
        """Random numbers of deviation about 1/sqrt(inputs), few bits each."""
        if math.prod(shape) > LARGEST:
            self._refuse(f"{'x'.join(map(str, shape))} weights are too many")
        inputs = math.prod(shape[1:])
        grain = 2.0 ** -(math.ceil(math.log2(inputs) / 2) + 2)
        return np.rint(self.rng.standard_normal(shape) / (grain * math.sqrt(inputs))) * grain

    def _bias(self, outputs: int) -> Array | None:
        return np.rint(self.rng.standard_normal(outputs) * 4) / 8 if self.bias else None

    def _dense(self, outputs: int) -> Layer:
        if len(self.shape) > 1:
            self._refuse(
                f"a dense layer takes a row of numbers, not a {shape_text(self.shape)} image: "
                "put flatten before it"
            )
        if not outputs:
            self._refuse("a layer of width 0 has no output")
        return Dense(self.shape, self._weights(outputs, *self.shape), self._bias(outputs))

    def _image(self) -> tuple[int, int, int]:
        if len(self.shape) != 3:
            self._refuse(f"it takes an image such as 32x32x3, not a row of {self.shape[0]} numbers")
        channels, height, width = self.shape
        return channels, height, width

    def _fitting(self, window: SlidingWindow) -> SlidingWindow:
        if min(window.output(self._image()[1:])) < 1:
            self._refuse(f"a window of {window} is larger than the {shape_text(self.shape)} image")
        return window

    def _window(self, text: str) -> SlidingWindow:
        """A pooling's window, which is its stride too."""
        if not re.fullmatch(r"[1-9]\d{0,8}", text):
            self._refuse("a pooling is written with its size, such as avgpool:2")
        size = _whole(text)
        return self._fitting(SlidingWindow((size, size), (size, size)))

    def _conv(self, text: str) -> Layer:
        match = _KERNEL.fullmatch(text)
        pairs = [pair.split("=") for pair in match[4].split(",")[1:]] if match else []
        given = {key: _whole(value) for key, value in pairs}
        stride, pad = given.get("stride", 1), given.get("pad", 0)
        if match is None or given.keys() - {"stride", "pad"} or len(given) < len(pairs):
            self._refuse("a convolution is written conv:CxKxK[,stride=S][,pad=P]")
        outputs, height, width = (_whole(match[part]) for part in (1, 2, 3))
        if not min(outputs, height, width, stride) or max(stride, pad) > LARGEST:
            self._refuse("its sizes and stride must be at least 1")
        channels = self._image()[0]
        window = self._fitting(SlidingWindow((height, width), (stride, stride), (pad,) * 4))
        if outputs * math.prod(window.output(self.shape[1:])) > LARGEST:
            self._refuse(f"its output is larger than {LARGEST} numbers")
        kernel = self._weights(outputs, channels, height, width)
        return Conv(self.shape, kernel, self._bias(outputs), window)

    def _average_pool(self, text: str) -> Layer:
        return average_pool(self.shape, self._window(text), f"avgpool {text}")

    def _global_average_pool(self) -> Layer:
        _, height, width = self._image()
        window = SlidingWindow((height, width), (height, width))
        return average_pool(self.shape, window, "globalavgpool")

    def _batch_norm(self) -> Layer:
        """Statistics and parameters as they are after training: near 0, near 1."""
        normal = self.rng.standard_normal((4, self.shape[0]))
        gamma, beta, mean, deviation = np.rint(normal * 4) / 32
        return batch_norm(
            self.shape, 1 + gamma, beta=beta, mean=mean, variance=(1 + deviation) ** 2, epsilon=1e-5
        )


def activated(shape: Shape, activation: Activation) -> Layer:
    """An activation as a layer: a linear one where it is a line."""
    line = line_of(activation)
    if line is None:
        return Activated(shape, activation, refuted_by_hand(activation))
    along = (1,) * len(shape)
    offset = np.full(along, line.intercept) if line.intercept else None
    return Scale(shape, np.full(along, line.slope), offset, str(activation), roundings=8)


def _whole(digits: str) -> int:
    """The number that the digits write.

    Raises:
        UsageError: there are more of them than any size has.
    """
    if len(digits) > 9:
        raise UsageError(f"a size of {len(digits)} digits is out of bounds: it has at most nine")
    return int(digits)
