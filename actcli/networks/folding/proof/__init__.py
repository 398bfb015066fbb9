"""The proofs of a fold: exact where it is cheap, else a bound for all rounding, to the outputs."""
