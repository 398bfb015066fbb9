"""`actcli train`."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from actcli.cli.options import INITS
from actcli.meanfield.propagate import CRITICAL, SCHEMES
from tests.conftest import Run

PROMISED = [
    *("activation", "formula", "params", "data", "points", "classes", "hidden", "init"),
    *("optimizer", "lr", "epochs", "batch", "runs", "median", "linear_bound", "collapsed"),
]
RUN = {
    *("seed", "loss", "train_accuracy", "test_accuracy", "test_loss", "epochs_to_95"),
    *("dead_units", "hidden_units", "saturated_share", "gradient_ratio", "params", "diverged_in"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_json_has_the_promised_keys(run: Run) -> None:
    result = run("train", "circle", "-a", "relu", "-a", "identity", "--epochs", "2", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.json["schema"] == "actcli.train/1"
    relu, identity = result.results
    for one in (relu, identity):
        assert [key for key in one if key in PROMISED] == PROMISED
        assert one["runs"][0].keys() >= RUN
        assert len(one["runs"][0]["loss"]) == 3
    assert relu["linear_bound"] is relu["collapsed"] is None
    assert identity["linear_bound"].keys() == {"accuracy", "right", "points"}
    assert np.shape(identity["collapsed"]["weight"]) == (2, 2)


def test_the_initialisations_are_those_of_propagate() -> None:
    assert (*SCHEMES, CRITICAL) == INITS


def test_the_verdict_is_said_first(run: Run) -> None:
    text = run("train", "circle", "--epochs", "5").stdout
    assert text.startswith("relu: ")
    assert "of the test points right after 5 epochs" in text


def test_several_activations_share_one_table(run: Run) -> None:
    args = ("train", "circle", "-a", "relu", "-a", "prelu", "--learn-params", "--epochs", "3")
    lines = run(*args, "-f", "table", "--color", "never").stdout.splitlines()
    (header,) = (n for n, line in enumerate(lines) if line.startswith("activation"))
    assert [line.split()[0] for line in lines[header + 2 : header + 4]] == ["relu", "prelu"]
    assert "learned" in lines[header]
    assert [line.split()[0] for line in lines[:header] if ":" in line] == ["relu:", "prelu:"]


def test_no_learned_number_is_broken_across_lines(run: Run) -> None:
    args = ("train", "moons", "-a", "prelu", "--learn-params", "--repeat", "3", "--epochs", "5")
    text = run(*args).stdout
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"[ =]-?\d\.\d+\+-\d\.\d+$", text.splitlines()[-1])


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("color", ["never", "always"])
def test_regions_fit_the_screen(run: Run, width: int, color: str) -> None:
    args = ("train", "xor", "-a", "tanh", "-a", "relu", "--epochs", "2", "-f", "chart")
    text = run(*args, "--color", color, "--width", str(width), "--height", "24").stdout
    plain = [line for line in text.splitlines() if "\x1b" not in line]
    assert len(text.splitlines()) <= 24
    assert max(map(len, plain)) <= width
    assert ("\N{UPPER HALF BLOCK}" in text) == (color == "always")
    assert "tanh" in text
    assert text.isascii() == (color == "never")


@pytest.mark.parametrize("name", ["regions.svg", "regions.png", "regions.pdf"])
def test_regions_are_a_figure(run: Run, here: Path, name: str) -> None:
    args = ("train", "moons", "--epochs", "2", "-o")
    assert run(*args, name).exit_code == 0
    first = (here / name).read_bytes()
    assert run(*args, name).exit_code == 0
    assert (here / name).read_bytes() == first


def test_the_loss_is_drawn_against_epochs(run: Run) -> None:
    text = run("train", "sine", "--epochs", "9", "--curve", "-f", "chart").stdout
    assert "epoch" in text
    assert "relu" in text


def test_a_target_that_is_missed_is_exit_3(run: Run) -> None:
    args = ("train", "circle", "-a", "identity", "--epochs", "2", "--target-accuracy")
    assert run(*args, "0.1").exit_code == 0
    missed = run(*args, "0.97")
    assert missed.exit_code == 3
    assert "failed: identity reaches" in missed.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nothing"], "DATA must be circle"),
        (["circle", "--hidden", "8,x"], "must be widths"),
        (["circle", "--hidden", "0"], "must be widths"),
        (["circle", "--batch", "0"], "--batch"),
        (["circle", "--dropout", "1"], "less than 1"),
        (["circle", "--learn-params"], "none of the activations has a parameter"),
        (["circle", "-a", "relu", "-a", "elu", "--save", "a.npz"], "one network"),
        (["circle", "--save", "a.txt"], "suffix"),
        (["circle", "--target", "y"], "for files"),
        (["sine", "--target-accuracy", "0.9"], "regression"),
        (["circle", "--points", "2", "--test-share", "0.99"], "leaves no point"),
        (["circle", "--points", "3", "--folds", "4"], "folds"),
    ],
)
def test_usage(run: Run, here: Path, args: list[str], message: str) -> None:
    result = run("train", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("text", "args", "code", "message"),
    [
        ("a,y\n1,0\n,1\n", [], 1, "column 'a', row 2: a missing value"),
        ("a,y\n1,0\nnan,1\n", [], 1, "a missing value"),
        ("a,y\n1,u\n2,\n", [], 1, "column 'y', row 2: a missing value"),
        ("a,y\n1,u\n2,u\n", [], 1, "the same in every row"),
        ("a,y\n1,0\nred,1\n", [], 1, "'red' is not a number"),
        ("a,y\n", [], 1, "0 rows"),
        ("a,y\n1,0\n", [], 1, "1 row"),
        ("", [], 1, "is empty"),
        ("a,y\n1,0\n2\n", [], 1, "row 2: 1 columns"),
        ("a,a\n1,0\n2,1\n", [], 1, "same name"),
        ("a\n1\n2\n", [], 1, "no column beside"),
        ("a,y\n1,0\n2,1\n", ["--target", "z"], 2, "no column 'z': it has a, y"),
        ("a,y\n1,0\n2,1\n", ["--points", "3"], 2, "points that are drawn"),
    ],
)
def test_what_cannot_be_learned_from_is_one_line(
    run: Run, here: Path, text: str, args: list[str], code: int, message: str
) -> None:
    (here / "in.csv").write_text(text)
    result = run("train", "in.csv", *args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_constant_column_and_text_classes_simply_work(run: Run, here: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{a}\t7\t{'yes' if a > 0 else 'no'}" for a in rng.normal(size=60)]
    (here / "in.tsv").write_text("\n".join(["a\tb\tsaid", *rows]))
    (one,) = run("train", "in.tsv", "--epochs", "60", "--json").results
    assert one["classes"] == ["no", "yes"]
    assert one["median"]["test_accuracy"] > 0.9


def test_an_npz_file(run: Run, here: Path) -> None:
    x = np.random.default_rng(0).normal(size=(80, 3))
    np.savez(here / "in.npz", x=x, y=x @ [1.0, -2.0, 0.5])
    (one,) = run("train", "in.npz", "--hidden", "none", "--epochs", "100", "--json").results
    assert one["classes"] is None
    assert one["median"]["test_loss"] < 1e-3


def test_saved_points_are_the_points(run: Run, here: Path) -> None:
    (drawn,) = run("train", "xor", "--save-data", "p.csv", "--epochs", "2", "--json").results
    (read,) = run("train", "p.csv", "--no-standardise", "--epochs", "2", "--json").results
    assert read["runs"] == drawn["runs"]


def test_a_header_of_numbers_is_noted(run: Run, here: Path) -> None:
    (here / "in.csv").write_text("1.5,-2,u\n2,3,v\n3,4,u\n4,5,v\n")
    result = run("train", "in.csv", "--epochs", "1")
    assert result.exit_code == 0
    assert result.stderr == "note: the first row of in.csv, 1.5, -2, was taken for names\n"


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_one_step_of_sgd_is_minus_lr_times_the_gradient(run: Run, here: Path, suffix: str) -> None:
    """The gradient by central differences, from what is read from files alone."""
    args = ("train", "circle", "-a", "tanh", "--hidden", "3", "--optimizer", "sgd", "--lr", "0.5")
    for epochs in ("0", "1"):
        saved = f"net{epochs}.{suffix}"
        options = ("--batch", "all", "--test-share", "0", "--save-data", "p.csv")
        assert run(*args, *options, "--epochs", epochs, "--save", saved).exit_code == 0
    if suffix == "npz":
        before, after = (dict(np.load(f"net{n}.npz")) for n in "01")
    else:
        from safetensors.numpy import load_file

        before, after = (load_file(f"net{n}.safetensors") for n in "01")
    names = [f"layers.{k}.{role}" for k in (0, 1) for role in ("weight", "bias")]
    assert sorted(before) == sorted(names)
    points = np.loadtxt("p.csv", delimiter=",", skiprows=1)

    def loss(tensors: dict[str, np.ndarray]) -> float:
        w0, b0, w1, b1 = (tensors[name] for name in names)
        z = np.tanh(points[:, :2] @ w0.T + b0) @ w1.T + b1
        log_sum = np.log(np.exp(z).sum(axis=1))
        return float((log_sum - z[np.arange(len(z)), points[:, 2].astype(int)]).mean())

    for name in names:
        for index in np.ndindex(before[name].shape):
            sides = []
            for by in (1e-5, -1e-5):
                moved = {key: array.copy() for key, array in before.items()}
                moved[name][index] += by
                sides.append(loss(moved))
            gradient = (sides[0] - sides[1]) / 2e-5
            step = after[name][index] - before[name][index]
            assert step == pytest.approx(-0.5 * gradient, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    "fn", ["relu", "gelu", "elu", "prelu", "silu", "mish", "x*tanh(x)", "hardswish", "softsign"]
)
def test_a_saved_onnx_network_computes_the_same(run: Run, here: Path, fn: str) -> None:
    args = ("train", "moons", "-a", fn, "--hidden", "6,5", "--epochs", "5")
    assert run(*args, "--save", "net.onnx").exit_code == 0
    assert run(*args, "--save", "net.npz").exit_code == 0
    from actcli.find import find

    tensors = np.load("net.npz")
    x = np.random.default_rng(0).normal(size=(50, 2))
    signal = x
    for k in range(3):
        signal = find(fn).value(signal) if k else signal
        signal = signal @ tensors[f"layers.{k}.weight"].T + tensors[f"layers.{k}.bias"]
    session = onnxruntime.InferenceSession("net.onnx", providers=["CPUExecutionProvider"])
    (outputs,) = session.run(None, {"input": x})
    assert outputs == pytest.approx(signal, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("fn", ["identity", "2*x + 1"])
def test_a_linear_network_folds_to_one_gemm(run: Run, here: Path, fn: str) -> None:
    assert run("train", "xor", "-a", fn, "--epochs", "2", "--save", "net.onnx").exit_code == 0
    assert run("collapse", "net.onnx", "--save", "folded.onnx").exit_code == 0
    folded = onnx.load("folded.onnx")
    assert [node.op_type for node in folded.graph.node] == ["Gemm"]
    x = np.random.default_rng(0).normal(size=(9, 2))
    one, other = (
        onnxruntime.InferenceSession(name).run(None, {"input": x})[0]
        for name in ("net.onnx", "folded.onnx")
    )
    assert one == pytest.approx(other, abs=1e-9)


def test_what_onnx_has_not_is_refused_before_training(run: Run, here: Path) -> None:
    result = run("train", "circle", "-a", "x % 2", "--epochs", "100000", "--save", "net.onnx")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be saved as ONNX" in result.stderr
    assert not list(here.iterdir())


def test_an_eps_of_0_counts_where_the_slope_is_0(run: Run) -> None:
    args = ("train", "circle", "-a", "relu", "-a", "leaky_relu", "--epochs", "1", "--json")
    at_0, tiny = (run(*args, "--eps", eps).results for eps in ("0", "1e-300"))
    shares = [[one["runs"][0]["saturated_share"] for one in results] for results in (at_0, tiny)]
    assert shares[0] == shares[1]
    assert shares[0][0] > 0 == shares[0][1]
