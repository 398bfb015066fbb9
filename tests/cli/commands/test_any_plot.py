"""Nothing that is typed ever breaks a picture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.present import present

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1.0, -1.0, 1e-300, 1e300, -1e300, 5e-324, 1.7976931348623157e308]),
    st.floats(-10, 10),
)
LEAVES = st.one_of(
    st.sampled_from(["x", "x", "x", "pi"]), NUMBERS.filter(lambda n: n >= 0).map(repr)
)
UNARY = ["exp", "log", "sqrt", "sin", "tan", "tanh", "floor", "abs", "relu", "gelu", "sigmoid"]
FORMULAS = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.tuples(st.sampled_from(UNARY), part).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(part, st.sampled_from("+-*/"), part).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(part, part, part).map(lambda t: f"where({t[0]} > 0, {t[1]}, {t[2]})"),
    ),
    max_leaves=4,
)
NAMES = st.sampled_from(["relu", "step", "sinc", "gelu", "hardshrink", "gcu"])
RANGES = st.tuples(NUMBERS, NUMBERS).filter(lambda pair: pair[0] < pair[1])


@st.composite
def command_lines(draw: st.DrawFn) -> tuple[list[str], int]:
    """A command line of `plot`, and the width it must keep to."""
    width = draw(st.integers(20, 130))
    args = ["plot", "--width", str(width), "--height", str(draw(st.integers(8, 45)))]
    args += ["--charset", draw(st.sampled_from(["braille", "block", "ascii"]))]
    for option in ("--range", "--ylim"):
        if draw(st.booleans()):
            args += [option, *map(repr, draw(RANGES))]
    for flag in ("--log-y", "--derivative", "--no-derivative"):
        args += [flag] if draw(st.integers(0, 3)) == 0 else []
    if draw(st.integers(0, 3)) == 0:
        args += ["--title", draw(st.text(st.characters(min_codepoint=32, max_codepoint=126)))]
    formulas = draw(st.lists(FORMULAS | NAMES, min_size=1, max_size=3))
    return [*args, "--", *formulas], width


@contextmanager
def worker() -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "tests.cli.commands.plot_worker"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@pytest.mark.random
def test_nothing_breaks_a_picture() -> None:
    with worker() as process:
        assert process.stdin
        answers = present(process.stdout)

        @settings(max_examples=80, deadline=None)
        @given(command_lines())
        def holds(case: tuple[list[str], int]) -> None:
            args, width = case
            assert process.poll() is None, "the worker is gone"
            print(json.dumps(args), file=process.stdin, flush=True)
            answer = answers.readline()
            assert answer, f"the process ended: {args}"
            code, out, err = json.loads(answer)
            assert code in (0, 2), err
            assert "fault of actcli" not in err
            if code == 0:
                assert all(len(line) <= width for line in out.splitlines())
                assert "\x1b" not in out
                assert out.endswith("\n")

        holds()
