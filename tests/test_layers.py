"""The walls of the house, read off the syntax trees: who may import what, and where."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import actcli
from actcli.cli import COMMANDS

HOUSE = Path(actcli.__file__).parent

LAYERS = (
    {"errors", "bounds", "files"},
    {"activation", "answer"},
    {"numeric"},
    {"catalogue", "expression"},
    {"structure"},
    {"names", "render", "analysis", "weights"},
    {"training", "inspection"},
    {"commands"},
    {"cli", "__main__", "__init__"},
)
"""From the ground up: a room imports from its own layer and from those below."""

ONLY_IN = {"click": {"cli", "commands"}, "rich": {"render"}, "plotext": {"render"}}
SPARE = {"names", "render", "analysis", "weights"}
"""Rooms of one layer that do not know each other, but for what is said below."""

ACQUAINTED = {("analysis", "weights"), ("weights", "analysis")}


def modules() -> list[Path]:
    return sorted(HOUSE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def height(name: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if name in layer)


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_at_top(tree: ast.Module) -> Iterator[str]:
    """What importing the module imports: not what its functions do, nor what only types need."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(ast.Module([node], []))


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(HOUSE)))
def test_imports_run_downward(path: Path) -> None:
    here = room(path)
    for name in imports(ast.parse(path.read_text())):
        package, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if package == "actcli" and there and there != "__version__":
            assert height(there) <= height(here), f"{here} imports {name}: the arrow points up"
            if here != there and {here, there} <= SPARE:
                assert (here, there) in ACQUAINTED, f"{here} must not know {there}"
        elif package in ONLY_IN:
            assert here in ONLY_IN[package], f"{package} belongs in {ONLY_IN[package]}, not {here}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(HOUSE)))
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    heavy = {"rich", "plotext", "matplotlib", "onnx", "safetensors", "ml_dtypes"}
    if room(path) in {"cli", "commands"}:
        heavy |= {"numpy"} if path.parent.name != "commands" or path.stem in COMMANDS else set()
    packages = {name.partition(".")[0] for name in imports_at_top(ast.parse(path.read_text()))}
    assert not packages & heavy


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["tabel"], []])
def test_what_needs_no_number_imports_no_numpy(args: list[str]) -> None:
    code = (
        "import sys; from actcli.cli import run; "
        f"run({args!r}); sys.exit(sum(m in sys.modules for m in ('numpy', 'rich', 'plotext')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
