"""Formulas as data that can be calculated with: a program walked over them gives its derivative."""
