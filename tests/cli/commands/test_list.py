"""`actcli list`."""

from __future__ import annotations

from actcli.activations.registry import FAMILIES, catalogue
from tests.conftest import Run


def test_it_lists_the_whole_catalogue(run: Run) -> None:
    results = run("list", "--json").results
    assert [one["name"] for one in results] == list(catalogue())
    assert {one["family"] for one in results} == set(FAMILIES)


def test_family_and_search(run: Run) -> None:
    linear = run("list", "--family", "linear", "--json").results
    assert {one["family"] for one in linear} == {"linear"}
    assert [one["name"] for one in run("list", "--search", "Heaviside", "--json").results] == [
        "step"
    ]
    assert run("list", "--search", "no such thing", "--json").results == []


def test_an_unknown_family_names_the_families(run: Run) -> None:
    result = run("list", "--family", "tropical")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the families are linear, rectified" in result.stderr
