"""The walls of the house: who may import what, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import actcli
from actcli.cli.main import COMMANDS

HOUSE = Path(actcli.__file__).parent
MODULES = sorted(HOUSE.rglob("*.py"))
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
