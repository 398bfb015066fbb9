"""Intervals and jets: what a formula and its derivatives do on a whole box."""
