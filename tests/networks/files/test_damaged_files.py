"""A damaged weight file is one line, whatever is wrong with it; nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.networks.files.damaged_files import damaged

FILES, PART = 250, 25


@pytest.mark.parametrize("start", range(0, FILES, PART))
def test_a_damaged_file_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    monkeypatch.chdir(tmp_path)
    for seed in range(start, start + PART):
        suffix, content = damaged(seed)
        Path(f"model{suffix}").write_bytes(content)
        result = run("collapse", f"model{suffix}", "--save", f"folded{suffix}")
        *notes, last = result.stderr.splitlines() or [""]
        assert all(note.startswith("note: ") for note in notes), seed
        assert "fault of actcli" not in last, seed
        if result.exit_code:
            assert result.exit_code in (1, 2), seed
            assert result.stdout == "", seed
            assert last.startswith("error: "), seed
            assert [path.name for path in tmp_path.iterdir()] == [f"model{suffix}"], seed
        else:
            assert last == "" or last.startswith("note: "), seed
            Path(f"folded{suffix}").unlink()
        Path(f"model{suffix}").unlink()
