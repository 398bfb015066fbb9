"""The Python API: texts are taken, answers read like the commands' and hold the results' data."""

from __future__ import annotations

import copy
import html
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import actcli
from actcli.cli.commands import COMMANDS as COMMANDS_BY_NAME
from actcli.functions.saturation import Saturation
from tests.conftest import Run

ANSWERS: dict[str, tuple[Any, ...]] = {
    "saturation": ("sigmoid",),
    "facts": ("elu:alpha=0.5",),
    "info": ("hardswish",),
    "gain": ("x*tanh(x)",),
    "propagate": ("tanh", 3),
    "compare": ("gelu", "relu"),
    "collapse": (3, 4, 2),
    "table": ("gelu", [-1.0, 0.5]),
    "softmax": ([1.0, 2.0, 3.0],),
}
COMMANDS = {
    "saturation": "saturation sigmoid",
    "facts": "info elu:alpha=0.5",
    "info": "info hardswish",
    "gain": "gain x*tanh(x)",
    "propagate": "propagate tanh --depth 3",
    "compare": "compare gelu relu",
    "collapse": "collapse 3 4 2",
    "table": "table gelu --at -1 0.5",
    "softmax": "softmax 1 2 3",
}


def answer(name: str) -> Any:
    return getattr(actcli, name)(*ANSWERS[name])


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_printed_as_the_command_prints_it(run: Run, name: str) -> None:
    assert str(answer(name)) == run(*COMMANDS[name].split()).stdout.rstrip("\n")


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_the_rows_and_the_keys_of_the_command(run: Run, name: str) -> None:
    found = answer(name)
    (document,) = run(*COMMANDS[name].split(), "--json").results
    assert list(found.to_dict()) == list(document)
    rows = run(*COMMANDS[name].split(), "-f", "ndjson").stdout.splitlines()
    assert len(found.rows()) == len(rows)
    assert all(list(row) == list(found.rows()[0]) for row in found.rows())


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_short_in_a_prompt_and_whole_in_a_notebook(name: str) -> None:
    found = answer(name)
    assert re.fullmatch(r"<[A-Z]\w+ of [^<>\n]{1,40}>", repr(found))
    page = html.unescape(re.sub(r"<[^>]+>", " ", found._repr_html_()))
    assert {*re.findall(r"\d+\.\d+", str(found))} <= {*re.findall(r"\d+\.\d+", page)}
    assert "<script" not in found._repr_html_()


def test_every_command_has_a_function_of_its_name() -> None:
    of_the_terminal_alone = {"list", "schema"}  # names() lists the catalogue
    assert {*COMMANDS_BY_NAME} - of_the_terminal_alone <= {*actcli.__all__}


def test_training_is_the_commands(run: Run) -> None:
    found = actcli.train("circle", "tanh", hidden=(4,), epochs=3, repeat=2)
    line = "train circle -a tanh --hidden 4 --epochs 3 --repeat 2"
    assert str(found) == run(*line.split()).stdout.rstrip("\n")
    assert len(found.rows()) == len(found.to_dict()["runs"]) == 2


def test_dumps_are_inspected(tmp_path: Path, run: Run) -> None:
    dump = tmp_path / "layer.npy"
    np.save(dump, np.linspace(-3, 3, 60).reshape(20, 3).astype(np.float32))
    (found,) = actcli.inspect(dump, activation="relu")
    assert str(found) == run("inspect", str(dump), "-a", "relu").stdout.rstrip("\n")
    with pytest.raises(actcli.UsageError, match="a model and its inputs"):
        actcli.inspect(dump)


@pytest.mark.parametrize("backend", ["nosuch", "module://nosuch"])
def test_a_backend_that_matplotlib_has_not_is_one_line(backend: str) -> None:
    pytest.importorskip("matplotlib")
    code = """if True:
        import actcli
        try:
            actcli.plot("gelu")
        except actcli.ActcliError as error:
            print(error)
    """
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"MPLBACKEND": backend},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.count("\n") == 1
    assert f"{backend!r} that MPLBACKEND asks for: unset it" in run.stdout


def test_what_is_shown_in_a_notebook_is_no_markup() -> None:
    shown = actcli.facts("where(x < 1, x, 1)")._repr_html_()
    assert "x < 1" not in shown
    assert "x &lt; 1" in shown


def test_the_data_are_the_results_own() -> None:
    found = actcli.saturation("sigmoid")
    assert isinstance(found.result, Saturation)
    assert found.ranges == found.result.ranges
    assert found.to_dict()["ranges"][0]["low"] == -math.inf
    assert found == actcli.saturation(actcli.find("sigmoid"))
    assert copy.copy(found) == found
    assert "ranges" in dir(found)
    with pytest.raises(AttributeError, match="nothing"):
        found.nothing  # noqa: B018


def test_the_functions_compared_stand_alone_or_in_a_list() -> None:
    assert actcli.compare(["gelu", "relu"]) == actcli.compare("gelu", actcli.find("relu"))


def test_a_table_has_columns() -> None:
    found = actcli.table("gelu", np.array([[-1.0, 0.5], [2.0, 3.0]]))
    assert np.asarray(found.value).shape == (4,)
    assert found.rows()[1]["x"] == 0.5


def test_an_unknown_name_is_an_error_that_helps() -> None:
    with pytest.raises(actcli.UsageError, match="did you mean relu"):
        actcli.saturation("rellu")


def test_activations_are_called() -> None:
    gelu = actcli.find("gelu")
    assert actcli.find("gelu")(0.0) == 0  # twice: `actcli.find` is a module as well
    assert gelu([[1.0, -1.0]]).shape == (1, 2)
    assert (gelu([1.0]) == gelu.value([1.0])).all()


def test_the_catalogue_is_listed() -> None:
    assert {"gelu", "relu"} < {*actcli.names()}
    assert all(actcli.find(name) for name in actcli.names())


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")
def test_plot_draws_into_axes() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert actcli.plot("gelu", ax=axes, eps=1e-3) is axes
    (curve, slope) = axes.get_lines()
    x, y = (np.asarray(data, np.float64) for data in (curve.get_xdata(), curve.get_ydata()))
    np.testing.assert_allclose(y, actcli.find("gelu")(x), atol=1e-12)
    assert slope.get_linestyle() == "--"
    two = actcli.plot("relu", "x*tanh(x)")
    legend = two.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["relu", "x*tanh(x)"]


def test_importing_it_imports_nothing_else() -> None:
    code = "import sys; import actcli; print(*{'numpy', 'rich', 'click'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
