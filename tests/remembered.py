"""Questions that remember their answers: for tests of how an answer is told, in many ways."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any

import pytest

QUESTIONS = (
    "actcli.functions.compare.compare",
    "actcli.functions.facts.facts",
    "actcli.functions.saturation.saturation",
    "actcli.meanfield.gain.gain",
    "actcli.meanfield.propagate.propagate",
    "actcli.meanfield.recurrent.recurrent",
    "actcli.meanfield.residual.residual",
)
"""Pure functions whose answers are frozen data; the commands import them when they run."""


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the same was asked before is not worked out again, in this test or a later one."""
    for question in QUESTIONS:
        monkeypatch.setattr(question, _remembering(question))


@cache
def _remembering(question: str) -> Callable[..., Any]:
    """The question, asked once for arguments that are equal and look the same: -0.0 is not 0.0."""
    module, _, name = question.rpartition(".")
    ask = getattr(import_module(module), name)
    answers: dict[Any, Any] = {}

    @wraps(ask)
    def answer(*args: Any, **named: Any) -> Any:
        given = [tuple(one) if isinstance(one, list) else one for one in (*args, *named.values())]
        key = (*given, *named, repr(given))
        if key not in answers:
            answers[key] = ask(*args, **named)
        return answers[key]

    return answer
