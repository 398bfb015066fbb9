"""`actcli compare`, as a user types it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("remembered")


def test_the_numbers_of_the_json(run: Run) -> None:
    (result,) = run("compare", "torch.gelu", "jax.gelu", "--json").results
    assert [one["activation"] for one in result["activations"]] == ["torch.gelu", "jax.gelu"]
    assert [one["entry"] for one in result["activations"]] == ["gelu", "gelu_tanh"]
    (pair,) = result["pairs"]
    assert (pair["a"], pair["b"], pair["range"]) == ("torch.gelu", "jax.gelu", [-10, 10])
    assert pair["max_abs"] == pytest.approx(4.73235520688e-4, abs=1e-15)
    assert abs(pair["at"]) == pytest.approx(2.698941, abs=5e-7)
    assert [abs(place) for place in pair["places"]] == pytest.approx([2.698941] * 2, abs=5e-7)


def test_what_is_proved_is_told(run: Run) -> None:
    (pair,) = run("compare", "silu", "hardswish", "--json").results[0]["pairs"]
    assert pair["proved"] is True
    assert pair["open"] == []
    assert pair["max_abs"] <= pair["max_abs_bound"] <= pair["max_abs"] * (1 + 1e-14)
    assert pair["max_abs_derivative"] <= pair["max_abs_derivative_bound"]
    result = run("compare", "where(3*x==1,5,0)", "tanh")
    (pair,) = run("compare", "where(3*x==1,5,0)", "tanh", "--json").results[0]["pairs"]
    assert pair["proved"] is False
    (undecided,) = pair["open"]
    assert undecided["low"] <= 1 / 3 <= undecided["high"]
    said = " ".join(result.stdout.split())
    assert "are at least 1 apart" in said
    assert "not decided from 0.3333333333333333 to 0.33333333333333337" in said
    assert run("compare", "where(3*x==1,5,0)", "tanh", "--tol", "2").exit_code == 3


def test_a_needle_is_no_roundoff(run: Run) -> None:
    needle = "x+1e-3*exp(-((x-1000.123)*1000000)**2)"
    result = run("compare", "x", needle, "--tol", "1e-6")
    assert result.exit_code == 3
    assert "are up to 0.001 apart, at 1000.12" in result.stderr
    assert run("compare", "x", needle, "--tol", "0.001").exit_code == 0


def test_one_function_written_in_two_ways(run: Run) -> None:
    other = "x*((1+exp(x))**2-1)/((1+exp(x))**2+1)"
    assert run("compare", "mish", other, "--tol", "0").exit_code == 0
    (pair,) = run("compare", "mish", other, "--json").results[0]["pairs"]
    assert (pair["max_abs"], pair["max_abs_bound"], pair["rms"], pair["at"]) == (0, 0, 0, None)


def test_nothing_in_common_is_one_line(run: Run) -> None:
    result = run("compare", "log(x)", "sqrt(-x)")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: log(x) and sqrt(-x) are nowhere both defined: nothing to compare\n"
    )


def test_where_they_part_is_null(run: Run) -> None:
    (result,) = run("compare", "relu", "leaky_relu", "--json").results
    (pair,) = result["pairs"]
    assert (pair["max_abs"], pair["at"], pair["max_abs_derivative"]) == (None, None, 0.01)


def test_rows_are_functions_or_pairs(run: Run) -> None:
    args = ("compare", "relu", "elu", "tanh", "-f", "csv")
    rows = [*csv.DictReader(io.StringIO(run(*args).stdout))]
    assert [row["activation"] for row in rows] == ["relu", "elu", "tanh"]
    assert rows[0]["saturated_below"] == "0.0"
    assert "cost" not in rows[0]
    rows = [*csv.DictReader(io.StringIO(run(*args, "--pairs").stdout))]
    assert [(row["a"], row["b"]) for row in rows] == [
        ("relu", "elu"),
        ("relu", "tanh"),
        ("elu", "tanh"),
    ]
    assert (rows[0]["max_abs"], rows[0]["at"], rows[1]["max_abs"]) == ("1.0", "-inf", "inf")
    assert "cost" in run(*args, "--cost").stdout.partition("\n")[0]


def test_the_words(run: Run) -> None:
    said = " ".join(run("compare", "silu", "hardswish").stdout.split())
    assert "silu and hardswish are up to 0.1422776195 apart, at +-3; slopes up to 0.411896" in said
    assert "[-0.278465, inf) [-0.375, inf)" in said
    assert "x < -8.98506 x < -3" in said
    said = " ".join(run("compare", "relu", "relu6").stdout.split())
    assert "relu and relu6 part without bound towards infinity" in said
    assert "gelu and torch.gelu are one function" in run("compare", "gelu", "torch.gelu").stdout
    assert "rms is over [-10, 10]" in run("compare", "silu", "gelu", "--pairs").stdout


def test_of_many_functions_the_same_ones_are_put_together(run: Run) -> None:
    five = [f"{key}.leaky_relu" for key in ("torch", "keras", "tf", "jax")] + ["onnx.LeakyRelu"]
    said = " ".join(run("compare", *five).stdout.split())
    assert said.startswith(
        "the same function: torch.leaky_relu, jax.leaky_relu, onnx.LeakyRelu "
        "(negative_slope = 0.01) "
        "the same function: keras.leaky_relu, tf.leaky_relu (negative_slope = 0.2) "
        "torch.leaky_relu and keras.leaky_relu part without bound"
    )
    assert said.count(" and ") == 1
    assert len(run("compare", *five, "--json").results[0]["pairs"]) == 10
    rows = [*csv.DictReader(io.StringIO(run("compare", *five, "-f", "csv").stdout))]
    assert [row["activation"] for row in rows] == five
    assert "the same function" not in run("compare", *five[:3]).stdout


NAMED = "torch.leaky_relu", "Swish", "onnx.LeakyRelu:alpha=0.2", "elu:alpha=1"


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize(
    "command",
    [
        ("info",),
        ("saturation",),
        ("gain",),
        ("table", "--at", "1"),
        ("plot", "--no-derivative", "-f", "csv"),
        ("compare", "relu"),
        ("propagate", "--depth", "2"),
    ],
)
def test_a_subject_keeps_the_name_that_was_typed(
    run: Run, command: tuple[str, ...], name: str
) -> None:
    result = run(*command, name)
    assert result.exit_code == 0
    assert name in result.stdout.replace("\n", " ")


def test_many_columns_go_below_each_other(run: Run) -> None:
    names = ("gelu", "silu", "mish", "elu", "selu", "tanh", "sigmoid", "hardtanh", "softsign")
    table = run("compare", *names).stdout
    assert max(map(len, table.splitlines())) <= 80
    assert table.count("smoothness") > 1


def test_a_tolerance_is_checked(run: Run) -> None:
    close = run("compare", "gelu", "gelu_tanh", "--tol", "1e-3")
    assert (close.exit_code, close.stderr) == (0, "")
    far = run("compare", "gelu", "gelu_tanh", "quick_gelu", "--tol", "1e-3", "--json")
    assert far.exit_code == 3
    assert len(far.results[0]["pairs"]) == 3
    assert far.stderr.startswith("failed: gelu and quick_gelu are up to 0.02033487221 apart")
    assert "gelu and gelu_tanh" not in far.stderr
    assert run("compare", "relu", "leaky_relu", "--tol", "1e300").exit_code == 3
    assert run("compare", "relu", "elu", "--tol", "0.5", "--range", "0", "9").exit_code == 0
    assert run("compare", "gelu", "gelu", "--tol", "0").exit_code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("relu",), "two functions or more"),
        (("relu", "mxnet.relu"), "unknown framework 'mxnet'"),
        (("relu", "torch.rellu"), "did you mean relu"),
        (("relu", "torch.softmax"), "is not a function of one number"),
        (("relu", "elu", "--tol", "-1"), "--tol"),
        (("relu", "elu", "--range", "3", "2"), "LO must be less than HI"),
    ],
)
def test_errors_are_one_line(run: Run, args: tuple[str, ...], message: str) -> None:
    result = run("compare", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_info_tells_what_frameworks_call_it(run: Run) -> None:
    sheet = " ".join(run("info", "leaky_relu").stdout.split())
    assert "jax.nn.leaky_relu(x) with f'(0) = 1" in sheet
    assert "keras.layers.LeakyReLU(negative_slope=0.01)" in sheet
    assert run("info", "x*tanh(x)", "--json").results[0]["frameworks"] == []
    spelled = {
        one["framework"]: one
        for one in run("info", "hardsigmoid", "--json").results[0]["frameworks"]
    }
    assert spelled["onnx"] == {
        "framework": "onnx",
        "names": ["HardSigmoid"],
        "params": {"slope": 0.2},
        "slopes": [],
        "calls": ["onnx.HardSigmoid(alpha=0.16666666666666666)"],
        "reason": "",
    }


def test_branches_that_samples_see_and_then_no_more(run: Run) -> None:
    result = run("compare", "relu", "sqrt(atan(x)**min(x, x))*asinh(abs(tan(0.5)))")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_proof_can_be_asked_for(run: Run) -> None:
    assert run("compare", "gelu", "gelu_tanh", "--prove").exit_code == 0
    result = run("compare", "sin(1/x)", "tanh", "--effort", "0.01", "--prove")
    assert result.exit_code == 3
    assert "not all is proved of sin(1/x) and tanh" in result.stderr


MEASURED = str(Path(__file__).parent / "golden" / "measured.csv")


def test_measured_points(run: Run) -> None:
    result = run("compare", "gelu", "--data", MEASURED)
    assert (result.exit_code, result.stderr) == (0, "")
    said = " ".join(result.stdout.split())
    assert "measured.csv (13 points, float64) is up to " in said
    assert "its derivatives are up to" in said
    (found,) = run("compare", "gelu", "--data", MEASURED, "--json").results
    for part in ("value", "derivative"):
        assert 1e-7 < found[part]["absolute"]["size"] <= 5e-6
        assert found[part]["rms"] <= found[part]["absolute"]["size"]
    args = ("compare", "gelu", "--data", MEASURED, "-f", "csv")
    rows = [*csv.DictReader(io.StringIO(run(*args).stdout))]
    assert [(row["of"], row["error"]) for row in rows] == [
        (of, error) for of in ("value", "derivative") for error in ("absolute", "relative", "ulp")
    ]
    assert {row["dtype"] for row in rows} == {"float64"}


def test_a_tolerance_for_measured_points(run: Run) -> None:
    assert run("compare", "gelu", "--data", MEASURED, "--tol", "1e-5").exit_code == 0
    far = run("compare", "gelu", "gelu_tanh", "--data", MEASURED, "--tol", "1e-4")
    assert far.exit_code == 3
    assert far.stderr.startswith("failed: ")
    assert "from gelu_tanh, at" in far.stderr
    assert "from gelu," not in far.stderr


def test_what_a_table_writes_is_compared_with_itself(run: Run) -> None:
    table = run("table", "mish", "-f", "csv").stdout
    (found,) = run("compare", "mish", "--data", "-", "--json", stdin=table).results
    assert found["value"]["ulp"]["size"] < 4
    assert found["derivative"]["ulp"]["size"] < 8


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("gelu", "--data", MEASURED, "--pairs"), "--pairs does not go with --data"),
        (("gelu", "--data", MEASURED, "--prove"), "--prove does not go with --data"),
        (("gelu", "silu", "--dtype", "float32"), "--dtype is that of the numbers in --data"),
        (("gelu", "--data", MEASURED, "-o", MEASURED), "would write over"),
        (("gelu", "--data", MEASURED, "--dtype", "float8"), "'float8' is not one of"),
    ],
)
def test_errors_with_measured_points(run: Run, args: tuple[str, ...], message: str) -> None:
    result = run("compare", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
