"""A plugin that misbehaves while it is loaded breaks no answer."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from tests.promises import SOBER, once

HEAD = "from actcli.activations.registry import activation, Named\n"

BODIES = {
    "exits": "import sys; sys.exit(5)",
    "raises escapes": r"raise ValueError('a\x1b[31mb')",
    "no formula": HEAD + "@activation('foo')\nclass Foo(Named):\n    'A function.'\n",
    "escapes in a name": HEAD
    + "@activation('f\\x1b[31m')\nclass Foo(Named):\n    'A function.'\n    formula = 'x'\n",
}


@pytest.mark.parametrize("body", [*BODIES, "prints"])
def test_a_plugin_breaks_no_answer(tmp_path: Path, body: str) -> None:
    info = tmp_path / "p-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[actcli.activations]\np = plug\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: p\nVersion: 1\n")
    (tmp_path / "plug.py").write_text(BODIES.get(body, "print('hello')"))
    path = os.pathsep.join([SOBER["PYTHONPATH"], str(tmp_path)])
    result = once("list", "--search", "gelu", "--json", env=SOBER | {"PYTHONPATH": path})
    assert result.returncode == 0
    entries = orjson.loads(result.stdout)["results"]
    assert all(entry["activation"] == entry["name"] for entry in entries)
    assert b"\x1b" not in result.stdout + result.stderr
    said = result.stderr.decode()
    assert "hello" in said if body == "prints" else "cannot be loaded" in said
