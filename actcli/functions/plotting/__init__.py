"""What a curve needs to be drawn: where to look, how high, and which points."""
