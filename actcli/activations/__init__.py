"""The named activations: one module a family, one class a function."""
