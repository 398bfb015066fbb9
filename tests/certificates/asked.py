"""What is asked, and the certificates that the program gives of its answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from actcli.activations.registry import catalogue
from actcli.errors import ActcliError
from actcli.find import find
from actcli.formats.json import chunks
from actcli.functions.certificate import certificates
from actcli.functions.compare import compare
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation
from actcli.meanfield.gain import certificate, gain
from actcli.reports.certificate import CertificateReport, GainCertificateReport
from actcli.results import Reply, Report

FORMULAS = Path(__file__).with_name("formulas.txt").read_text().splitlines()
FUNCTIONS = [*catalogue(), *FORMULAS]

PAIRS = [
    *("gelu | relu", "silu | hardswish", "tanh | sigmoid", "softplus | relu", "elu | selu"),
    *("mish | silu", "relu | step", "relu6 | hardtanh", "atan(x) | tanh(x)", "sin | cos"),
    *("softsign | tanh", "x | x+1e-3*exp(-((x-1000.123)*1000000)**2)", "gelu | quick_gelu"),
]

QUESTIONS = [
    *(("info", text) for text in FUNCTIONS),
    *(("saturation", text) for text in FUNCTIONS),
    *(("compare", text) for text in PAIRS),
    *(("gain", text) for text in FUNCTIONS),
]


@cache
def asked(question: str, text: str, eps: float = 1e-3) -> list[Any]:
    """The certificates of an answer as a file has them; none where there is no answer."""
    functions = [find(one.strip()) for one in text.split(" | ")]
    reports: list[Report[Any]] = []
    try:
        match question:
            case "gain":
                found = [(gain(one), one) for one in functions]
                reports = [GainCertificateReport(certificate(*one)) for one in found]
            case "compare":
                written = [*certificates([compare(functions, eps)], functions)]
                reports = [*map(CertificateReport, written[len(functions) :])]
            case _:
                answers = [
                    facts(one, eps=eps) if question == "info" else saturation(one, eps)
                    for one in functions
                ]
                reports = [*map(CertificateReport, certificates(answers, functions))]
    except ActcliError:
        return []
    document = b"".join(chunks(Reply(reports, schema="certificate/1")))
    written_out: list[Any] = orjson.loads(document)["results"]
    return written_out
