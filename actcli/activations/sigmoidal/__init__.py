"""Sigmoidal functions: they rise from one level to another, or ever more slowly."""
