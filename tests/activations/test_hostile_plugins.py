"""A plugin that misbehaves, while it is loaded or asked, breaks no answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest

from tests.promises import SOBER

HEAD = "from actcli.activations.registry import activation, Named\n"

BODIES = {
    "exits": "import sys; sys.exit(5)",
    "raises escapes": r"raise ValueError('a\x1b[31mb')",
    "no formula": HEAD + "@activation('foo')\nclass Foo(Named):\n    'A function.'\n",
    "escapes in a name": HEAD
    + "@activation('f\\x1b[31m')\nclass Foo(Named):\n    'A function.'\n    formula = 'x'\n",
}

KERNELS = """
@activation('twice')
class Twice(Named):
    'Twice x.'
    formula = '2*x'
    def f(self, x):
        {}
        x *= 2
        return x
    def df(self, x):
        x[:] = 2
        return x
"""
"""A function whose kernels change their argument; one of them does something else first."""


class Asked(NamedTuple):
    """What one command line left behind."""

    returncode: int
    stdout: bytes
    stderr: bytes


class Worker:
    """Runs command lines, each in a process of its own, where a module is installed as a plugin."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.activations.forking_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=SOBER,
        )

    def __call__(self, folder: Path, plugin: str, *args: str) -> Asked:
        """One command line, its answer as JSON."""
        info = folder / "p-1.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text("[actcli.activations]\np = plug\n")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: p\nVersion: 1\n")
        (folder / "plug.py").write_text(plugin)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = json.dumps([[*args, "--json"], [str(folder)], str(folder)])
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        code, out, err = json.loads(self._process.stdout.readline())
        return Asked(code, out.encode("latin-1"), err.encode("latin-1"))

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def asked() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.mark.parametrize("body", [*BODIES, "prints"])
def test_a_plugin_breaks_no_answer(asked: Worker, tmp_path: Path, body: str) -> None:
    result = asked(tmp_path, BODIES.get(body, "print('hello')"), "list", "--search", "gelu")
    assert result.returncode == 0
    entries = orjson.loads(result.stdout)["results"]
    assert all(entry["activation"] == entry["name"] for entry in entries)
    assert b"\x1b" not in result.stdout + result.stderr
    said = result.stderr.decode()
    assert "hello" in said if body == "prints" else "cannot be loaded" in said


@pytest.mark.parametrize("act", ["pass", "print('hello')"])
def test_a_kernel_harms_neither_its_argument_nor_the_answer(
    asked: Worker, tmp_path: Path, act: str
) -> None:
    args = ("table", "twice", "--range", "-1", "1", "--points", "3")
    result = asked(tmp_path, HEAD + KERNELS.format(act), *args)
    assert result.returncode == 0
    (sample,) = orjson.loads(result.stdout)["results"]
    columns = {"x": [-1, 0, 1], "value": [-2, 0, 2], "derivative": [2, 2, 2]}
    assert {key: sample[key] for key in columns} == columns
    assert (b"hello" in result.stderr) == ("hello" in act)


@pytest.mark.parametrize("act", ["raise SystemExit(0)", "1/0"])
def test_a_kernel_that_fails_is_one_line(asked: Worker, tmp_path: Path, act: str) -> None:
    plugin = HEAD + KERNELS.format(act)
    result = asked(tmp_path, plugin, "table", "twice", "--range", "0", "1")
    assert result.returncode == 1
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith("error: twice, which plug offers, failed in f: ")
    assert line.endswith("(ACTCLI_DEBUG=1 shows where)")


MEMBERS = """
import sys
from functools import cached_property
{base}
@activation('thrice')
class Thrice({bases}Named):
    'Thrice x.'
    formula = 'a*x'
    a: float = param(3.0, doc='the factor')
    def f(self, x):
        return self.a*x
    def df(self, x):
        return self.a + 0*x
{member}
"""

HARM = ("raise ValueError('no')", "sys.exit(3)", "print('hello')")

METHODS = {
    "check": "def check(self): {act}; {rest}",
    "check at other parameters": "def check(self): self.a == 3 or {act}; {rest}",
    "torch_gain": "@property\n    def torch_gain(self): {act}; return 2.0",
    "cached torch_gain": "@cached_property\n    def torch_gain(self): {act}; return 2.0",
    "sampled": "@property\n    def sampled(self): {act}; return self",
    "params": "@property\n    def params(self): {act}; return {{'a': self.a}}",
    "entry": "@property\n    def entry(self): {act}; return 'thrice'",
    "summary": "@classmethod\n    def summary(cls): {act}; return 'Thrice x'",
    "str": "def __str__(self): {act}; return 'thrice'",
}

ASKED = (
    ("list",),
    ("info", "thrice:a=2"),
    ("gain", "thrice:a=2"),
    ("table", "thrice:a=2", "--at", "1"),
    ("propagate", "thrice:a=2", "--simulate", "--units", "4", "--depth", "2"),
)


@pytest.mark.parametrize("act", HARM)
@pytest.mark.parametrize("name", METHODS)
def test_whatever_of_a_plugin_fails_is_contained(
    asked: Worker, tmp_path: Path, name: str, act: str
) -> None:
    """By one line, or by leaving it out; what it prints never comes into the answer."""
    where = METHODS[name].format(act=f"exec({act!r})", rest="super().check()")
    plugin = HEAD.replace("Named", "Named, param") + MEMBERS.format(
        base="", bases="", member=f"    {where}"
    )
    for number, args in enumerate(ASKED):
        folder = tmp_path / str(number)
        folder.mkdir()
        result = asked(folder, plugin, *args)
        said = result.stderr.decode()
        assert "fault of actcli" not in said
        assert "Traceback" not in said
        assert result.returncode in ((0,) if args == ("list",) and "check" in name else (0, 1, 2))
        if result.returncode == 0:
            assert orjson.loads(result.stdout)["results"]
        else:
            (line,) = (one for one in said.splitlines() if one.startswith("error: "))
            assert "thrice" in line
