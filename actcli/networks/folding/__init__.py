"""Folding the linear runs of a network into one layer each."""
