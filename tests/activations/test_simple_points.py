"""Where the exact result is a short number, the computed one is that number."""

from __future__ import annotations
