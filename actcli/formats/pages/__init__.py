"""Pages of their own, each one self-contained file."""
