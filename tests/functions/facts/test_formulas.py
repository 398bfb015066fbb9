"""A typed formula has the facts of the activation whose formula it is."""

from __future__ import annotations

import math
from typing import Any

from actcli.activations.registry import Named
from tests.formula.written_out import written_out
from tests.functions.facts.known_facts import as_plain, known


def test_a_formula_has_the_facts_of_its_catalogue_entry(activation: Named) -> None:
    ours, theirs = (as_plain(known(one)) for one in (activation, written_out(activation)))
    about = {"activation", "formula", "params", "family", "summary", "reference", "notes"}
    about |= {"frameworks", "entry"}
    for one, other in zip(ours["kinks"], theirs["kinks"], strict=True):
        if one["x"] != other["x"]:  # a kink between two doubles
            one |= {key: other[key] for key in ("value", "derivative")}
    for each in (ours, theirs):
        each["saturation"] = {k: v for k, v in each["saturation"].items() if k not in about}
    for key in ours.keys() - about:
        assert_alike(ours[key], theirs[key], key)


def assert_alike(ours: Any, theirs: Any, key: str) -> None:
    """Equal but for the roundoff that a formula cannot avoid."""
    if isinstance(ours, dict):
        for name in ours:
            assert_alike(ours[name], theirs[name], f"{key}.{name}")
    elif isinstance(ours, list | tuple):
        assert len(ours) == len(theirs), f"{key}: {ours} and {theirs}"
        for one, other in zip(ours, theirs, strict=True):
            assert_alike(one, other, key)
    elif isinstance(ours, float) and isinstance(theirs, float):
        edge = key.startswith("saturation.")  # as far off as a roundoff of the slope carries it
        rel_tol, abs_tol = (1e-8, 1e-12) if edge else (1e-13, 1e-15)
        assert math.isclose(ours, theirs, rel_tol=rel_tol, abs_tol=abs_tol), (
            f"{key}: {ours}, {theirs}"
        )
    else:
        assert ours == theirs, key
