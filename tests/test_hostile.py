"""Whatever is typed, wherever: one document, or one line that says what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actcli.cli.commands import COMMANDS
from tests.promises import SOBER, TABULAR, check


class Worker:
    """A process that runs one command line after another, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "d").mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=SOBER,
        )

    def __call__(self, args: list[str], stdin: bytes = b"") -> tuple[int, bytes, bytes]:
        """Run the command line and hold it to the promises."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = json.dumps([args, stdin.decode("latin-1")])
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"ended with {self.process.wait()}"
        code, out, err, trace = json.loads(answer)
        assert not trace, trace
        out, err = out.encode("latin-1"), err.encode("latin-1")
        check(args, code, out, err)
        return code, out, err

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def left_behind(self) -> list[str]:
        """The temporary files in its folder."""
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".")]


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Worker]]:
    """One worker, replaced when it has ended; after all that it ran no temporary file is left."""
    kept = [Worker(tmp_path_factory.mktemp("hostile"))]
    yield kept
    for worker in kept:
        worker.close()
    assert kept[-1].left_behind() == []


@pytest.fixture
def worker(workers: list[Worker], tmp_path_factory: pytest.TempPathFactory) -> Worker:
    if workers[-1].process.poll() is not None:
        workers.append(Worker(tmp_path_factory.mktemp("hostile")))
    return workers[-1]


HOSTILE = (
    "",
    " ",
    "-",
    "--",
    "---",
    "-x",
    "\t\n",
    "\x1b[31m",
    "\x07",
    "\r\n",
    "[bold]x[/bold]",
    "[/]",
    "%s%n",
    "{}",
    "{0.__class__}",
    "$(id)",
    "`id`",
    "x; import os",
    "__import__('os')",
    "().__class__",
    "x.__class__",
    "lambda: x",
    'f"{x}"',
    "9**9**9",
    "9**9**9**9",
    "2**x**2**x",
    "1e999",
    "-1e999",
    "1/0",
    "0/0",
    "0x10",
    "1_0",
    "1j",
    "nan",
    "inf",
    "-inf",
    "None",
    "True",
    "\u200bx",
    "\u202ex",
    "\u00e9",
    "x\u00b2",
    "\U0001d431",
    "\U0001f600",
    "\u0661",
    "\ufeffx",
    "\udcff",
    "elu:",
    "elu:alpha",
    "elu:alpha=",
    "elu:alpha=[b]",
    "elu:alpha=1e-308",
    "elu:alpha=1e308",
    "elu:alpha=-1",
    "elu:=1",
    "elu::",
    "elu:alpha=1,alpha=2",
    "torch.",
    "torch.nn.GELU",
    "torch.nosuch",
    "....",
    "a.b.c",
    "softmax",
    "where()",
    "where(x)",
    "elu(x, alpha=x)",
    "elu(x, alpha=1/0)",
    "min()",
    "x if x else x",
    "x<x<x",
    "x%0",
    "x**-x",
    "(-1)**x",
    "sqrt(-1-x**2)",
    "1e308*x*x",
    "1e-320*x",
    "exp(exp(exp(x)))",
    "log(log(log(x)))",
    "1/(x-x)",
)

DEEP = {
    "parentheses": "(" * 10_000 + "x" + ")" * 10_000,
    "minuses": "0" + "-" * 10_000 + "x",
    "calls": "abs(" * 10_000 + "x" + ")" * 10_000,
    "sum": "x" + "+x" * 10_000,
    "powers": "x" + "**x" * 10_000,
    "conditions": "x if x > 0 else " * 10_000 + "x",
    "comparisons": "where(" * 10_000,
    "unclosed": "(" * 1_000_000,
    "megabyte": "x*" * 500_000 + "x",
    "digits": "1" * 1_000_000,
    "decimals": "x*0." + "1" * 1_000_000,
    "exponent": "1e" + "9" * 1_000_000,
    "name": "a" * 1_000_000,
    "parameters": "elu:" + "alpha=1," * 100_000,
    "fraction": "elu:alpha=1/" + "3" * 1_000_000,
}

ATOMS = ("x", "1", "0", "-2.5", "pi", "1e-300", "1e300", "relu(x)", "(x > 0)", "[", ")")
formulas = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/%"), inner),
        st.builds("({})**({})".format, inner, inner),
        st.builds(
            "{}({})".format,
            st.sampled_from(["exp", "log", "sqrt", "tanh", "abs", "floor", "sin", "erf", "gelu"]),
            inner,
        ),
        st.builds("where({} > 0, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=4,
)
names = st.sampled_from(("relu", "gelu", "sigmoid", "elu:alpha=0.5", "sin", "step", "x*tanh(x)"))
noise = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), max_size=20
) | st.sampled_from(HOSTILE)
numbers = st.sampled_from(
    ("0", "1", "-1", "0.5", "1e-3", "3", "1e308", "-1e308", "5e-324", "nan", "inf", "x", "")
)
counts = st.sampled_from(("1", "2", "7", "20", "0", "-1", "1.5", "", "x", "99999999999999999999"))
places = st.sampled_from(
    (
        "out.csv",
        "out.JSON",
        "out",
        "d",
        "d/",
        "",
        "-",
        "/nonexistent/out.csv",
        "/dev/full",
        "/dev/null",
        "/proc/version",
        "out.html",
        "n" * 300,
        "é.csv",
        "-.csv",
        "[b].csv",
    )
)
sources = st.sampled_from(("in.txt", "in.npy", "-", "d", "nosuch", "", "/dev/null", "\udcff"))

OPTIONS: dict[str, st.SearchStrategy[list[str]]] = {
    "--range": st.lists(numbers, min_size=1, max_size=2),
    "--ylim": st.lists(numbers, min_size=2, max_size=2),
    "--fail-if-saturated": st.lists(numbers, min_size=2, max_size=2),
    "--points": counts.map(lambda count: [count]),
    "--width": counts.map(lambda count: [count]),
    "--height": counts.map(lambda count: [count]),
    "--depth": st.sampled_from([["1"], ["3"], ["0"], ["x"]]),
    "--at": numbers.map(lambda number: [number]),
    "--eps": numbers.map(lambda number: [number]),
    "--q": numbers.map(lambda number: [number]),
    "--q0": numbers.map(lambda number: [number]),
    "--c0": numbers.map(lambda number: [number]),
    "--sigma-w": numbers.map(lambda number: [number]),
    "--sigma-b": numbers.map(lambda number: [number]),
    "--seed": counts.map(lambda count: [count]),
    "--from": sources.map(lambda source: [source]),
    "--output": places.map(lambda place: [place]),
    "--save": st.sampled_from([["w.npz"], ["w.onnx"], ["w.foo"], ["d"], ["/nonexistent/w.npz"]]),
    "--init": st.sampled_from([["he"], ["critical"], ["nosuch"]]),
    "--layout": st.sampled_from([["auto"], ["in-out"], [""]]),
    "--pair": st.sampled_from([["W=b"], ["W"], ["="], [""]]),
    "--order": st.sampled_from([["W"], ["W,V"], [","], [""]]),
    "--bias-in": st.sampled_from([["first"], ["none"], ["x"]]),
    "--activation": names.map(lambda name: [name]),
    "--title": noise.map(lambda text: [text]),
    "--temperature": numbers.map(lambda number: [number]),
    "--target": counts.map(lambda count: [count]),
    "--search": noise.map(lambda text: [text]),
    "--family": noise.map(lambda text: [text]),
    "-f": st.sampled_from([[one] for one in (*TABULAR, "chart", "xml", "")]),
    "--color": st.sampled_from([["always"], ["never"], ["maybe"]]),
    "--charset": st.sampled_from([["ascii"], ["block"], ["braille"], ["x"]]),
    **{
        flag: st.just([])
        for flag in (
            "--json",
            "--relative",
            "--log-y",
            "--derivative",
            "--no-derivative",
            "--no-bias",
            "--as-conv",
            "--always",
            "--force",
            "--unchecked",
            "--help",
            "--nosuch",
            "--",
        )
    },
}
options = st.sampled_from(list(OPTIONS)).flatmap(
    lambda flag: OPTIONS[flag].map(lambda values: [flag, *values])
)
layers = st.sampled_from(
    (
        "4",
        "8",
        "3",
        "8x8x2",
        "conv:2x3x3",
        "conv:2x3x3,stride=2,pad=1",
        "avgpool:2",
        "maxpool:2",
        "globalavgpool",
        "batchnorm",
        "flatten",
        "relu",
        "softmax",
        "conv:",
        "0",
        "9" * 30,
        "in.npz",
        "d",
        "nosuch.onnx",
        "in.txt",
    )
)


PROVING = ("info", "saturation", "compare", "gain")
"""Commands that may take seconds of CPU to prove what they say."""


def words(command: str) -> st.SearchStrategy[list[str]]:
    """A command line for the command: what it takes, with noise and others' options in between."""
    subject = layers if command == "collapse" else names | formulas
    if command == "softmax":
        subject = numbers
    if command == "schema":
        subject = st.sampled_from(tuple(COMMANDS))
    piece = st.one_of(subject.map(lambda word: [word]), options, noise.map(lambda word: [word]))
    good = st.builds(
        lambda subjects, pairs: [*subjects, *(word for pair in pairs for word in pair)],
        st.lists(subject, max_size=3),
        st.lists(options, max_size=2),
    )
    bad = st.lists(piece, max_size=4).map(lambda pieces: [w for p in pieces for w in p])
    brief = ["--effort", "0.3"] if command in PROVING else []
    return st.one_of(good, bad).map(lambda rest: [command, *brief, *rest])


@pytest.mark.random
@pytest.mark.parametrize("command", COMMANDS)
def test_any_command_line(worker: Worker, command: str) -> None:
    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(words(command), st.binary(max_size=60))
    def holds(args: list[str], stdin: bytes) -> None:
        worker(args, stdin)

    holds()


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("list", "schema")])
def test_every_hostile_word(worker: Worker, command: str) -> None:
    before = ["4", "8"] if command == "collapse" else ["relu"] if command == "compare" else []
    for word in HOSTILE if command in ("table", "collapse") else HOSTILE[::3]:
        worker([command, *before, word])
        worker([command, *before, "--json", "--", word])


@pytest.mark.parametrize("depth", DEEP)
def test_deep_and_long_formulas(worker: Worker, depth: str) -> None:
    code, _, err = worker(["table", DEEP[depth], "--at", "1", "--json"])
    assert code == 2
    assert len(err) < 500


@pytest.mark.parametrize("command", ["info", "plot", "saturation", "gain", "propagate"])
def test_a_formula_that_is_too_deep_is_refused_by_every_command(
    worker: Worker, command: str
) -> None:
    assert worker([command, DEEP["calls"]])[0] == 2


NPY = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(
        [b"", NPY.ljust(127) + b"\n", b"1 2\n", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\3\4"]
    ),
    st.binary(max_size=200),
    st.sampled_from(["in.txt", "in.npy", "-"]),
)
@example(NPY, b"", "in.npy")
@example(b"", b"1 2 \xd9\xa1", "-")
@example(b"", b"1e400 -1e400 nan 0x10", "in.txt")
@example(b"", NPY.replace(b"<f8", b"|O8").ljust(127) + b"\n12345678", "in.npy")
@example(b"", NPY.replace(b"(2,)", b"(2**70,)").ljust(127) + b"\n", "in.npy")
@example(b"", NPY.replace(b"(2,)", b"(99999999999999,)").ljust(127) + b"\n", "in.npy")
@example(b"", NPY.replace(b"(2,)", b"(-1,)").ljust(127) + b"\n12345678", "in.npy")
def test_any_bytes_as_points(worker: Worker, head: bytes, body: bytes, source: str) -> None:
    worker(["table", "relu", "--from", source, "--json"], head + body)
    worker(["softmax", "--from", source, "--json"], head + body)
