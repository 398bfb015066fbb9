"""What a fact is, apart from how it is found: `list` without facts needs no more of this room."""

from __future__ import annotations

Value = bool | float | str | None
"""None where it is not decided, or where there is nothing that has it."""
