"""Text -> activation."""

from __future__ import annotations

import subprocess
import sys

import pytest

from actcli.activations.registry import Named, catalogue
from actcli.errors import UsageError
from actcli.find import find


@pytest.mark.parametrize("name", catalogue())
def test_a_name_is_found_in_any_spelling_and_reads_back(name: str) -> None:
    found = find(name)
    assert str(found) == name
    assert found is find(name) or found == find(name)
    assert find(name.upper()) == find(name.replace("_", "")) == found
    assert isinstance(found, Named)
    for alias in found.aliases:
        assert find(alias) == found


@pytest.mark.parametrize(
    "text", ["elu:alpha=0.5", "hardtanh:min_val=-2.0,max_val=2.0", "step:at_zero=0.5"]
)
def test_parameters_read_back(text: str) -> None:
    assert str(find(text)) == text
    assert find(str(find(text))) == find(text)


def test_fractions_are_rounded_once() -> None:
    assert find("hardsigmoid:slope=1/6") == find("hardsigmoid")
    assert find("elu: alpha = 1/3").params == {"alpha": 1 / 3}


@pytest.mark.parametrize("text", ["x", "x*tanh(x)", "2", "pi", " 1 + x "])
def test_everything_else_is_a_formula(text: str) -> None:
    assert find(text).formula == text.strip()
    assert find(str(find(text))) == find(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rellu", "did you mean"),
        ("nothing_like_it", "`actcli list`"),
        ("elu:beta=1", "elu has no parameter 'beta': its parameters are: alpha"),
        ("elu:alpha=", "elu: alpha must be a number, not ''"),
        ("elu:alpha=1/0", "must be a number"),
        ("elu:alpha=inf", "alpha must be"),
        ("elu:", "write parameters as key=value, not ''"),
        ("", "empty"),
        ("a" * 100_000, "..."),
    ],
)
def test_errors_are_one_short_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "formula", ["x", "x*tanh(x)", "x-1", "-x", "3", "1e-3", "1/x", "x > 0", "pi"]
)
def test_a_formula_is_told_from_a_name_without_the_catalogue(formula: str) -> None:
    """Nor are entry points looked for."""
    program = f"""
import sys
from actcli.find import find
find({formula!r})
families = [name for name in sys.modules if name.startswith("actcli.activations.rectified.")]
assert not families, families
assert "importlib.metadata" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
