"""Normal forms, in which formulas that are one function are seen to be."""
