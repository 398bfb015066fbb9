"""The language of `list --where`."""

from __future__ import annotations

import pytest

from actcli.activations.registry import catalogue
from actcli.errors import UsageError
from actcli.functions.choosing import lookup
from actcli.functions.choosing.criteria import KINDS
from actcli.functions.choosing.where import condition
from actcli.functions.listing import listing


def names(where: str) -> set[str]:
    return {entry.name for entry in listing(where=where)}


@pytest.mark.parametrize(
    ("where", "inside", "outside"),
    [
        ("bounded and zero_centred", {"tanh", "sin", "softsign"}, {"sigmoid", "gelu", "cos"}),
        ("lipschitz <= 1", {"relu", "tanh", "softplus"}, {"gelu", "silu", "selu", "step"}),
        ("0 < lipschitz < 1/3", {"sigmoid", "hardsigmoid"}, {"tanh", "relu"}),
        ('family == "gated"', {"gelu", "mish"}, {"relu"}),
        ("family == gated", {"gelu"}, {"relu"}),
        ("family != 'gated' and parameters == 2", {"hardtanh"}, {"gelu", "relu"}),
        ("not saturates_left", {"identity", "leaky_relu"}, {"relu", "gelu", "tanh"}),
        ("smooth and monotone", {"softplus", "tanh", "identity"}, {"gelu", "relu", "sin"}),
        ("odd or even", {"tanh", "abs", "gaussian", "lisht"}, {"relu"}),
        ("lipschitz == inf", {"square", "step", "exponential"}, {"relu"}),
        ("left_limit == 0 and right_slope == 1", {"relu", "gelu", "softplus"}, {"elu", "tanh"}),
        ("left_limit == -1 and right_slope == 1", {"elu"}, {"relu", "selu"}),
        ("periodic", {"sin", "cos"}, {"gcu", "snake"}),
        ("not (bounded_below or bounded_above)", {"identity", "leaky_relu"}, {"relu", "tanh"}),
        ("dead_zone == true", {"softshrink"}, {"relu"}),
        ("kinks >= 2 and continuous", {"relu6", "hardswish"}, {"relu", "step"}),
        ("zero-centered and range_high <= 1", {"tanh", "erf"}, {"atan", "sigmoid"}),
        ("torch and hard", {"relu6", "hardswish"}, {"gelu", "hard_mish"}),
        ("range_high > range_low", {"relu"}, set()),
    ],
)
def test_it_chooses(where: str, inside: set[str], outside: set[str]) -> None:
    found = names(where)
    assert inside <= found
    assert not outside & found
    assert found < {*catalogue()} or where == "range_high > range_low"


def test_negation_parts_what_is_decided() -> None:
    for name, kind in KINDS.items():
        if kind is bool:
            assert names(name) | names(f"not {name}") == {*catalogue()}
            assert not names(name) & names(f"not {name}")


def test_no_proof_is_made_for_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "proved", lambda _: pytest.fail("it is written down"))
    assert len(listing(sort="lipschitz", shown=[*KINDS])) == len(catalogue())


def test_what_is_not_decided_is_not_chosen() -> None:
    unknown = condition("lipschitz <= 1 or bounded")
    assert {*unknown.names} == {"lipschitz", "bounded"}
    assert unknown.holds({"lipschitz": None, "bounded": True}) is True
    assert unknown.holds({"lipschitz": None, "bounded": False}) is None
    assert condition("not bounded").holds({"bounded": None}) is None


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("bonded", "did you mean bounded"),
        ("wings", "the facts are name, family"),
        ("bounded and", "cannot read the condition"),
        ("bounded & odd", "is no condition"),
        ("lipschitz", "compare it, such as lipschitz <= 1"),
        ("family", "is a text: compare it"),
        ("family < gated", "compare it by == or !="),
        ("lipschitz <= gated", "no fact 'gated'"),
        ("lipschitz <= 'a'", "is not a number"),
        ("bounded == 3", "is not true or false"),
        ("lipschitz in (1, 2)", "compare a fact by"),
        ("1 < 2", "compare a fact by"),
        ("bounded == lipschitz", "are of two kinds"),
        ("odd()", "is no condition"),
        ("__import__('os').system('x')", "no fact '__import__'"),
        ("().__class__", "is no condition"),
        ("lipschitz <= 9**9**9**9", "is not a number"),
        ("", "cannot read"),
        ("not " * 900 + "odd", "the condition has 3603 characters"),
        ("(" * 400 + "odd" + ")" * 400, "cannot read"),
        ("x := 3", "cannot read"),
        ("lambda: 1", "is no condition"),
    ],
)
def test_what_is_wrong_is_one_line(where: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        listing(where=where)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
