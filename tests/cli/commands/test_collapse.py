"""`actcli collapse`, as a user meets it."""

from __future__ import annotations

import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.conftest import Run
from tests.networks.files import models


def test_a_stack_carries_its_matrix_and_the_proof(run: Run) -> None:
    result = run("collapse", "4", "8", "8", "3", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.json["schema"] == "actcli.collapse/1"
    (answer,) = result.results
    (folded,) = answer["runs"]
    matrix, bias = np.eye(4), np.zeros(4)
    for layer in answer["layers"]:
        weight = np.array(layer["weight"])
        matrix, bias = weight @ matrix, weight @ bias + layer["bias"]
    np.testing.assert_allclose(folded["matrix"], matrix, atol=1e-14)
    np.testing.assert_allclose(folded["bias"], bias, atol=1e-14)
    assert folded["exact"]["deviation"] == 0
    assert folded["exact"]["matrix_error"] == 0
    assert folded["deviation"] <= folded["bound"] < 1e-12
    assert answer["refutation"] is None


def test_a_relu_shows_the_break(run: Run) -> None:
    (answer,) = run("collapse", "4", "8", "relu", "8", "3", "--json").results
    assert [part["layers"] for part in answer["runs"]] == [[1], [3, 4]]
    broken = answer["refutation"]
    assert broken["by"] == ["relu"]
    f = {name: np.array(value) for name, value in broken["outputs"].items()}
    assert broken["additivity"] == abs(f["f(u+v)"] - f["f(u)"] - f["f(v)"] + f["f(0)"]).max() > 0
    assert 0.01 < answer["affine_gap"]["unexplained"] < 1


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_verdict_comes_first(run: Run) -> None:
    text = in_one_line(run("collapse", "4", "8", "8", "3").stdout)
    assert text.startswith(
        "4 -> 8 -> 8 -> 3 is one linear layer: its 3 layers fold into one 3x4 matrix. "
        "That is 12 multiply-adds in place of 120, 15 parameters in place of 139."
    )
    assert "In exact integers (15 bits) they differ by 0." in text
    broken = in_one_line(run("collapse", "4", "8", "relu", "8", "3").stdout)
    assert broken.startswith("Not one matrix: relu in between. 4 8 relu 8 3 has one run")
    assert "120 multiply-adds become 56 (46.7 %), 139 parameters become 67." in broken
    assert "By hand: h(1) + h(-1) = 1, but h(0) + h(0) = 0" in broken


def test_a_fold_that_does_not_pay_says_so(run: Run) -> None:
    text = in_one_line(run("collapse", "100", "2", "100", "--no-bias").stdout)
    assert "It does not pay: 10,000 multiply-adds in place of 400" in text


def numbers_of(name: str, text: str) -> np.ndarray:
    """The matrix or vector that a person is shown under a name."""
    lines = text[text.index(f"  {name} = [") :].splitlines()
    rows = [lines[0], *takewhile(lambda line: line.strip().startswith("["), lines[1:])]
    return np.array([row[row.index("[") + 1 : -1].split() for row in rows], float)


def test_a_small_stack_shows_its_own_matrices_beside_the_fold(run: Run) -> None:
    text = run("collapse", "4", "8", "3").stdout
    shown = {name: numbers_of(name, text) for name in ("W1", "b1", "W2", "b2", "W", "b")}
    np.testing.assert_allclose(shown["W"], shown["W2"] @ shown["W1"], atol=6e-5)
    bias = shown["W2"] @ shown["b1"][0] + shown["b2"][0]
    np.testing.assert_allclose(shown["b"][0], bias, atol=6e-5)
    assert "W = W2 W1 and b = W2 b1 + b2" in text
    assert max(map(len, text.splitlines())) <= 80


def test_layers_keep_their_numbers_in_products(run: Run) -> None:
    text = run("collapse", "2", "3", "relu", "4", "3", "2").stdout
    assert "W = (W5 W4) W3 and b = W5 (W4 b3 + b4) + b5" in text
    (answer,) = run("collapse", "2", "3", "relu", "4", "3", "2", "--json").results
    assert answer["runs"][1]["product"] == "(W5 W4) W3"


def test_a_long_stack_shows_no_matrices(run: Run) -> None:
    assert "W1 = [" not in run("collapse", "784", "512", "10").stdout


def test_a_model_is_a_list_of_runs_and_of_what_parts_them(run: Run, tmp_path: Path) -> None:
    source = models.classifier(tmp_path / "m.onnx")
    lines = [line.split() for line in run("collapse", str(source)).stdout.splitlines()]
    words = lines[lines.index([]) + 3 :]
    table = [" ".join(line) for line in words[: words.index([])]]
    assert table == [
        "1-2 /h1, /h2 16x32 matrix 3,072 -> 512 3,136 -> 528",
        "relu not linear",
        "3-4 /h3, /z 4x16 matrix 800 -> 64 840 -> 68",
        "softmax not linear",
    ]


def test_what_is_not_folded_says_why_in_its_place(run: Run, tmp_path: Path) -> None:
    source = models.gated(tmp_path / "m.onnx")
    text = in_one_line(run("collapse", str(source)).stdout)
    assert "/p (Gemm) its input h is needed in 2 places, so that it must be computed 3 /p" in text
    assert "3 /p alone: nothing to fold 64 64 /y (Mul) Mul of 2 computed values" in text


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("model.pt", 'torch.onnx.export(model.eval(), torch.zeros(1, 784), "model.onnx")'),
        ("MODEL.PTH", "torch.onnx.export"),
        ("a b.h5", """keras.saving.load_model('a b.h5').export("model.onnx", format="onnx")"""),
        ("m.keras", "keras.saving.load_model('m.keras')"),
        ("m.pkl", "numpy.savez"),
        ("m.tflite", "tf2onnx.convert --tflite 'm.tflite'"),
        ("m.gguf", ".safetensors files that it was made from"),
        ("folder", "name a file in it, such as folder/w.npz"),
        ("empty", "there is none in it"),
        ("nosuffix", "has no suffix"),
        ("m.xyz", "has the suffix .xyz"),
    ],
)
def test_another_format_says_what_makes_one_that_is_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("folder", "empty"):
        Path(folder).mkdir()
    for file in ("folder/w.npz", "nosuffix", "m.xyz"):
        Path(file).touch()
    result = run("collapse", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "collapse reads .npz, .safetensors and .onnx" in result.stderr
    assert line in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_stack_is_a_stack_whatever_files_there_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("4").mkdir()
    Path("relu").touch()
    assert run("collapse", "4", "relu", "3").exit_code == 0


@pytest.mark.parametrize("args", [("4", "3*x"), ("4", "identity", "identity"), ("2", "3*x", "3*x")])
def test_lines_are_no_break(run: Run, args: str) -> None:
    (answer,) = run("collapse", *args, "--json").results
    assert answer["refutation"] is None


def test_as_conv(run: Run) -> None:
    text = run("collapse", "--as-conv", "7x7x8", "flatten", "16", "4").stdout
    text = " ".join(text.split())
    assert "a 7x7x8 image with a 16x8x7x7 kernel, 6,272 weights" in text
    assert "a 1x1x16 image with a 4x16x1x1 kernel" in text


@pytest.mark.parametrize("form", ["csv", "tsv", "md", "ndjson"])
def test_every_run_is_a_row(run: Run, form: str) -> None:
    text = run("collapse", "4", "8", "relu", "8", "3", "-f", form).stdout
    assert sum("8" in line for line in text.splitlines()) == 2


def test_a_model_is_folded_and_saved(run: Run, tmp_path: Path) -> None:
    source, target = models.classifier(tmp_path / "m.onnx"), tmp_path / "f.onnx"
    result = run("collapse", str(source), "--save", str(target), "--json")
    (answer,) = result.results
    saved = answer["saved"]
    assert saved["folds"] == [[1, 2], [3, 4]]
    agreed = saved["agreement"]
    assert agreed["deviation"] <= agreed["bound"]
    assert 0 < agreed["fold_deviation"] <= agreed["fold_bound"] < agreed["bound"]
    assert target.exists()
    assert [barrier["name"] for barrier in answer["barriers"]] == ["/r (Relu)", "/y (Softmax)"]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".onnx"])
def test_a_stack_can_be_saved_and_read(run: Run, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"m{suffix}"
    assert run("collapse", "4", "8", "5", "--save", str(target)).exit_code == 0
    (answer,) = run("collapse", str(target), "--json").results
    (expected,) = run("collapse", "4", "8", "5", "--json").results
    assert answer["runs"][0]["matrix"] == expected["runs"][0]["matrix"]


def test_the_assumption_is_said(run: Run, tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", a=np.ones((3, 2)), b=np.ones((4, 3)))
    result = run("collapse", str(tmp_path / "m.npz"))
    assert "nothing stands between its layers (--activation sets what does)" in result.stderr


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("4", "8", "--activation", "relu"), 2, "--activation is for files"),
        (("4", "8", "--layout", "in-out"), 2, "--layout is for files"),
        (("4", "8", "--always"), 2, "--always belongs to --save"),
        (("4", "m.npz"), 2, "a file stands alone"),
        (("missing.npz",), 1, "No such file"),
        (("model.npz", "--no-bias"), 2, "--bias is for stacks"),
        (("model.npz", "--save", "model.npz"), 2, "--force"),
        (("model.npz", "--save", "model.pt"), 2, ".safetensors"),
        (("8x8x3", "10"), 2, "put flatten before it"),
        (("8x8x3", "maxpool:2", "flatten", "5", "--save", "c.npz"), 1, "dense layers only"),
        (("4", "8", "layernorm", "--save", "a.onnx"), 1, "is not written as ONNX"),
    ],
)
def test_errors_are_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: str, code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("model.npz", a=np.ones((3, 2)), b=np.ones((4, 3)))
    result = run("collapse", *args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


@pytest.mark.parametrize("link", ["hard", "symbolic"])
@pytest.mark.parametrize("option", ["--save", "-o"])
def test_no_output_goes_over_the_input(run: Run, tmp_path: Path, option: str, link: str) -> None:
    source, other = tmp_path / "m.npz", tmp_path / "other.npz"
    np.savez(source, a=np.ones((3, 2)), b=np.ones((4, 3)))
    before = source.read_bytes()
    other.hardlink_to(source) if link == "hard" else other.symlink_to(source)
    more = ("-f", "json") if option == "-o" else ()
    result = run("collapse", str(source), option, str(other), *more)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert source.read_bytes() == other.read_bytes() == before


def test_weights_kept_beside_a_model_are_not_written_over(run: Run, tmp_path: Path) -> None:
    import onnx

    source = tmp_path / "m.onnx"
    model = onnx.load(models.gemm_mlp(tmp_path / "plain.onnx"))
    onnx.save(model, source, save_as_external_data=True, location="w.npz", size_threshold=0)
    before = (tmp_path / "w.npz").read_bytes()
    assert run("collapse", str(source), "--save", str(tmp_path / "w.npz")).exit_code == 2
    assert (tmp_path / "w.npz").read_bytes() == before


def test_a_pipe_is_no_place_to_save(run: Run, tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "p.npz")
    (tmp_path / "link.npz").symlink_to(tmp_path / "p.npz")
    for name in ("p.npz", "link.npz"):
        result = run("collapse", "4", "8", "3", "--save", str(tmp_path / name))
        assert (result.exit_code, result.stdout) == (1, "")
        assert "is no file" in result.stderr


@pytest.mark.parametrize("package", ["onnx", "safetensors", "ml_dtypes"])
def test_a_missing_extra_is_a_hint(tmp_path: Path, package: str) -> None:
    path = tmp_path / f"m.{'onnx' if package == 'onnx' else 'safetensors'}"
    save_file({"0.weight": np.ones((3, 2))}, path)
    code = (
        f"import sys; sys.modules[{package!r}] = None; "
        f"from actcli.cli.main import run; sys.exit(run(['collapse', {str(path)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'actcli[models]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_npz_needs_no_extra(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", a=np.ones((3, 2)), b=np.ones((4, 3)))
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['onnx', 'safetensors', 'ml_dtypes'])); "
        f"from actcli.cli.main import run; sys.exit(run(['collapse', {str(tmp_path / 'm.npz')!r}]))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        == 0
    )
