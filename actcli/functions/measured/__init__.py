"""Measured points against a function: somebody's table, or what a kernel returned."""
