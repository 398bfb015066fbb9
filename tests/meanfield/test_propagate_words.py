"""What `propagate` says of gradients in one sentence agrees with what it says in the next."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from actcli.activations.registry import catalogue
from actcli.errors import ActcliError
from actcli.find import find
from actcli.meanfield.propagate import propagate
from actcli.reports.propagate import PropagationReport

NUMBER = r"[-+0-9.e]*[0-9]"

SHARE = re.compile(
    rf"The gradient at layer 1 is (?:(?P<alike>as large as)|(?P<of>{NUMBER}) of|"
    rf"(?P<times>{NUMBER}|more than 1e308) times) that behind layer"
)
TRANSIENT = re.compile(rf"transient (?P<change>costs|gains) a factor of (?P<size>{NUMBER})")
SETTLED = re.compile(rf"at q\* alone it would be (?P<size>{NUMBER}) times")

WAYS: dict[str, dict[str, Any]] = {
    "he": {"init": "he"},
    "critical": {"init": "critical"},
}


def sentences(name: str, depth: int, **given: Any) -> str:
    try:
        found = propagate(find(name), depth, **given)
    except ActcliError as refusal:
        pytest.skip(str(refusal)[:80])
    return " ".join(PropagationReport(found).sentences())


def factor(text: str) -> float:
    """What the gradient becomes in all layers together, as it is said."""
    found = SHARE.search(text)
    assert found, text
    if found["alike"]:
        return 1.0
    return float(found["of"] or found["times"].replace("more than 1e308", "inf"))


def check(text: str) -> None:
    share = factor(text)
    if "gradients explode" in text:
        assert share > 1, text
    if "gradients vanish" in text:
        assert share < 1, text
    transient = TRANSIENT.search(text)
    if "gradients keep their size" in text:
        is_exact = "to leading order" not in text
        assert (share == 1) or not is_exact, text
        assert abs(math.log(share)) < 0.011 or "from q0" in text, text
    if transient and (settled := SETTLED.search(text)) and 0 < share < math.inf:
        size = float(transient["size"])
        way = size if transient["change"] == "gains" else 1 / size
        assert float(settled["size"]) * way == pytest.approx(share, rel=0.02), text
    assert not re.search(r"\bdead\b", text), text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*catalogue()])
def test_the_sentences_agree(name: str, way: str) -> None:
    check(sentences(name, 12, **WAYS[way]))


@pytest.mark.parametrize(
    ("name", "depth", "given", "said"),
    [
        ("tanh", 50, {"init": "critical"}, "to leading order; from q0 = 1 the transient costs a"),
        ("selu", 100, {"sigma_w": 0.75}, "at q* each layer multiplies gradients by 1.00183"),
        ("relu", 50, {}, "50.0% have slope 0"),
        ("relu", 50, {}, "critical: gradients keep their size."),
        ("silu", 50, {"init": "critical"}, "the variance leaves it"),
    ],
)
def test_what_is_said(name: str, depth: int, given: dict[str, Any], said: str) -> None:
    text = sentences(name, depth, **given)
    check(text)
    assert said in text
