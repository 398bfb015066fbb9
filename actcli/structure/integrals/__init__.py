"""Integrals of a function, enclosed: means over normal inputs, the squares over a window."""
