"""The file that --certificate writes, and when it is refused."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import Run

QUESTIONS = {
    "saturation": ["gelu", "step"],
    "info": ["x*tanh(x)"],
    "compare": ["gelu", "relu"],
    "gain": ["gelu", "step", "--q", "2"],
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_certificate_is_what_its_schema_says(run: Run, tmp_path: Path, question: str) -> None:
    file = tmp_path / "proof"
    answered = run(question, *QUESTIONS[question], "--json", "--certificate", str(file))
    assert answered.exit_code == 0
    document = json.loads(file.read_text(), parse_constant=pytest.fail)
    schema = run("schema", "gain-certificate" if question == "gain" else "certificate").json
    jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    plain = run(question, *QUESTIONS[question], "--json").results
    answers = [one["answer"] for one in document["results"]]
    if question == "compare":
        (comparison,) = plain
        assert answers == [*comparison["activations"], *comparison["pairs"]]
    else:
        assert answers == plain


def test_what_is_open_is_open_in_the_certificate(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    hard = "tanh(1e3*(x-77.77))+tanh(-1e3*(x-77.771))"
    assert run("info", hard, "--effort", "0.001", "--certificate", str(file)).exit_code == 0
    (certificate,) = json.loads(file.read_text())["results"]
    assert certificate["answer"]["proved"] is False
    claims = {box["claim"] for cover in certificate["covers"] for box in cover["boxes"]}
    assert "open" in claims


def test_a_certificate_that_cannot_be_written_is_one_line(run: Run, tmp_path: Path) -> None:
    result = run("info", "gelu", "--certificate", str(tmp_path / "none" / "proof.json"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: cannot write to ")
    assert result.stderr.count("\n") == 1
    assert run("info", "gelu", "--certificate", str(tmp_path)).exit_code == 1
