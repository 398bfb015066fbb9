"""`actcli list`."""

from __future__ import annotations

import csv

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


def test_rows_have_the_key_of_every_other_command_and_every_digit(run: Run) -> None:
    (row,) = csv.DictReader(run("list", "--search", "rrelu", "-f", "csv").stdout.splitlines())
    assert row["activation"] == row["name"] == "rrelu"
    assert row["parameters"] == f"lower=0.125 upper={1 / 3!r}"


def test_an_unknown_family_names_the_families(run: Run) -> None:
    result = run("list", "--family", "tropical")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the families are linear, rectified" in result.stderr


def test_where_sort_and_facts(run: Run) -> None:
    done = run("list", "--where", "bounded and zero_centred", "--json")
    chosen = done.results
    assert {"tanh", "sin"} <= {one["name"] for one in chosen}
    assert all(one["facts"] == {"bounded": True, "zero_centred": True} for one in chosen)
    rows = run("list", "--sort", "-lipschitz", "--facts", "smooth", "-f", "csv").stdout.splitlines()
    assert rows[0] == "activation,smooth,lipschitz"
    steepness = [float(row.split(",")[2]) for row in rows[1:]]
    assert steepness == sorted(steepness, reverse=True)
    table = run("list", "--where", "family == gated", "--facts").stdout
    assert "lipschitz" in table.splitlines()[0]
    assert run("list", "--sort", "left_limit", "--json").results[-1]["facts"]["left_limit"] is None
    assert len(run("list", "--facts", "all", "-f", "csv").stdout.splitlines()[0].split(",")) > 30


def test_a_wrong_word_is_answered_with_the_facts(run: Run) -> None:
    for args in (("--where", "bonded"), ("--sort", "bonded"), ("--facts", "bonded")):
        done = run("list", *args)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "did you mean bounded?" in done.stderr
        assert "lipschitz" in done.stderr
        assert done.stderr.count("\n") == 1
