"""`actcli inspect`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

from tests.conftest import Run
from tests.networks.inspection.models import constant, model, node, values

KEYS = [
    *("place", "activation", "formula", "axis", "units", "count", "nan", "infinite", "min", "max"),
    *("mean", "std", "quantiles", "eps", "saturated_share", "mean_abs_derivative", "zeros"),
    *("dead_units", "saturated_units", "worst_units", "overflow", "drift", "named"),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a network whose relus 3 and 17 are dead, and 74 inputs of it."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    bias = rng.standard_normal(32)
    bias[[3, 17]] = -1000
    nodes = [
        node("MatMul", "x w1", "a"),
        node("Add", "a b1", "p"),
        node("Relu", "p", "r"),
        node("MatMul", "r w2", "q"),
        node("Tanh", "q", "y"),
    ]
    constants = [constant("w1", rng.standard_normal((8, 32))), constant("b1", bias)]
    constants.append(constant("w2", rng.standard_normal((32, 5))))
    model(tmp_path / "m.onnx", nodes, constants)
    np.save("x.npy", rng.standard_normal((74, 8)).astype(np.float32))
    return tmp_path


def test_json_has_the_promised_keys(run: Run, here: Path) -> None:
    result = run("inspect", "m.onnx", "x.npy", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.json["schema"] == "actcli.inspect/1"
    relu, tanh = result.results
    assert [*relu] == [*tanh] == KEYS
    assert (relu["place"], relu["activation"], relu["axis"], relu["units"]) == ("p", "relu", 1, 32)
    assert relu["dead_units"] == relu["saturated_units"] == [3, 17]
    assert tanh["dead_units"] == []


@pytest.mark.parametrize("batch", [1, 32, 37, 74])
def test_every_count_is_that_of_what_onnxruntime_gives(run: Run, here: Path, batch: int) -> None:
    relu, tanh = run("inspect", "m.onnx", "x.npy", "--json", "--batch", str(batch)).results
    p, q = values(here / "m.onnx", {"x": np.load("x.npy")}, ["p", "q"], batch)
    for one, pre, slope in ((relu, p, p > 0), (tanh, q, 1 - np.tanh(q.astype(np.longdouble)) ** 2)):
        assert one["count"] == pre.size
        assert (one["min"], one["max"]) == (pre.min(), pre.max())
        assert one["mean"] == pytest.approx(pre.mean(dtype=float), rel=1e-12)
        assert one["std"] == pytest.approx(pre.std(dtype=float), rel=1e-12)
        assert one["saturated_share"] == (np.asarray(slope) < 1e-3).mean()
        low, high = one["mean_abs_derivative"].values()
        assert low <= float(np.mean(slope)) * (1 + 1e-12)
        assert float(np.mean(slope)) <= high * (1 + 1e-12)


def test_the_verdict_comes_first(run: Run, here: Path) -> None:
    result = run("inspect", "m.onnx", "x.npy")
    first, second, *_ = result.stdout.splitlines()
    assert first.startswith("relu after p: 2 of 32 units are dead; ")
    assert second.startswith("tanh after q: none of 5 units is dead; ")
    assert "most saturated are units 3 (100 %), 17 (100 %)" in result.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fail-if-dead", "0.05"], "relu after p: 6.25 % of the units are dead"),
        (["--fail-if-saturated", "0.1"], "of the values are saturated"),
        (["--fail-if-overflow", "float8_e4m3fn"], "relu after p: float8_e4m3fn cannot hold 148"),
        (
            ["--fail-if-drift", "0.5", "--against", "other.npy"],
            "relu after p: ks is 0.656, and may be 0 more",
        ),
    ],
)
def test_what_is_asked_is_checked(run: Run, here: Path, options: list[str], said: str) -> None:
    np.save("other.npy", np.full((4, 8), 1000, np.float32))
    result = run("inspect", "m.onnx", "x.npy", *options)
    assert result.exit_code == 3
    assert said in result.stderr


@pytest.mark.parametrize(
    "options", [["--fail-if-dead", "0.1"], ["--fail-if-overflow", "float16"], ["--only", "q"]]
)
def test_what_holds_passes(run: Run, here: Path, options: list[str]) -> None:
    assert run("inspect", "m.onnx", "x.npy", *options).exit_code == 0


def test_drift_is_measured_against_other_inputs(run: Run, here: Path) -> None:
    np.save("other.npy", 2 * np.load("x.npy"))
    relu, _ = run("inspect", "m.onnx", "x.npy", "--against", "other.npy", "--json").results
    p, other = (
        values(here / "m.onnx", {"x": np.load(name)}, ["p"], 32)[0].astype(float)
        for name in ("x.npy", "other.npy")
    )
    assert relu["drift"]["shift"] == pytest.approx((p.mean() - other.mean()) / other.std())
    assert relu["drift"]["scale"] == pytest.approx(p.std() / other.std())


def _save(**arrays: Any) -> None:
    np.savez("bad.npz", **arrays)


ONES = np.ones((4, 8), np.float32)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: _save(z=ONES), "no array for the model's input x; z is no input of it"),
        (lambda: _save(x=ONES, z=ONES), "z is no input of it (its inputs are x)"),
        (lambda: _save(x=ONES[:, :3]), "x has the shape 4x3, and the model takes ?x8"),
        (lambda: _save(x=ONES[0]), "x has the shape 8, and the model takes ?x8"),
        (lambda: _save(x=ONES.astype(float)), "x holds float64, and the model takes float32"),
        (lambda: _save(x=ONES[:0]), "is empty: there is no input in it"),
        (lambda: _save(), "holds no array"),
        (lambda: Path("bad.npz").write_bytes(b"PK"), "it is no zip file, or is cut short"),
        (lambda: Path("bad.npz").write_bytes(b""), "bad.npz is empty"),
        (lambda: None, "No such file"),
    ],
)
def test_bad_inputs_get_one_line(run: Run, here: Path, made: Callable[[], None], said: str) -> None:
    made()
    result = run("inspect", "m.onnx", "bad.npz")
    assert result.exit_code in (1, 2)
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_fixed_batch_has_to_fit(run: Run, here: Path) -> None:
    model(here / "four.onnx", [node("Relu", "x", "y")], shape=(4, 8))
    result = run("inspect", "four.onnx", "x.npy")
    assert result.exit_code == 1
    assert "the model takes 4 inputs at once, and 74 are no multiple of that" in result.stderr
    np.save("x.npy", np.load("x.npy")[:72])
    assert run("inspect", "four.onnx", "x.npy", "--json").results[0]["count"] == 72 * 8


def test_a_pattern_that_nothing_matches_says_what_there_is(run: Run, here: Path) -> None:
    result = run("inspect", "m.onnx", "x.npy", "--only", "nothing*")
    assert result.exit_code == 2
    assert "it has p, q" in result.stderr


def test_a_name_that_is_not_proved_is_said_to_be_by_values(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actcli.networks.inspection.graph.sources.BUDGET", -1.0)
    monkeypatch.setattr("actcli.networks.inspection.graph.naming._KNOWN", {})
    model(here / "m.onnx", [node("Sigmoid", "x", "a"), node("Mul", "x a", "y")])
    (found,) = run("inspect", "m.onnx", "x.npy", "--json").results
    assert (found["activation"], found["named"]) == ("silu", "values")
    assert "its name is not proved" in " ".join(run("inspect", "m.onnx", "x.npy").stdout.split())


def test_what_cannot_be_seen_is_said(run: Run, here: Path) -> None:
    nodes = [node("PRelu", "x s", "a"), node("Softmax", "a", "b"), node("Relu", "b", "y")]
    model(here / "m.onnx", nodes, [constant("s", np.arange(8))])
    result = run("inspect", "m.onnx", "x.npy", "--json")
    assert len(result.results) == 1
    assert "note: not seen: a: PRelu has a slope for each channel" in result.stderr
    assert "note: not seen: b: Softmax is no function of one number" in result.stderr


def test_values_that_are_no_numbers_are_counted(run: Run, here: Path) -> None:
    x = np.load("x.npy")
    x[0, 0], x[1, 0] = np.nan, np.inf
    np.save("x.npy", x)
    model(here / "m.onnx", [node("Sigmoid", "x", "y")])
    (found,) = run("inspect", "m.onnx", "x.npy", "--json").results
    assert (found["nan"], found["infinite"], found["max"]) == (1, 1, None)
    assert onnx.load("m.onnx").graph.node[0].op_type == "Sigmoid"


def test_a_histogram_is_drawn_under_the_curve(run: Run, here: Path) -> None:
    shown = run("inspect", "m.onnx", "x.npy", "--only", "q", "--histogram", "-f", "chart")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "tanh after q" in shown.stdout
    assert "|f'| < 0.001" in shown.stdout
    both = run("inspect", "m.onnx", "x.npy", "--only", "q", "--histogram").stdout
    assert both.index("mean |f'|") < both.index("tanh after q\n") < both.index("|f'| < 0.001")
    np.save("nan.npy", np.full((4, 8), np.nan, np.float32))
    nothing = run("inspect", "m.onnx", "nan.npy", "--histogram")
    assert (nothing.exit_code, nothing.stderr) == (0, "")
    for name in ("q.svg", "q.png", "q.html"):
        options = ("--only", "q", "--histogram", "-o", name)
        assert run("inspect", "m.onnx", "x.npy", *options).exit_code == 0
        assert (here / name).stat().st_size > 1000
    assert "tanh after q\n" in Path("q.html").read_text()


def test_what_holds_no_number_has_no_extremes_and_fails_a_check_of_drift(
    run: Run, here: Path
) -> None:
    np.save("nan.npy", np.full((4, 8), np.nan, np.float32))
    found = run("inspect", "m.onnx", "nan.npy", "--against", "x.npy", "--fail-if-drift", "1")
    assert found.exit_code == 3
    assert "relu after p: nothing but NaN on one side" in found.stderr
    assert "inf" not in found.stdout


def test_csv_has_the_drift(run: Run, here: Path) -> None:
    np.save("two.npy", 2 * np.load("x.npy"))
    args = ("inspect", "m.onnx", "two.npy", "--against", "x.npy")
    header, *rows = run(*args, "-f", "csv").stdout.splitlines()
    column = header.split(",").index("ks")
    drifts = [one["drift"]["ks"] for one in run(*args, "--json").results]
    assert [float(row.split(",")[column]) for row in rows] == drifts


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 2, "give a model and its inputs, or dumps with --activation FN"),
        (["m.onnx"], 2, "give inputs for m.onnx"),
        (["x.npy"], 2, "dumps need --activation FN"),
        (["m.onnx", "x.npy", "-a", "relu"], 2, "--activation is for dumps"),
        (["cut.npy", "-a", "relu"], 1, "cut.npy is cut short"),
        (["empty.npy", "-a", "relu"], 1, "empty.npy is empty"),
        (["none.npy", "-a", "relu"], 1, "none.npy: none is empty: its shape is 0x4"),
        (["whole.npy", "-a", "relu"], 1, "whole.npy: whole holds int64, not numbers of a float"),
        (["x.npy", "-a", "relu", "--units", "5"], 2, "--units 5 is no axis of values of rank 2"),
        (["x.npy", "-a", "relu", "--only", "y"], 2, "no array matches; there is x"),
        (["x.npy", "-a", "relu", "--fail-if-drift", "0.1"], 2, "needs --against OTHER"),
        (["--merge", "x.npy", "--eps", "1"], 2, "--merge takes no --eps"),
        (["m.onnx", "x.npy", "--partial", "no/p.json"], 1, "there is no folder 'no'"),
        (["--merge", "x.npy"], 1, "x.npy is no part that --partial has written"),
        (["missing.onnx", "x.npy"], 1, "No such file"),
        (["x.npy", "-a", "relu", "-f", "csv", "-o", "x.npy"], 2, "--output would write over"),
        (["x.npy", "-a", "relu", "-a", "nonsense"], 2, "unknown activation"),
        (["x.npy", "-a", "relu", "-a", "gelu"], 2, "give it once"),
    ],
)
def test_bad_requests_get_one_line(
    run: Run, here: Path, args: list[str], code: int, said: str
) -> None:
    np.save("cut.npy", np.ones((100, 4)))
    _cut(here / "cut.npy")
    (here / "empty.npy").touch()
    np.save("none.npy", np.ones((0, 4)))
    np.save("whole.npy", np.ones((3, 4), np.int64))
    result = run("inspect", *args)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_drift_is_measured_against_a_part_or_another_dump(run: Run, here: Path) -> None:
    np.save("wide.npy", 3 * np.load("x.npy"))
    run("inspect", "x.npy", "-a", "tanh", "--partial", "base.json")
    dumps, part = (
        run("inspect", "wide.npy", "-a", "tanh", "--against", other, "--json").results
        for other in ("x.npy", "base.json")
    )
    assert dumps == part
    assert dumps[0]["drift"]["scale"] == pytest.approx(3)


def test_what_operators_hide_is_said(run: Run, here: Path) -> None:
    nodes = [helper.make_node("FusedMatMul", ["x", "b"], ["a"], domain="com.microsoft")]
    model(here / "m.onnx", [*nodes, node("Relu", "a", "y")], [constant("b", np.eye(8))])
    result = run("inspect", "m.onnx", "x.npy", "--json")
    assert result.results[0]["activation"] == "relu"
    assert "note: not seen: a: what com.microsoft's FusedMatMul does inside" in result.stderr
