"""What holds for the project as a whole: format, lint, and a README that does not lie."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from actcli.activations.registry import catalogue

ROOT = Path(__file__).parent.parent

PICTURES = {"light": ".github/gates.svg", "dark": ".github/gates-dark.svg"}
"""README's picture by theme; `python -m tests.test_project` draws them again."""


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["cogapp", "--check", "README.md"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_check(command: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_top_level_is_what_it_should_be() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    top = {path.partition("/")[0] for path in tracked if not path.startswith(".")}
    assert top == {"actcli", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}


def picture(theme: str) -> list[str]:
    """The command line that README gives for its picture, without the file that it writes."""
    (command,) = re.findall(r"`actcli (plot .*?) -o gates.svg`", (ROOT / "README.md").read_text())
    return [*command.split(), "--theme", theme]


def curves(svg: str) -> tuple[list[str], list[list[float]]]:
    """The texts of a figure, and where its curves go in points."""
    root = ET.fromstring(svg)
    paths = root.iter("{http://www.w3.org/2000/svg}path")
    lines = [path.get("d", "") for path in paths if "width: 1.3" in path.get("style", "")]
    return (
        re.findall(r"<!-- (.*?) -->", svg),
        [[float(number) for number in re.findall(r"[\d.]+", line)] for line in lines],
    )


@pytest.mark.parametrize(("theme", "file"), PICTURES.items())
def test_the_picture_is_the_one_that_the_program_draws(
    theme: str, file: str, run: Any, tmp_path: Path
) -> None:
    """Other releases of matplotlib set texts elsewhere, by less than a point."""
    drawn = tmp_path / "drawn.svg"
    assert run(*picture(theme), "-o", str(drawn)).exit_code == 0
    texts, lines = curves(drawn.read_text())
    kept_texts, kept_lines = curves((ROOT / file).read_text())
    assert texts == kept_texts
    assert len(lines) >= 4
    for line, kept in zip(lines, kept_lines, strict=True):
        assert line == pytest.approx(kept, abs=1.0)
    assert f'"{file}"' in (ROOT / "README.md").read_text()


def test_readme_sets_up_in_one_line_what_it_shows() -> None:
    """A line that ends with a plot, and one that ends with the tests, as CI and .ci/run do.

    They check the types as well.
    """
    readme = (ROOT / "README.md").read_text()
    lines = [line.removeprefix("$ ") for line in readme.splitlines() if "venv .venv" in line]
    plot, tests = (line.split(" && ") for line in lines)
    assert plot == [tests[0], ".venv/bin/pip install -q .", ".venv/bin/actcli plot gelu"]
    install, run = (step.removeprefix(".venv/bin/") for step in tests[1:])
    for file in (".ci/run", ".github/workflows/ci.yml"):
        said = (ROOT / file).read_text()
        assert run.removeprefix("python ") in said
        assert install.removeprefix("pip install -q ") in said
        assert "-m mypy" in said
    assert "`.venv/bin/python -m mypy`" in readme


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_the_catalogue_is_as_large_as_it_is_said_to_be(name: str) -> None:
    assert f" {len(catalogue())} " in (ROOT / name).read_text()


def test_the_python_api_is_what_it_says() -> None:
    import actcli

    assert set(actcli.__all__) == {"__version__", *actcli._HOME}
    assert all(getattr(actcli, name) is not None for name in actcli.__all__)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        actcli.nothing_like_it  # noqa: B018


if __name__ == "__main__":
    for theme, file in PICTURES.items():
        line = [sys.executable, "-m", "actcli", *picture(theme), "-o", file]
        subprocess.run(line, cwd=ROOT, check=True)
