"""What holds for the project as a whole: format, lint, types, and a README that does not lie."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from actcli.activations.registry import catalogue

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy"],
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


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_the_catalogue_is_as_large_as_it_is_said_to_be(name: str) -> None:
    assert f" {len(catalogue())} " in (ROOT / name).read_text()


def test_the_python_api_is_what_it_says() -> None:
    import actcli

    assert set(actcli.__all__) == {"__version__", *actcli._HOME}
    assert all(getattr(actcli, name) is not None for name in actcli.__all__)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        actcli.nothing_like_it  # noqa: B018
