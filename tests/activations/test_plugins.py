"""Activations from other packages, by entry point."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = '''
"""A package of somebody else's."""

from actcli.activations.base import Line
from actcli.activations.registry import Named, activation


@activation("halved", "half")
class Halved(Named):
    """Half of the input."""

    formula = "x/2"
    reference = "somebody else"
    left = Line(0.5)
    right = Line(0.5)

    def f(self, x):
        return x / 2

    def df(self, x):
        return x * 0 + 0.5
'''


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a package that offers one module that loads and one that does not."""
    (tmp_path / "halves.py").write_text(PLUGIN)
    (tmp_path / "broken.py").write_text("raise RuntimeError('out of order')")
    metadata = tmp_path / "halves-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: halves\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[actcli.activations]\nbroken = broken\nhalves = halves\n"
    )
    return tmp_path


def actcli(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); from actcli.cli.main import main; main()"
    )
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True)


def test_it_is_found_by_name_and_alias(site: Path) -> None:
    result = actcli(site, "table", "half", "--at", "3", "-f", "csv")
    assert result.returncode == 0
    assert result.stdout == "activation,x,value,derivative\nhalf,3.0,1.5,0.5\n"


def test_one_that_fails_is_a_warning_and_breaks_nothing(site: Path) -> None:
    result = actcli(site, "list", "--search", "half", "--json")
    assert result.returncode == 0
    assert '"name":"halved"' in result.stdout
    assert result.stderr.startswith("warning: the activations of broken cannot be loaded")
    assert result.stderr.count("\n") == 1


def test_what_is_built_in_does_not_wait_for_it(site: Path) -> None:
    assert actcli(site, "table", "relu").stderr == ""


def test_one_in_an_archive_is_found(site: Path) -> None:
    archive = shutil.make_archive(str(site / "packed"), "zip", site)
    result = actcli(Path(archive), "list", "--search", "half", "--json")
    assert '"name":"halved"' in result.stdout


def test_where_nobody_offers_any_no_metadata_is_parsed(tmp_path: Path) -> None:
    code = (
        "import sys; from actcli.cli.main import run; run(['list', '-f', 'csv']); "
        "sys.exit('importlib.metadata' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, b"")
