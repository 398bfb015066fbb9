"""Whenever the time for an answer is over, what is proved by then is an answer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from actcli.activations.base import Activation
from actcli.errors import ActcliError
from actcli.find import find
from actcli.functions.compare import compare
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation
from actcli.meanfield.gain import gain

MOST = 1000
"""Readings of the clock."""
FORMULAS = (
    "gelu",
    "max(exp(x), 3 - x)",
    "x/abs(x)",
    "sin(x)*log(1 + x**2)",
    "log(abs(x - 1/3))",
    "(x + sin(x))/expm1(log(x))*silu(sqrt(tanh(x)))",
)
ANSWERS: dict[str, Callable[[Activation], Any]] = {
    "facts": facts,
    "saturation": saturation,
    "compare": lambda f: compare([f, find("tanh")]),
    "gain": gain,
}


class Clock:
    """The time of the processor: none goes by until it was read so often, then 10 s each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, readings: int) -> None:
        self.left, self.read = readings, 0
        monkeypatch.setattr(time, "process_time", self)
        for name, module in [*sys.modules.items()]:
            if name.startswith("actcli.") and hasattr(module, "process_time"):
                monkeypatch.setattr(module, "process_time", self)

    def __call__(self) -> float:
        self.read += 1
        return 10.0 * max(0, self.read - self.left)


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_there_is_an_answer_whenever_the_time_is_over(
    answer: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    activation, reading = find(text), 1
    while reading < MOST:
        clock = Clock(monkeypatch, reading)
        try:
            ANSWERS[answer](activation)
        except ActcliError as refused:
            assert str(refused)  # noqa: PT017
        if clock.read <= reading:
            break
        reading += 1 + reading // 3
    assert reading > 1
