"""Germs: what a function is on a whole one-sided neighbourhood of a point, or on a whole tail."""
