"""`actcli plot`: the pictures themselves, and where they go."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actcli.find import find
from actcli.functions.measured.files import read_points
from actcli.functions.plotting.difference import difference
from actcli.reports.plot import picture, residuals

GOLDEN = Path(__file__).parent / "golden" / "plot"

PICTURES = {
    "relu": ["relu"],
    "sigmoid": ["sigmoid"],
    "gelu": ["gelu"],
    "tanh": ["tanh", "--charset", "block"],
    "sin": ["sin"],
    "step": ["step"],
    "sinc": ["sinc"],
    "exponential": ["exponential"],
    "square": ["square", "--charset", "ascii"],
    "one_over_x": ["1/x"],
    "tan": ["tan(x)"],
    "sqrt": ["sqrt(x)"],
    "log": ["log(x)"],
    "several": ["relu", "gelu", "elu"],
    "several_in_ascii": ["sigmoid", "tanh", "--derivative", "--charset", "ascii"],
    "saturated": ["sigmoid", "--eps", "0.05"],
    "saturated_several": ["sigmoid", "tanh", "softsign", "--eps", "0.05"],
    "log_y": ["softplus", "--log-y", "--title", "softplus falls like exp(x)"],
    "narrow": ["gelu", "--width", "20", "--height", "10"],
}
"""Every picture in `golden/plot`; `python -m tests.cli.commands.test_plot` draws them again."""


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_the_one_that_was_looked_at(run: Any, name: str) -> None:
    result = run("plot", *PICTURES[name])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (GOLDEN / f"{name}.txt").read_text()


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(PICTURES)


@pytest.mark.parametrize("charset", ["braille", "block", "ascii"])
def test_colour_changes_nothing_but_the_colour(run: Any, charset: str) -> None:
    args = ("plot", "gelu", "relu", "--eps", "0.1", "--charset", charset)
    coloured = run(*args, "--color", "always").stdout
    assert "\x1b[38;5;" in coloured
    assert not re.search(r"\x1b\[(4[0-8]|10[0-7])", coloured), "no background"
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == run(*args).stdout


def test_ascii_is_ascii(run: Any) -> None:
    assert run(
        "plot", "gelu", "tanh", "--derivative", "--eps", "1e-3", "--charset", "ascii"
    ).stdout.isascii()


def test_an_encoding_without_braille_gets_ascii() -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    out = subprocess.run(
        [sys.executable, "-m", "actcli", "plot", "relu"],
        env=environ,
        capture_output=True,
        check=True,
    ).stdout
    assert out.isascii()


def test_one_function_comes_with_its_derivative_several_without(run: Any) -> None:
    assert "derivative" in run("plot", "relu").stdout
    assert "derivative" not in run("plot", "relu", "--no-derivative").stdout
    assert "derivative" not in run("plot", "relu", "tanh").stdout
    assert "tanh derivative" in run("plot", "relu", "tanh", "--derivative").stdout


def test_the_size_is_the_one_asked_for(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def size(*args: str) -> tuple[int, int]:
        lines = run("plot", "gelu", *args).stdout.splitlines()
        return max(map(len, lines)), len(lines)

    assert size() == (80, 24)
    assert size("--width", "120", "--height", "40") == (120, 40)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "30")
    assert size() == (100, 30)
    assert size("--width", "50") == (50, 30)


@pytest.mark.parametrize("size", [("--width", "3"), ("--height", "2")])
def test_an_impossible_size_is_one_line(run: Any, size: tuple[str, str]) -> None:
    result = run("plot", "relu", *size)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "at least 20 columns" in result.stderr


def test_json_holds_what_is_drawn(run: Any) -> None:
    result = run("plot", "relu", "elu:alpha=0.5", "--json")
    assert result.json["schema"] == "actcli.plot/1"
    relu, elu = result.results
    assert list(relu)[:6] == ["activation", "formula", "params", "x", "value", "derivative"]
    assert elu["params"] == {"alpha": 0.5}
    x, value = np.array(relu["x"]), np.array(relu["value"])
    assert np.all(np.diff(x) > 0)
    assert (x[0], x[-1]) == (-6, 6)
    assert np.array_equal(value, np.maximum(x, 0))
    assert np.array_equal(relu["derivative"], (x > 0).astype(float))


def test_the_second_derivative_is_a_curve_too(run: Any) -> None:
    done = run("plot", "tanh", "--order", "2", "--width", "60", "--height", "16")
    assert "second derivative" in done.stdout
    (tanh,) = run("plot", "tanh", "--order", "2", "--json").results
    x = np.array(tanh["x"])
    np.testing.assert_allclose(
        tanh["second_derivative"], -2 * np.tanh(x) / np.cosh(x) ** 2, rtol=1e-12, atol=1e-300
    )


def test_csv_and_ndjson_hold_the_same_numbers(run: Any) -> None:
    expected = run("plot", "tanh", "--json").results[0]
    header, *lines = run("plot", "tanh", "-f", "csv").stdout.splitlines()
    assert header == "activation,x,value,derivative"
    assert [float(line.split(",")[2]) for line in lines] == expected["value"]
    rows = [json.loads(line) for line in run("plot", "tanh", "-f", "ndjson").stdout.splitlines()]
    assert [row["x"] for row in rows] == expected["x"]


def test_a_text_file_holds_the_picture_of_the_pipe(run: Any, tmp_path: Path) -> None:
    assert run("plot", "gelu", "-o", str(tmp_path / "gelu.txt")).stdout == ""
    assert (tmp_path / "gelu.txt").read_text() == run("plot", "gelu").stdout


def test_a_page_holds_the_picture_in_colour(run: Any, tmp_path: Path) -> None:
    assert run("plot", "gelu", "-o", str(tmp_path / "gelu.html")).exit_code == 0
    page = (tmp_path / "gelu.html").read_text()
    body = page[page.index("<pre>\n") + 6 : page.index("</pre>")]
    assert '<span class="r' in body
    assert page.count(".r1 {") == 2
    assert "\x1b" not in page
    assert re.sub(r"</?span[^>]*>", "", body) == run("plot", "gelu").stdout


@pytest.mark.parametrize(
    ("suffix", "magic"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_a_figure_is_written_by_its_suffix(
    run: Any, tmp_path: Path, suffix: str, magic: bytes
) -> None:
    file = tmp_path / f"figure.{suffix}"
    assert run("plot", "gelu", "relu", "--eps", "0.1", "-o", str(file)).exit_code == 0
    assert file.read_bytes().startswith(magic)


def test_the_theme_of_a_figure_is_asked_for(run: Any, tmp_path: Path) -> None:
    for theme, ground in (("light", "#ffffff"), ("dark", "#0d1117")):
        file = tmp_path / f"{theme}.svg"
        assert run("plot", "gelu", "--theme", theme, "-o", str(file)).exit_code == 0
        assert ground in file.read_text()


def test_a_theme_without_a_figure_is_an_error(run: Any) -> None:
    result = run("plot", "gelu", "--theme", "dark")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--theme is for a figure" in result.stderr


def _without(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the package impossible to import, as it is where it is not installed."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)


def test_without_plotext_only_the_picture_is_missing(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without("plotext", monkeypatch)
    result = run("plot", "relu")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "plotext cannot be imported" in result.stderr
    assert result.stderr.count("\n") == 1
    assert run("plot", "relu", "--json").exit_code == 0


def test_without_matplotlib_the_extra_is_named(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _without("matplotlib", monkeypatch)
    result = run("plot", "relu", "-o", str(tmp_path / "relu.svg"))
    assert result.exit_code == 1
    assert result.stderr == "error: a figure needs an extra: pip install 'actcli[figures]'\n"
    assert list(tmp_path.iterdir()) == []


def test_no_picture_needs_rich_or_scipy() -> None:
    code = "import sys; from actcli.cli.main import run; run(['plot', 'gelu']);"
    code += "print([m for m in ('rich', 'scipy', 'matplotlib', 'mpmath') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert out.endswith(b"[]\n")


def test_a_function_without_values_is_said_to_have_none(run: Any) -> None:
    result = run("plot", "sqrt(-1 - x**2)", "relu")
    assert result.exit_code == 0
    assert result.stderr == "note: sqrt(-1 - x**2) has no value from -6 to 6\n"


if __name__ == "__main__":
    for name, args in PICTURES.items():
        line = [sys.executable, "-m", "actcli", "plot", *args]
        drawn = subprocess.run(line, capture_output=True, check=True).stdout
        (GOLDEN / f"{name}.txt").write_bytes(drawn)


MEASURED = str(Path(__file__).parent / "golden" / "measured.csv")


def chart_of(*args: str) -> Any:
    """The chart of the measured points less these functions."""
    return residuals([find(name) for name in args], read_points(MEASURED, None))[1]


def test_measured_points_are_drawn_over_the_curve(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(MEASURED).parent)  # a long path is cut off in the key
    result = run("plot", "gelu", "--data", "measured.csv", "--height", "12")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "measured.csv" in result.stdout
    assert "measured.csv derivative" in " ".join(result.stdout.split())
    samples, chart = picture([find("gelu")], points=read_points(MEASURED, None))
    assert len(samples) == 1
    assert chart.x_range == (-3, 3)
    curve, slope, dots, rates = chart.curves
    assert (curve.secondary, slope.secondary, rates.secondary) == (False, True, True)
    np.testing.assert_allclose(dots.y[::2], find("gelu").value(dots.x[::2]), atol=5e-6)
    assert np.isnan(dots.y[1::2]).all()


def test_how_far_measured_points_are_from_the_curve(run: Any) -> None:
    (curve,) = chart_of("gelu").curves
    assert curve.label.endswith("measured.csv - gelu")
    assert np.nanmax(np.abs(curve.y)) <= 5e-6
    assert run("plot", "gelu", "--data", MEASURED, "--difference").exit_code == 0


def test_the_difference_of_functions_is_drawn(run: Any) -> None:
    (one, other) = run("plot", "torch.gelu", "jax.gelu", "silu", "--difference", "--json").results
    assert one["activation"] == "torch.gelu - jax.gelu"
    assert other["activation"] == "torch.gelu - silu"
    assert max(map(abs, one["value"])) == pytest.approx(4.73e-4, rel=1e-2)
    alone = run("plot", "gelu", "--difference")
    assert alone.exit_code == 2
    assert "--difference takes two functions or more, or --data" in alone.stderr


def test_a_difference_is_right_where_the_functions_nearly_agree() -> None:
    near = difference(find("tanh"), find("keras.hard_tanh"))
    x = np.array([20.0, 300.0])
    np.testing.assert_allclose(near.value(x), -2 * np.exp(-2 * x), rtol=1e-15)
