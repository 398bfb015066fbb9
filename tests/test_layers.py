"""The walls of the house: who may import what, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

import actcli
from actcli.cli.commands import COMMANDS

HOUSE = Path(actcli.__file__).parent
MODULES = sorted(HOUSE.rglob("*.py"))
LONGEST = 300
"""Lines of a module that are read in one go."""

WIDEST = 13
"""Modules of a room that are taken in at one glance."""

IN_ORDER = 5
"""Arguments of a call that a reader tells apart without their names."""

OF_ANY_NUMBER = {"activation", "zip"}
"""What takes as many arguments of one kind as it is given."""

BY_NAME = ("cli/commands", "reports")
"""Rooms in which a module is found by the user's own word for it, however many there are."""

HEAVY = {"rich", "plotext", "matplotlib", "onnx", "onnxruntime", "safetensors", "ml_dtypes"}


def packages_at_top(path: Path) -> Iterator[str]:
    """What importing a module imports: not what its functions do, nor what only types need."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_the_contracts_hold() -> None:
    """Those of import-linter, in pyproject.toml."""
    lint = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run(
        [lint, "--no-cache"], cwd=HOUSE.parent, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_no_two_modules_need_each_other() -> None:
    """What is imported within functions and for types alone counts too."""
    graph = grimp.build_graph("actcli", cache_dir=None)
    needs = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    TopologicalSorter(needs).prepare()  # raises CycleError, which names the circle


def test_calls_of_many_arguments_name_them() -> None:
    calls = (
        (path, node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and len(node.args) > IN_ORDER
    )
    assert [
        f"{path.relative_to(HOUSE)}:{call.lineno}"
        for path, call in calls
        if ast.unparse(call.func) not in OF_ANY_NUMBER
    ] == []


def test_no_module_is_long() -> None:
    lengths = {path.relative_to(HOUSE): len(path.read_text().splitlines()) for path in MODULES}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_no_room_is_wide() -> None:
    rooms = [path for path in HOUSE.rglob("*") if path.is_dir() and any(path.glob("*.py"))]
    width = {str(room.relative_to(HOUSE)): len([*room.glob("[!_]*.py")]) for room in rooms}
    assert not {room for room, count in width.items() if count > WIDEST and room not in BY_NAME}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    heavy = set(HEAVY)
    room = path.relative_to(HOUSE).parts
    if room[:-1] == ("cli",) or (room[:2] == ("cli", "commands") and path.stem in COMMANDS):
        heavy.add("numpy")
    if room[-1] == "points.py":
        heavy.discard("numpy")
    assert not set(packages_at_top(path)) & heavy


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["tabel"], []])
def test_what_needs_no_number_imports_no_numpy(args: list[str]) -> None:
    code = (
        "import sys; from actcli.cli.main import run; "
        f"run({args!r}); sys.exit(sum(m in sys.modules for m in ('numpy', 'rich', 'plotext')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
