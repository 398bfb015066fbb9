"""Certificates are confirmed by a checker that shares only the parser with the program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.certificates.asked import QUESTIONS
from tests.certificates.checker import CONFIRMED, REFUTED
from tests.certificates.sweep import sweep

EPS = (1e-3, 0.1, 1e-9, 0.0)

FIXED = {
    kind: [one for one in QUESTIONS if one[0] == kind][::every]
    for kind, every in {"info": 20, "saturation": 24, "compare": 2, "gain": 11}.items()
}


@pytest.mark.parametrize("kind", FIXED)
def test_a_certificate_proves_its_answer_and_no_other(kind: str) -> None:
    whole, changed, wrong = sweep(FIXED[kind], 15)
    assert whole[REFUTED] == changed[CONFIRMED] == 0, wrong
    assert whole[CONFIRMED] >= 0.9 * whole.total(), wrong
    assert changed.total() >= 12 * whole[CONFIRMED]


@settings(max_examples=4)
@given(st.sampled_from(QUESTIONS), st.sampled_from(EPS), st.integers(0))
def test_any_changed_certificate_is_refuted(asked: tuple[str, str], eps: float, seed: int) -> None:
    whole, changed, wrong = sweep([asked], 12, eps, seed)
    assert whole[REFUTED] == changed[CONFIRMED] == 0, wrong
