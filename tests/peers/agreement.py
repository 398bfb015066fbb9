"""What is asked of every framework: does each of its names mean what our table says?"""

from __future__ import annotations
