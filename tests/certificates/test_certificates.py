"""Certificates are confirmed by a checker that shares only the parser with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.formats.json import chunks
from actcli.functions.certificate import certificates
from actcli.functions.compare import compare
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation
from actcli.reports.certificate import CertificateReport
from actcli.results import Reply
from tests.certificates.checker import check
from tests.certificates.mutants import mutants
from tests.certificates.proof import RefutedError, UnconfirmedError

FORMULAS = Path(__file__).with_name("formulas.txt").read_text().splitlines()

TOWERS = {"telu", "colu"}
"""f - x goes on as exp(-exp(x)), which is no monomial of the checker's."""

PAIRS = [
    *("gelu | relu", "silu | hardswish", "tanh | sigmoid", "softplus | relu", "elu | selu"),
    *("mish | silu", "relu | step", "relu6 | hardtanh", "atan(x) | tanh(x)", "sin | cos"),
    *("softsign | tanh", "x | x+1e-3*exp(-((x-1000.123)*1000000)**2)", "gelu | quick_gelu"),
]

ONES = [*(name for name in catalogue() if name not in TOWERS), *FORMULAS]
QUESTIONS = [
    *(("info", text) for text in ONES),
    *(("saturation", text) for text in (*TOWERS, *ONES)),
    *(("compare", text) for text in PAIRS),
]

_CHANGES = 5
"""Of each certificate that is looked at."""

EPS = (1e-3, 0.1, 1e-9, 0.0)


@cache
def proofs(question: str, text: str, eps: float) -> tuple[list[Any], set[Any]]:
    """The certificates of an answer as a file has them, and the boxes that were confirmed.

    All are checked; those that leave nothing open are returned.
    """
    answers: list[Any]
    functions = [find(one.strip()) for one in text.split(" | ")]
    match question:
        case "saturation":
            answers = [saturation(one, eps) for one in functions]
        case "info":
            answers = [facts(one, eps=eps) for one in functions]
        case _:
            answers = [compare(functions, eps)]
    written = [*certificates(answers, functions)]
    if question == "compare":
        written = written[len(functions) :]
    document = b"".join(chunks(Reply([*map(CertificateReport, written)], schema="certificate/1")))
    found = orjson.loads(document)["results"]
    seen: set[Any] = set()
    for certificate in found:
        check(certificate, seen)
    return [one for one in found if one["answer"]["proved"]], seen


@pytest.mark.parametrize(("question", "text"), QUESTIONS[::16])
def test_a_certificate_proves_its_answer(question: str, text: str) -> None:
    assert proofs(question, text, EPS[0])[0]


@settings(max_examples=3)
@given(st.sampled_from(QUESTIONS), st.sampled_from(EPS))
def test_any_certificate_proves_its_answer(asked: tuple[str, str], eps: float) -> None:
    proofs(*asked, eps)


@settings(max_examples=12)
@given(st.data())
def test_a_changed_certificate_is_refuted(data: st.DataObject) -> None:
    question, text = data.draw(st.sampled_from(QUESTIONS))
    found, seen = proofs(question, text, EPS[0])
    for certificate in found:
        changed = [*mutants(certificate)]
        for i in data.draw(st.permutations(range(len(changed))))[:_CHANGES]:
            what, mutant = changed[i]
            assert not _is_accepted(mutant, seen), what


def _is_accepted(certificate: Any, seen: set[Any]) -> bool:
    try:
        check(certificate, seen)
    except (RefutedError, UnconfirmedError):
        return False
    return True
