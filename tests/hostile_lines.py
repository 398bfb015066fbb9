"""What may be typed: hostile words, deep formulas, any command line."""

from __future__ import annotations

from hypothesis import strategies as st

from actcli.cli.commands import COMMANDS
from tests.promises import TABULAR

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
