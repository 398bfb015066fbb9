"""What every entry of the catalogue owes its users: names, bounds, documentation, true facts."""

from __future__ import annotations
