"""What is asked, and the certificates that the program gives of its answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from actcli.activations.registry import catalogue
from actcli.find import find
from actcli.formats.json import chunks
from actcli.functions.certificate import certificates
from actcli.functions.compare import compare
from actcli.functions.facts import facts
from actcli.functions.saturation import saturation
from actcli.reports.certificate import CertificateReport
from actcli.results import Reply

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
]


@cache
def asked(question: str, text: str, eps: float = 1e-3) -> list[Any]:
    """The certificates of an answer as a file has them."""
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
    found: list[Any] = orjson.loads(document)["results"]
    return found
